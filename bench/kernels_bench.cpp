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
    const std::vector<float> values = gaussian(rows * cols, 1);
    if (type == WeightType::BF16) {
      for (const float v : values) {
        halves.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(v) >> 16));
      }
      matrix = WeightMatrix(type, halves.data(), nullptr, rows, cols);
      bytes = halves.size() * sizeof(halves[0]);
    } else {
      for (const float v : values) {
        quants.push_back(static_cast<std::int8_t>(std::clamp(v * 32, -127.0f, 127.0f)));
      }
      halves.assign(rows * blocksPerRow(cols), floatToHalf(0.03125f));
      matrix = WeightMatrix(type, quants.data(), halves.data(), rows, cols);
      bytes = quants.size() + halves.size() * sizeof(halves[0]);
    }
  }
  std::vector<std::uint16_t> halves;
  std::vector<std::int8_t> quants;
  WeightMatrix matrix;
  std::size_t bytes = 0;
};

/// Whether row `row` of y is x W^T to rounding.
bool isRight(const WeightMatrix& weight, MatrixView<const float> x, MatrixView<const float> y) {
  std::vector<float> w(weight.cols());
  for (const std::size_t row : {std::size_t{0}, weight.rows() / 2, weight.rows() - 1}) {
    expandRow(weight, row, w);
    for (std::size_t t = 0; t < x.rows(); ++t) {
      double sum = 0;
      double magnitude = 0;
      for (std::size_t i = 0; i < w.size(); ++i) {
        sum += double{w[i]} * x.row(t)[i];
        magnitude += std::abs(double{w[i]} * x.row(t)[i]);
      }
      const double bound =
          static_cast<double>(w.size() + 2) * std::numeric_limits<float>::epsilon() * magnitude;
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
  Compute compute(threads);
  matmul(compute, x, weights.matrix, {}, y);
  if (!isRight(weights.matrix, x, y)) {
    state.SkipWithError("wrong result");
    return;
  }
  for (auto _ : state) matmul(compute, x, weights.matrix, {}, y);
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["GB/s"] = benchmark::Counter(rounds * static_cast<double>(weights.bytes) * 1e-9,
                                              benchmark::Counter::kIsRate);
  state.counters["GFLOP/s"] = benchmark::Counter(
      rounds * 2e-9 * static_cast<double>(tokens * out * in), benchmark::Counter::kIsRate);
}

void dot(benchmark::State& state, const KernelTable& table, WeightType type) {
  if (!runsHere(table)) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const std::size_t n = 1280;  // hidden size of Tiny
  const Weights weights(type, 1, n);
  const std::vector<float> x = gaussian(n, 3);
  const auto run = [&] {
    return type == WeightType::BF16
               ? table.dotBf16(weights.halves.data(), x.data(), n)
               : table.dotQ8(weights.quants.data(), weights.halves.data(), x.data(), n);
  };
  const float result = run();
  if (!isRight(weights.matrix, {x.data(), 1, n}, {&result, 1, 1})) {
    state.SkipWithError("wrong result");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(run());
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * weights.bytes));
}

struct Shape {
  const char* name;
  std::size_t out;
  std::size_t in;
  std::size_t tokens;
};

const bool kRegistered = [] {
  for (const auto& [type, typeName] :
       {std::pair{WeightType::BF16, "bf16"}, std::pair{WeightType::Q8_0, "q8_0"}}) {
    for (const KernelTable& table : compiledKernels()) {
      benchmark::RegisterBenchmark(
          ("dot/" + std::string(table.isa) + "/" + typeName).c_str(),
          [&table, type = type](benchmark::State& state) { dot(state, table, type); });
    }
    for (const Shape& shape :
         {Shape{"vit_fc1", 4304, 1152, 729}, Shape{"vit_qkv", 3456, 1152, 729},
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
