#include "inference/language/moe_layer.h"

#include <algorithm>
#include <string>

#include "inference/kernels/dispatch.h"
#include "inference/kernels/int8_tiles.h"

namespace vl {
namespace {

/// Rows that the experts of one batch compute together: their results stay in the cache until they
/// are added up.
constexpr std::size_t kBatchRows = 512;

}  // namespace

/// The tokens of every expert, expert after expert, token order within each.
struct MoeLayer::Plan {
  std::vector<std::uint32_t> tokens;       // by row
  std::vector<std::size_t> firstRow;       // by expert, and the end
  std::vector<std::uint32_t> rowOfChoice;  // by index into the routing
};

MoeLayer::MoeLayer(WeightReader& reader, const LanguageConfig& config) : router_(reader, config) {
  for (std::size_t e = 0; e < *config.nRoutedExperts && reader.status(); ++e) {
    experts_.emplace_back(reader, "mlp.experts." + std::to_string(e) + ".", config.hiddenSize,
                          config.moeIntermediateSize);
  }
  if (config.nSharedExperts) {
    shared_.emplace(reader, "mlp.shared_experts.", config.hiddenSize,
                    config.moeIntermediateSize * *config.nSharedExperts);
  }
}

void MoeLayer::route(Compute& compute, MatrixView<const float> x,
                     std::vector<RoutedExpert>& routing) const {
  const std::size_t perToken = router_.expertsPerToken();
  routing.resize(x.rows() * perToken);
  compute.parallelFor(x.rows(), 4, [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
    for (std::size_t t = begin; t < end; ++t) {
      router_.route(x.row(t), std::span(routing).subspan(t * perToken, perToken));
    }
  });
}

MoeLayer::Plan MoeLayer::plan(std::span<const RoutedExpert> routing) const {
  Plan plan;
  plan.firstRow.resize(experts_.size() + 1);
  for (const RoutedExpert& choice : routing) ++plan.firstRow[choice.expert + 1];
  for (std::size_t e = 0; e < experts_.size(); ++e) plan.firstRow[e + 1] += plan.firstRow[e];
  plan.tokens.resize(routing.size());
  plan.rowOfChoice.resize(routing.size());
  std::vector<std::size_t> next(plan.firstRow.begin(), plan.firstRow.end() - 1);
  for (std::size_t i = 0; i < routing.size(); ++i) {
    const std::size_t row = next[routing[i].expert]++;
    plan.tokens[row] = static_cast<std::uint32_t>(i / router_.expertsPerToken());
    plan.rowOfChoice[i] = static_cast<std::uint32_t>(row);
  }
  return plan;
}

bool MoeLayer::multipliesInt8(const Compute& compute) const {
  const auto int8 = [&](const Mlp& mlp) { return mlp.multipliesInt8(compute); };
  return std::ranges::all_of(experts_, int8) && (!shared_ || int8(*shared_));
}

bool MoeLayer::forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out,
                       std::vector<RoutedExpert>& routing, const std::stop_token& stop) const {
  route(compute, x, routing);
  const Plan plan = this->plan(routing);
  for (std::size_t t = 0; t < x.rows(); ++t) std::fill_n(out.row(t).data(), out.cols(), 0.0f);

  Arena::Frame frame(compute.arena());
  Int8Tiles rows;  // every token quantised once, for all of its experts
  if (multipliesInt8(compute)) rows = quantized(compute, frame, x, 1);
  for (std::size_t first = 0; first < experts_.size();) {
    std::size_t last = first + 1;
    while (last < experts_.size() && plan.firstRow[last + 1] - plan.firstRow[first] <= kBatchRows) {
      ++last;
    }
    if (stop.stop_requested()) return false;
    addExperts(compute, x, rows, routing, plan, first, last, out);
    first = last;
  }
  return true;
}

void MoeLayer::addExperts(Compute& compute, MatrixView<const float> x, const Int8Tiles& rows,
                          std::span<const RoutedExpert> routing, const Plan& plan,
                          std::size_t first, std::size_t last, MatrixView<float> out) const {
  Arena::Frame frame(compute.arena());
  const std::size_t firstRow = plan.firstRow[first];
  const std::size_t count = plan.firstRow[last] - firstRow;
  const MatrixView<float> results = frame.matrix(count, x.cols());
  std::vector<LinearInput> inputs;
  inputs.reserve(last - first + 1);  // the jobs keep pointers
  std::vector<Mlp::Job> jobs;
  for (std::size_t e = first; e < last; ++e) {
    const std::size_t begin = plan.firstRow[e];
    const std::size_t tokens = plan.firstRow[e + 1] - begin;
    if (tokens == 0) continue;
    const std::span ids = std::span(plan.tokens).subspan(begin, tokens);
    inputs.push_back(gather(compute, frame, x, rows, ids));
    jobs.push_back({&experts_[e], &inputs.back(), results.middleRows(begin - firstRow, tokens)});
  }
  if (shared_ && last == experts_.size()) {
    inputs.emplace_back(compute, frame, x);
    jobs.push_back({&*shared_, &inputs.back(), out, true});
  }
  Mlp::forward(compute, jobs);

  const std::size_t perToken = router_.expertsPerToken();
  compute.parallelFor(x.rows(), 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin * perToken; i < end * perToken; ++i) {
      const std::size_t row = plan.rowOfChoice[i];
      if (row < firstRow || row >= firstRow + count) continue;
      kernels().addScaled(routing[i].weight, results.row(row - firstRow).data(),
                          out.row(i / perToken).data(), out.cols());
    }
  });
}

LinearInput MoeLayer::gather(Compute& compute, Arena::Frame& frame, MatrixView<const float> x,
                             const Int8Tiles& rows, std::span<const std::uint32_t> tokens) {
  if (rows.tokens() != 0) {
    const Int8Tiles tiles(frame, tokens.size(), x.cols());
    compute.parallelFor(tiles.tiles(), 4, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) tiles.gatherTile(i, rows, tokens);
    });
    return {compute, frame, tiles};
  }
  const MatrixView<float> gathered = frame.matrix(tokens.size(), x.cols());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::ranges::copy(x.row(tokens[i]), gathered.row(i).begin());
  }
  return {compute, frame, gathered};
}

}  // namespace vl
