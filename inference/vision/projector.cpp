#include "inference/vision/projector.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "inference/kernels/matmul.h"
#include "inference/tensor/matrix.h"

namespace vl {
namespace {

/// Exact GELU: x / 2 (1 + erf(x / sqrt 2)).
void geluErf(Compute& compute, MatrixView<float> x) {
  constexpr float kInvSqrt2 = 0.70710678f;
  compute.parallelFor(x.rows(), 16,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t r = begin; r < end; ++r) {
                          for (float& v : x.row(r)) v = 0.5f * v * (1.0f + std::erf(v * kInvSqrt2));
                        }
                      });
}

}  // namespace

Result<Projector> Projector::load(Checkpoint& checkpoint, const ProjectorConfig& config) {
  Projector projector(config);
  WeightReader reader(checkpoint, "projector.layers.");
  const std::size_t block = config.downsampleRatio * config.downsampleRatio;
  const std::size_t inner = config.nEmbed * config.mlpRatio;
  std::size_t in = config.inputDim * block;
  for (std::size_t i = 0; i < config.depth && reader.status(); ++i) {
    const std::size_t out = i + 1 == config.depth ? config.nEmbed : inner;
    // Odd indices are the GELUs, which have no parameters.
    projector.layers_.push_back(reader.linear(std::to_string(2 * i), out, in, true));
    in = out;
  }
  if (!reader.status()) return reader.status().error();
  return projector;
}

void Projector::project(Compute& compute, MatrixView<const float> patches, std::size_t gridSide,
                        MatrixView<float> out) const {
  const std::size_t k = config_.downsampleRatio;
  const std::size_t channels = config_.inputDim;
  const std::size_t side = outputSide(gridSide);
  assert(patches.rows() == gridSide * gridSide && patches.cols() == channels);
  assert(out.rows() == side * side && out.cols() == config_.nEmbed);

  // Channel-major inside a block: the k * k positions of channel 0, then of channel 1, ...
  Matrix blocks(side * side, channels * k * k);
  for (std::size_t token = 0; token < side * side; ++token) {
    const std::span<float> to = blocks.view().row(token);
    for (std::size_t ky = 0; ky < k; ++ky) {
      for (std::size_t kx = 0; kx < k; ++kx) {
        const std::size_t y = token / side * k + ky;
        const std::size_t x = token % side * k + kx;
        const bool inside = y < gridSide && x < gridSide;
        const float* from = inside ? patches.row(y * gridSide + x).data() : nullptr;
        for (std::size_t c = 0; c < channels; ++c) {
          to[c * k * k + ky * k + kx] = inside ? from[c] : 0.0f;
        }
      }
    }
  }

  Matrix input = std::move(blocks);
  for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
    Matrix next(side * side, layers_[i].weight.rows());
    matmul(compute, input.view(), layers_[i].weight, layers_[i].bias, next.view());
    geluErf(compute, next.view());
    input = std::move(next);
  }
  matmul(compute, input.view(), layers_.back().weight, layers_.back().bias, out);
}

}  // namespace vl
