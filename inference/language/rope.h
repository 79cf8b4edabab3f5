#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "inference/tensor/matrix.h"
#include "inference/weights/model_config.h"

namespace vl {

/// cos and sin of the rotation angles for a run of positions, [positions, width / 2] each.
struct RopeAngles {
  Matrix cos;
  Matrix sin;
};

/// Rotary position embedding over `width` values of a head (RoFormer, arXiv:2104.09864; scalings in
/// SPEC section 7.3). Immutable.
///
/// "dynamic" scaling changes nothing up to max_position_embeddings, which is where our contexts
/// end.
class Rope {
 public:
  Rope(const LanguageConfig& config, std::size_t width);

  /// Angles of positions [begin, begin + count), computed in double.
  RopeAngles angles(std::size_t begin, std::size_t count) const;

  /// Llama's convention, used by MHA: pairs (i, i + width / 2). One head of one token, in place.
  static void rotateHalves(std::span<float> x, std::span<const float> cos,
                           std::span<const float> sin);
  /// DeepSeek's convention, used by MLA: pairs (2i, 2i + 1) in, all first components and then all
  /// second ones out.
  static void rotatePairs(std::span<float> x, std::span<const float> cos,
                          std::span<const float> sin);

 private:
  std::vector<double> inverseFrequencies_;  // [width / 2]
  double magnitude_ = 1.0;                  // of cos and sin; not 1 for yarn only
};

/// Factor on the attention scale that rope_scaling's mscale_all_dim asks for; 1 without it.
double ropeAttentionFactor(const LanguageConfig& config);

}  // namespace vl
