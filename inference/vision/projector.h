#pragma once

#include <cstddef>
#include <vector>

#include "inference/base/result.h"
#include "inference/kernels/compute.h"
#include "inference/tensor/matrix_view.h"
#include "inference/weights/model_config.h"
#include "inference/weights/weight_reader.h"

namespace vl {

/// downsample_mlp_gelu (SPEC section 5): each k x k block of patches becomes one visual token.
///
/// Activations F32. Not thread-safe. The checkpoint must outlive it.
class Projector {
 public:
  /// Error: Corrupt, naming the tensor that is missing or has another shape.
  static Result<Projector> load(Checkpoint& checkpoint, const ProjectorConfig& config);

  /// Side of the token grid that a patch grid of `gridSide` becomes: ceil(27 / 2) = 14.
  std::size_t outputSide(std::size_t gridSide) const {
    return (gridSide + config_.downsampleRatio - 1) / config_.downsampleRatio;
  }

  /// One view's patches [gridSide * gridSide, inputDim] to tokens [outputSide^2, nEmbed], both row
  /// by row of their grid. Rows and columns missing at the right and bottom count as zeros.
  void project(Compute& compute, MatrixView<const float> patches, std::size_t gridSide,
               MatrixView<float> out) const;

 private:
  explicit Projector(const ProjectorConfig& config) : config_(config) {}

  ProjectorConfig config_;
  std::vector<Linear> layers_;  // GELU (erf) before every layer but the first
};

}  // namespace vl
