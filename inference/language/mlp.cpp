#include "inference/language/mlp.h"

#include <algorithm>
#include <vector>

#include "inference/kernels/dispatch.h"
#include "inference/kernels/int8_tiles.h"
#include "inference/kernels/matmul.h"
#include "inference/tensor/matrix.h"

namespace vl {
namespace {

/// Rows of gate and of up that one piece computes: a block of the quantised activations of down.
constexpr std::size_t kPieceRows = kBlockSize;

/// Rows of gate and of up.
struct GatedRows {
  WeightMatrix gate;
  WeightMatrix up;
};

/// One block of silu(gate) * up for all tokens, quantised where down reads it. Stays in the first
/// level of cache from the products to the block. next: the rows that this thread reads after
/// these.
void gatedBlock(const GatedRows& weights, const Int8Tiles& x, const Int8Tiles& hidden,
                std::size_t block, const GatedRows& next) {
  const KernelTable& k = kernels();
  const std::size_t rows = weights.gate.rows();
  Ahead gateAhead = aheadOf(next.gate, x.tokens());
  Ahead upAhead = aheadOf(next.up, x.tokens());
  float gates[kMaxTileTokens * kPieceRows];
  float ups[kMaxTileTokens * kPieceRows];
  for (std::size_t i = 0; i < x.tiles(); ++i) {
    const Int8Tiles::Tile in = x.tile(i);
    const Int8Tiles::Tile out = hidden.tile(i);
    multiplyTile(weights.gate, in, {gates, kPieceRows, rows, nullptr, false, &gateAhead});
    multiplyTile(weights.up, in, {ups, kPieceRows, rows, nullptr, false, &upAhead});
    for (std::size_t t = 0; t < in.tokens; ++t) {
      k.siluMultiply(gates + t * kPieceRows, ups + t * kPieceRows, rows);
    }
    k.quantize(gates, kPieceRows, in.tokens, rows, out.blocks + block * out.tokens);
  }
}

}  // namespace

Mlp::Mlp(WeightReader& reader, const std::string& prefix, std::size_t hidden,
         std::size_t intermediate)
    : gate_(reader.matrix(prefix + "gate_proj.weight", intermediate, hidden)),
      up_(reader.matrix(prefix + "up_proj.weight", intermediate, hidden)),
      down_(reader.matrix(prefix + "down_proj.weight", hidden, intermediate)) {}

bool Mlp::multipliesInt8(const Compute& compute) const {
  return vl::multipliesInt8(compute, gate_) && vl::multipliesInt8(compute, up_) &&
         vl::multipliesInt8(compute, down_);
}

void Mlp::forward(Compute& compute, std::span<const Job> jobs) {
  const bool int8 =
      std::ranges::all_of(jobs, [&](const Job& job) { return job.mlp->multipliesInt8(compute); });
  if (int8) {
    forwardInt8(compute, jobs);
  } else {
    forwardF32(compute, jobs);
  }
}

void Mlp::forwardInt8(Compute& compute, std::span<const Job> jobs) {
  Arena::Frame frame(compute.arena());
  std::vector<Int8Tiles> hidden;
  std::vector<std::size_t> firstPiece;  // per job
  std::size_t pieces = 0;
  for (const Job& job : jobs) {
    hidden.emplace_back(frame, job.x->tokens(), job.mlp->gate_.rows());
    job.x->tiles();
    firstPiece.push_back(pieces);
    pieces += blocksPerRow(job.mlp->gate_.rows());
  }
  const auto jobOf = [&](std::size_t piece) {
    return static_cast<std::size_t>(std::ranges::upper_bound(firstPiece, piece) -
                                    firstPiece.begin() - 1);
  };
  const auto rowsOf = [&](std::size_t piece) -> GatedRows {
    if (piece >= pieces) return {};
    const std::size_t j = jobOf(piece);
    const Mlp& mlp = *jobs[j].mlp;
    const std::size_t begin = (piece - firstPiece[j]) * kPieceRows;
    const std::size_t rows = std::min(kPieceRows, mlp.gate_.rows() - begin);
    return {mlp.gate_.middleRows(begin, rows), mlp.up_.middleRows(begin, rows)};
  };
  compute.parallelFor(pieces, 1, [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
    for (std::size_t piece = begin; piece < end; ++piece) {
      const std::size_t j = jobOf(piece);
      const std::size_t next = piece + compute.threads();  // of this thread, most of the time
      gatedBlock(rowsOf(piece), jobs[j].x->tiles(), hidden[j], piece - firstPiece[j], rowsOf(next));
    }
  });

  std::vector<LinearInput> inputs;
  std::vector<MatmulJob> downs;
  inputs.reserve(jobs.size());  // the jobs keep pointers
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    inputs.emplace_back(compute, frame, hidden[j]);
    downs.push_back({&inputs[j], jobs[j].mlp->down_, {}, jobs[j].out, jobs[j].add});
  }
  matmul(compute, downs);
}

void Mlp::forwardF32(Compute& compute, std::span<const Job> jobs) {
  Arena::Frame frame(compute.arena());
  std::vector<MatrixView<float>> gates;
  std::vector<MatrixView<float>> ups;
  std::vector<MatmulJob> products;
  for (const Job& job : jobs) {
    gates.push_back(frame.matrix(job.x->tokens(), job.mlp->gate_.rows()));
    ups.push_back(frame.matrix(job.x->tokens(), job.mlp->gate_.rows()));
    products.push_back({job.x, job.mlp->gate_, {}, gates.back(), false});
    products.push_back({job.x, job.mlp->up_, {}, ups.back(), false});
  }
  matmul(compute, products);
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    compute.parallelFor(gates[j].rows(), 8, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t t = begin; t < end; ++t) {
        kernels().siluMultiply(gates[j].row(t).data(), ups[j].row(t).data(), gates[j].cols());
      }
    });
  }
  std::vector<LinearInput> inputs;
  std::vector<MatmulJob> downs;
  inputs.reserve(jobs.size());  // the jobs keep pointers
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    inputs.emplace_back(compute, frame, gates[j]);
    downs.push_back({&inputs[j], jobs[j].mlp->down_, {}, jobs[j].out, jobs[j].add});
  }
  matmul(compute, downs);
}

void Mlp::forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out) const {
  Arena::Frame frame(compute.arena());
  LinearInput input(compute, frame, x);
  const Job job{.mlp = this, .x = &input, .out = out, .add = false};
  forward(compute, {&job, 1});
}

}  // namespace vl
