#include "inference/vision/vision_tower.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "inference/kernels/attention.h"
#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"
#include "inference/kernels/panel_attention.h"

namespace vl {
namespace {

constexpr float kLayerNormEps = 1e-6f;
/// Rows per piece of an elementwise loop.
constexpr std::size_t kRowGrain = 16;

}  // namespace

VisionTower::VisionTower(const VisionConfig& config)
    : config_(config),
      pixels_(config.patches(), 3 * config.patchSize * config.patchSize),
      normed_(config.patches(), config.width),
      qkv_(config.patches(), 3 * config.width) {}

LayerNorm VisionTower::readNorm(WeightReader& reader, const std::string& name, std::size_t width) {
  return {.weight = reader.vector(name + ".weight", width),
          .bias = reader.vector(name + ".bias", width),
          .eps = kLayerNormEps};
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
  layerNorm(compute, x, norm_, out);
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

/// x += proj(attention(norm1(x))); every patch sees every patch.
void VisionTower::attention(Compute& compute, const Block& block, MatrixView<float> x) {
  if (multipliesInt8(compute, block.qkv.weight)) {
    Arena::Frame frame(compute.arena());
    LinearInput tiles(compute, frame, layerNormTiles(compute, frame, x, block.norm1));
    const MatmulJob job{&tiles, block.qkv.weight, block.qkv.bias, qkv_.view()};
    matmul(compute, {&job, 1});
  } else {
    layerNorm(compute, x, block.norm1, normed_.view());
    matmul(compute, normed_.view(), block.qkv.weight, block.qkv.bias, qkv_.view());
  }
  const MatrixView<float> heads = normed_.view();
  if (compute.precision() == Precision::Fast) {
    attendPanels(compute, heads);
  } else {
    attendRows(compute, heads);
  }
  addLinear(compute, heads, block.proj, x);
}

void VisionTower::attendRows(Compute& compute, MatrixView<float> heads) {
  const std::size_t headDim = config_.headDim();
  const MatrixView<const float> qkv = qkv_.view();
  compute.parallelFor(
      config_.heads, 1, [&](std::size_t begin, std::size_t end, std::size_t thread) {
        const std::span<float> scratch =
            compute.scratch(thread, attentionScratch(qkv.rows(), qkv.rows()));
        for (std::size_t h = begin; h < end; ++h) {
          const ScoreTerm term{qkv.middleCols(h * headDim, headDim),
                               qkv.middleCols(config_.width + h * headDim, headDim)};
          attendHead({&term, 1}, qkv.middleCols(2 * config_.width + h * headDim, headDim),
                     attentionScale(), std::nullopt, scratch,
                     heads.middleCols(h * headDim, headDim));
        }
      });
}

void VisionTower::attendPanels(Compute& compute, MatrixView<float> heads) {
  const std::size_t headDim = config_.headDim();
  const std::size_t patches = config_.patches();
  const MatrixView<const float> qkv = qkv_.view();
  Arena::Frame frame(compute.arena());
  const std::size_t keyWords = KvPanels::keyWords(patches, headDim);
  const std::size_t valueWords = KvPanels::valueWords(patches, headDim);
  const std::span<std::uint32_t> words =
      frame.take<std::uint32_t>(config_.heads * (keyWords + valueWords));
  LinearInput queries(compute, frame, qkv.middleCols(0, config_.width));
  std::vector<PanelAttention> attentions;
  for (std::size_t h = 0; h < config_.heads; ++h) {
    std::uint32_t* keys = words.data() + h * (keyWords + valueWords);
    attentions.push_back({KvPanels(keys, headDim, keys + keyWords, headDim), patches,
                          queries.halves().middleCols(h * headDim, headDim),
                          heads.middleCols(h * headDim, headDim)});
  }
  compute.parallelFor(config_.heads, 1, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t h = begin; h < end; ++h) {
      attentions[h].panels.put(0, qkv.middleCols(config_.width + h * headDim, headDim),
                               qkv.middleCols(2 * config_.width + h * headDim, headDim));
    }
  });
  attend(compute, attentions, attentionScale(), 1, std::nullopt);
}

float VisionTower::attentionScale() const {
  return 1.0f / std::sqrt(static_cast<float>(config_.headDim()));
}

/// x += fc2(gelu(fc1(norm2(x)))), GELU in its tanh form.
void VisionTower::mlp(Compute& compute, const Block& block, MatrixView<float> x) {
  if (multipliesInt8(compute, block.fc1.weight) && multipliesInt8(compute, block.fc2.weight)) {
    mlpInt8(compute, block, x);
    return;
  }
  layerNorm(compute, x, block.norm2, normed_.view());
  Arena::Frame frame(compute.arena());
  const MatrixView<float> hidden = frame.matrix(x.rows(), config_.mlpWidth());
  matmul(compute, normed_.view(), block.fc1.weight, block.fc1.bias, hidden);
  compute.parallelFor(hidden.rows(), kRowGrain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t r = begin; r < end; ++r) {
                          kernels().geluTanh(hidden.row(r).data(), hidden.cols());
                        }
                      });
  addLinear(compute, hidden, block.fc2, x);
}

/// fc1's results go through GELU and are quantised for fc2 while they are in the first level of
/// cache.
void VisionTower::mlpInt8(Compute& compute, const Block& block, MatrixView<float> x) {
  Arena::Frame frame(compute.arena());
  const Int8Tiles in = layerNormTiles(compute, frame, x, block.norm2);
  const Int8Tiles hidden(frame, x.rows(), config_.mlpWidth());
  compute.parallelFor(
      blocksPerRow(hidden.cols()), 2, [&](std::size_t first, std::size_t last, std::size_t) {
        const KernelTable& k = kernels();
        float results[kMaxTileTokens * kBlockSize] = {};
        for (std::size_t i = 0; i < in.tiles(); ++i) {
          const Int8Tiles::Tile to = hidden.tile(i);
          for (std::size_t b = first; b < last; ++b) {
            const std::size_t row = b * kBlockSize;
            const std::size_t rows = std::min(kBlockSize, hidden.cols() - row);
            multiplyTile(block.fc1.weight.middleRows(row, rows), in.tile(i),
                         {results, kBlockSize, rows, block.fc1.bias.data() + row, false});
            k.geluTanh(results, to.tokens * kBlockSize);
            k.quantize(results, kBlockSize, to.tokens, rows, to.blocks + b * to.tokens);
          }
        }
      });
  LinearInput quantized(compute, frame, hidden);
  const MatmulJob job{&quantized, block.fc2.weight, block.fc2.bias, x, true};
  matmul(compute, {&job, 1});
}

/// x += linear(input)
void VisionTower::addLinear(Compute& compute, MatrixView<const float> input, const Linear& linear,
                            MatrixView<float> x) {
  Arena::Frame frame(compute.arena());
  LinearInput rows(compute, frame, input);
  const MatmulJob job{&rows, linear.weight, linear.bias, x, true};
  matmul(compute, {&job, 1});
}

}  // namespace vl
