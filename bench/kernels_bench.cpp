// Single kernels and linear layers at the shapes of the official models. Every case is checked
// against plain sums in double before it is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "inference/kernels/compute.h"
#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"
#include "inference/tensor/dtype.h"

namespace vl {
namespace {

std::vector<float> gaussian(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& v : values) v = normal(random);
  return values;
}

/// Random weights of a type, with the bytes one pass over them reads.
struct Weights {
  Weights(WeightType type, std::size_t rows, std::size_t cols) {
    if (type == WeightType::BF16) {
      for (const float v : gaussian(rows * cols, 1)) {
        halves.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(v) >> 16));
      }
      matrix = WeightMatrix(type, halves.data(), nullptr, rows, cols);
      bytes = halves.size() * sizeof(halves[0]);
      return;
    }
    std::mt19937 random(1);
    const std::size_t blocks = panelsFor(rows) * blocksPerRow(cols);
    values.resize(blocks * panelBlockBytes(type));
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(random());
    halves.assign(blocks * kPanelRows, floatToHalf(0.03125f));
    const bool hasMinimum = type == WeightType::Q4Panels;
    matrix = WeightMatrix(type, values.data(), halves.data(), rows, cols,
                          hasMinimum ? halves.data() : nullptr);
    bytes = values.size() + halves.size() * sizeof(halves[0]) * (hasMinimum ? 2 : 1);
  }
  std::vector<std::uint16_t> halves;
  std::vector<std::uint8_t> values;
  WeightMatrix matrix;
  std::size_t bytes = 0;
};

/// What rounding an activation may change, in units of the largest of its row: half a step of int8,
/// half a unit of BF16.
double roundingOf(const Compute& compute, const WeightMatrix& weight) {
  return multipliesInt8(compute, weight) ? 0.5 / 127 : 0x1p-9;
}

/// Whether some rows of y are x W^T to the rounding of activations and of F32 sums.
bool isRight(const WeightMatrix& weight, MatrixView<const float> x, MatrixView<const float> y,
             double rounding) {
  std::vector<float> w(weight.cols());
  for (const std::size_t row : {std::size_t{0}, weight.rows() / 2, weight.rows() - 1}) {
    expandRow(weight, row, w);
    for (std::size_t t = 0; t < x.rows(); ++t) {
      double sum = 0;
      double magnitude = 0;
      double weights = 0;
      double largest = 0;
      for (std::size_t i = 0; i < w.size(); ++i) {
        const double activation = x.row(t)[i];
        sum += w[i] * activation;
        magnitude += std::abs(w[i] * activation);
        weights += std::abs(w[i]);
        largest = std::max(largest, std::abs(activation));
      }
      const double bound =
          static_cast<double>(w.size() + 2) * std::numeric_limits<float>::epsilon() * magnitude +
          rounding * largest * weights;
      if (std::abs(y.row(t)[row] - sum) > bound) return false;
    }
  }
  return true;
}

/// A linear layer [out, in] for `tokens` tokens.
void linearLayer(benchmark::State& state, WeightType type, std::size_t out, std::size_t in,
                 std::size_t tokens, std::size_t threads) {
  const Weights weights(type, out, in);
  const std::vector<float> input = gaussian(tokens * in, 2);
  std::vector<float> output(tokens * out);
  const MatrixView<const float> x(input.data(), tokens, in);
  const MatrixView<float> y(output.data(), tokens, out);
  Compute compute(threads, Precision::Fast);
  matmul(compute, x, weights.matrix, {}, y);
  if (!isRight(weights.matrix, x, y, roundingOf(compute, weights.matrix))) {
    state.SkipWithError("wrong result");
    return;
  }
  while (state.KeepRunning()) matmul(compute, x, weights.matrix, {}, y);
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["GB/s"] = benchmark::Counter(rounds * static_cast<double>(weights.bytes) * 1e-9,
                                              benchmark::Counter::kIsRate);
  state.counters["GFLOP/s"] = benchmark::Counter(
      rounds * 2e-9 * static_cast<double>(tokens * out * in), benchmark::Counter::kIsRate);
}

