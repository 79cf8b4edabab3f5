#include "inference/vision/vision_tower.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "inference/kernels/attention.h"
#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"

namespace vl {
namespace {

constexpr float kLayerNormEps = 1e-6f;
/// Rows per piece of an elementwise loop.
constexpr std::size_t kRowGrain = 16;

void addRows(Compute& compute, MatrixView<const float> term, MatrixView<float> x) {
  compute.parallelFor(x.rows(), kRowGrain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t r = begin; r < end; ++r) {
                          kernels().addScaled(1.0f, term.row(r).data(), x.row(r).data(), x.cols());
                        }
                      });
}

}  // namespace

VisionTower::VisionTower(const VisionConfig& config)
    : config_(config),
      pixels_(config.patches(), 3 * config.patchSize * config.patchSize),
      normed_(config.patches(), config.width),
      qkv_(config.patches(), 3 * config.width),
      hidden_(config.patches(), config.mlpWidth()),
      branch_(config.patches(), config.width) {}

VisionTower::LayerNorm VisionTower::readNorm(WeightReader& reader, const std::string& name,
                                             std::size_t width) {
  return {reader.vector(name + ".weight", width), reader.vector(name + ".bias", width)};
}

Result<VisionTower> VisionTower::load(Checkpoint& checkpoint, const VisionConfig& config) {
  VisionTower tower(config);
  const std::size_t width = config.width;
  WeightReader reader(checkpoint, "vision.");
  tower.patchEmbed_ =
      reader.linear("patch_embed.proj", width, 3 * config.patchSize * config.patchSize, true);
  tower.posEmbed_ = reader.vector("pos_embed", config.patches() * width);
  tower.norm_ = readNorm(reader, "norm", width);
  for (std::size_t b = 0; b < config.layers && reader.status(); ++b) {
    const std::string prefix = "blocks." + std::to_string(b) + ".";
    tower.blocks_.push_back({
        .norm1 = readNorm(reader, prefix + "norm1", width),
        .qkv = reader.linear(prefix + "attn.qkv", 3 * width, width, true),
        .proj = reader.linear(prefix + "attn.proj", width, width, true),
        .norm2 = readNorm(reader, prefix + "norm2", width),
        .fc1 = reader.linear(prefix + "mlp.fc1", config.mlpWidth(), width, true),
        .fc2 = reader.linear(prefix + "mlp.fc2", width, config.mlpWidth(), true),
    });
  }
  if (!reader.status()) return reader.status().error();
  return tower;
}

bool VisionTower::encode(Compute& compute, std::span<const float> planes, MatrixView<float> out,
                         const std::stop_token& stop, const VisionObserver* observer) {
  assert(out.rows() == config_.patches() && out.cols() == config_.width);
  Matrix state(config_.patches(), config_.width);
  const MatrixView<float> x = state.view();
  embedPatches(compute, planes, x);
  if (observer != nullptr && observer->patchEmbed) observer->patchEmbed(x);
  addRows(compute, {posEmbed_.data(), x.rows(), x.cols()}, x);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    if (stop.stop_requested()) return false;
    attention(compute, blocks_[b], x);
    mlp(compute, blocks_[b], x);
    if (observer != nullptr && observer->blockOutput) observer->blockOutput(b, x);
  }
  applyNorm(compute, norm_, x, out);
  return true;
}

/// A convolution with stride = kernel is one product: each patch's pixels as a row, in the order
/// of the kernel's weights (channel, y, x). Pixels right of and below the last full patch are not
/// used (384 = 27 * 14 + 6).
void VisionTower::embedPatches(Compute& compute, std::span<const float> planes,
                               MatrixView<float> out) {
  const std::size_t side = config_.imageSize;
  const std::size_t patch = config_.patchSize;
  assert(planes.size() == 3 * side * side);
  for (std::size_t p = 0; p < config_.patches(); ++p) {
    const std::size_t top = p / config_.gridSide() * patch;
    const std::size_t left = p % config_.gridSide() * patch;
    float* row = pixels_.view().row(p).data();
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t y = 0; y < patch; ++y) {
        row = std::copy_n(planes.data() + (channel * side + top + y) * side + left, patch, row);
      }
    }
  }
  matmul(compute, pixels_.view(), patchEmbed_.weight, patchEmbed_.bias, out);
}

void VisionTower::applyNorm(Compute& compute, const LayerNorm& norm, MatrixView<const float> x,
                            MatrixView<float> out) {
  compute.parallelFor(x.rows(), kRowGrain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        const auto n = static_cast<float>(x.cols());
                        for (std::size_t r = begin; r < end; ++r) {
                          const std::span<const float> in = x.row(r);
                          const std::span<float> to = out.row(r);
                          float mean = 0;
                          for (const float v : in) mean += v;
                          mean /= n;
                          float variance = 0;
                          for (const float v : in) variance += (v - mean) * (v - mean);
                          const float scale = 1.0f / std::sqrt(variance / n + kLayerNormEps);
                          for (std::size_t c = 0; c < in.size(); ++c) {
                            to[c] = (in[c] - mean) * scale * norm.weight[c] + norm.bias[c];
                          }
                        }
                      });
}

/// x += proj(attention(norm1(x))); every patch sees every patch.
void VisionTower::attention(Compute& compute, const Block& block, MatrixView<float> x) {
  const std::size_t width = config_.width;
  const std::size_t headDim = config_.headDim();
  const float scale = 1.0f / std::sqrt(static_cast<float>(headDim));
  applyNorm(compute, block.norm1, x, normed_.view());
  matmul(compute, normed_.view(), block.qkv.weight, block.qkv.bias, qkv_.view());
  const MatrixView<const float> qkv = qkv_.view();
  const MatrixView<float> heads = normed_.view();
  compute.parallelFor(
      config_.heads, 1, [&](std::size_t begin, std::size_t end, std::size_t thread) {
        const std::span<float> scratch =
            compute.scratch(thread, attentionScratch(qkv.rows(), qkv.rows()));
        for (std::size_t h = begin; h < end; ++h) {
          const ScoreTerm term{qkv.middleCols(h * headDim, headDim),
                               qkv.middleCols(width + h * headDim, headDim)};
          attendHead({&term, 1}, qkv.middleCols(2 * width + h * headDim, headDim), scale,
                     std::nullopt, scratch, heads.middleCols(h * headDim, headDim));
        }
      });
  matmul(compute, heads, block.proj.weight, block.proj.bias, branch_.view());
  addRows(compute, branch_.view(), x);
}

/// x += fc2(gelu(fc1(norm2(x)))), GELU in its tanh form.
void VisionTower::mlp(Compute& compute, const Block& block, MatrixView<float> x) {
  applyNorm(compute, block.norm2, x, normed_.view());
  const MatrixView<float> hidden = hidden_.view();
  matmul(compute, normed_.view(), block.fc1.weight, block.fc1.bias, hidden);
  compute.parallelFor(hidden.rows(), kRowGrain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t r = begin; r < end; ++r) {
                          kernels().geluTanh(hidden.row(r).data(), hidden.cols());
                        }
                      });
  matmul(compute, hidden, block.fc2.weight, block.fc2.bias, branch_.view());
  addRows(compute, branch_.view(), x);
}

}  // namespace vl
