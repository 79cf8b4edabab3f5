#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/base/result.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/row_ops.h"
#include "inference/tensor/matrix.h"
#include "inference/weights/model_config.h"
#include "inference/weights/weight_reader.h"

namespace vl {

/// Looks at activations on their way; for tests and tracing. Any may be empty.
struct VisionObserver {
  std::function<void(MatrixView<const float>)> patchEmbed;  // [patches, width], before pos_embed
  std::function<void(std::size_t block, MatrixView<const float>)> blockOutput;
};

/// The SigLIP vision transformer (arXiv:2303.15343) as SPEC section 4 describes it: no class token,
/// no attention pool, all layers, final norm.
///
/// Not thread-safe: scratch is reused between calls. The checkpoint must outlive
/// it.
class VisionTower {
 public:
  /// Error: Corrupt, naming the tensor that is missing or has another shape.
  static Result<VisionTower> load(Checkpoint& checkpoint, const VisionConfig& config);

  /// Encodes one view. Looks at `stop` between blocks.
  ///   planes  F32 [3, imageSize, imageSize], normalised, channels first
  ///   out     F32 [patches, width]; undefined when cancelled
  /// Returns false when cancelled.
  bool encode(Compute& compute, std::span<const float> planes, MatrixView<float> out,
              const std::stop_token& stop, const VisionObserver* observer = nullptr);

 private:
  struct Block {
    LayerNorm norm1;
    Linear qkv;
    Linear proj;
    LayerNorm norm2;
    Linear fc1;
    Linear fc2;
  };

  explicit VisionTower(const VisionConfig& config);
  static LayerNorm readNorm(WeightReader& reader, const std::string& name, std::size_t width);
  void embedPatches(Compute& compute, std::span<const float> planes, MatrixView<float> out);
  void attention(Compute& compute, const Block& block, MatrixView<float> x);
  // Both read qkv_ and write heads [patches, width].
  void attendRows(Compute& compute, MatrixView<float> heads);
  void attendPanels(Compute& compute, MatrixView<float> heads);
  float attentionScale() const;
  void mlp(Compute& compute, const Block& block, MatrixView<float> x);
  void mlpInt8(Compute& compute, const Block& block, MatrixView<float> x);
  static void addLinear(Compute& compute, MatrixView<const float> input, const Linear& linear,
                        MatrixView<float> x);

  VisionConfig config_;
  Linear patchEmbed_;            // [width, 3 * patch * patch]
  std::vector<float> posEmbed_;  // [patches * width]
  std::vector<Block> blocks_;
  LayerNorm norm_;

  Matrix pixels_;  // [patches, 3 * patch * patch]
  Matrix normed_;  // [patches, width]; also the heads' output
  Matrix qkv_;     // [patches, 3 * width]
};

}  // namespace vl