/// One tile of tokens times 64 rows at the hidden size of Tiny: what stays in the caches.
void tile(benchmark::State& state, const KernelTable& table, WeightType type) {
  if (!runsHere(table)) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  constexpr std::size_t kRows = 64;
  constexpr std::size_t kCols = 1280;
  const Weights weights(type, kRows, kCols);
  const std::vector<float> input = gaussian(kMaxTileTokens * kCols, 3);
  const MatrixView<const float> x(input.data(), kMaxTileTokens, kCols);
  std::vector<ActivationBlock> blocks(kMaxTileTokens * blocksPerRow(kCols));
  table.quantize(input.data(), kCols, kMaxTileTokens, kCols, blocks.data());
  std::vector<std::uint16_t> halves(input.size());
  table.roundBf16(input.data(), halves.data(), halves.size());
  std::vector<std::uint32_t> packed(kRows * kCols / 2);
  for (std::size_t row = 0; type == WeightType::BF16 && row < kRows; row += kPanelRows) {
    table.packBf16(weights.halves.data() + row * kCols, kCols, kPanelRows, kCols,
                   packed.data() + row * kCols / 2);
  }
  std::vector<float> output(kMaxTileTokens * kRows);
  const PanelOutput out{output.data(), kRows, kRows, nullptr, false};
  const auto run = [&] {
    if (type == WeightType::BF16) {
      table.productBf16({packed.data(), kPanelRows * kCols / 2, kPanelRows}, kCols / 2,
                        halves.data(), kCols, kMaxTileTokens, out);
    } else if (type == WeightType::Q8Panels) {
      table.productQ8(weights.values.data(), weights.halves.data(), blocksPerRow(kCols),
                      blocks.data(), kMaxTileTokens, out);
    } else {
      table.productQ4(weights.values.data(), weights.halves.data(), weights.halves.data(),
                      blocksPerRow(kCols), blocks.data(), kMaxTileTokens, out);
    }
  };
  run();
  const double rounding = type == WeightType::BF16 ? 0x1p-9 : 0.5 / 127;
  if (!isRight(weights.matrix, x, {output.data(), kMaxTileTokens, kRows}, rounding)) {
    state.SkipWithError("wrong result");
    return;
  }
  while (state.KeepRunning()) run();
  state.counters["GOP/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * 2e-9 * kMaxTileTokens * kRows * kCols,
      benchmark::Counter::kIsRate);
}

struct Shape {
  const char* name;
  std::size_t out;
  std::size_t in;
  std::size_t tokens;
};

const bool kRegistered = [] {
  for (const auto& [type, typeName] :
       {std::pair{WeightType::BF16, "bf16"}, std::pair{WeightType::Q8Panels, "q8_0"},
        std::pair{WeightType::Q4Panels, "q4"}}) {
    for (const KernelTable& table : compiledKernels()) {
      benchmark::RegisterBenchmark(
          ("tile/" + std::string(table.isa) + "/" + typeName).c_str(),
          [&table, type = type](benchmark::State& state) { tile(state, table, type); });
    }
    for (const Shape& shape :
         {Shape{"vit_fc1", 4304, 1152, 729}, Shape{"vit_qkv", 3456, 1152, 729},
          Shape{"vit_fc2", 1152, 4304, 729}, Shape{"vit_proj", 1152, 1152, 729},
          Shape{"tiny_expert_decode", 896, 1280, 1}, Shape{"tiny_lm_head_decode", 129280, 1280, 1},
          Shape{"tiny_expert_prefill", 896, 1280, 48}}) {
      for (const std::size_t threads : {std::size_t{1}, availableCpus()}) {
        benchmark::RegisterBenchmark(
            (std::string(shape.name) + "/" + typeName + "/threads:" + std::to_string(threads))
                .c_str(),
            [shape, threads, type = type](benchmark::State& state) {
              linearLayer(state, type, shape.out, shape.in, shape.tokens, threads);
            })
            ->UseRealTime();
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace vl
