#include "inference/kernels/matmul.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "inference/kernels/blas.h"
#include "inference/kernels/dispatch.h"
#include "inference/tensor/dtype.h"

namespace vl {
namespace {

/// Up to this many tokens, reading a weight once per token costs less than expanding it.
constexpr std::size_t kMaxDotTokens = 4;
/// Weight rows per OpenBLAS call: 64 x 4096 floats (1 MiB) stay in the L2 cache of one core.
constexpr std::size_t kBlasRows = 64;
/// Weight rows that are packed to BF16 panels together: as many as the product keeps in registers.
constexpr std::size_t kBf16Rows = 64;
/// Columns of BF16 panels at a time: 64 x 1536 values leave room for activations in the L2 cache.
constexpr std::size_t kBf16Cols = 1536;
/// Multiplications, and bytes of quantised weights, that are worth handing to another thread.
constexpr std::size_t kMinWorkPerPiece = std::size_t{64} << 10;
constexpr std::size_t kPanelBytesPerPiece = std::size_t{64} << 10;
/// Panels that many tokens pass together, so that each tile of them is fetched less often: up to
/// 280 KiB of the L2 cache at 4304 columns.
constexpr std::size_t kPanelsPerPiece = 4;
/// Weights that are fetched ahead, at most: a quarter of the L2 cache.
constexpr std::size_t kMaxAheadBytes = std::size_t{256} << 10;
/// With more tokens than this the weights come too seldom for a wait to count.
constexpr std::size_t kMaxAheadTokens = 256;

enum class Path { Dots, Blas, Bf16, Panels };

/// A job cut into pieces of rows.
struct Cut {
  const MatmulJob* job = nullptr;
  Path path = Path::Dots;
  std::size_t rowsPerPiece = 1;
  std::size_t firstPiece = 0;

  std::size_t beginOf(std::size_t piece) const { return (piece - firstPiece) * rowsPerPiece; }
  std::size_t endOf(std::size_t piece) const {
    return std::min(beginOf(piece) + rowsPerPiece, job->weight.rows());
  }
  WeightMatrix rowsOf(std::size_t piece) const {
    return job->weight.middleRows(beginOf(piece), endOf(piece) - beginOf(piece));
  }
};

Path pathOf(const Compute& compute, const MatmulJob& job) {
  if (multipliesInt8(compute, job.weight)) return Path::Panels;
  if (isPanels(job.weight.type())) return Path::Blas;
  if (job.x->tokens() <= kMaxDotTokens) return Path::Dots;
  const bool fast = compute.precision() == Precision::Fast;
  return fast && job.weight.type() == WeightType::BF16 ? Path::Bf16 : Path::Blas;
}

std::size_t rowsPerPiece(Path path, const MatmulJob& job) {
  const std::size_t cols = std::max<std::size_t>(1, job.weight.cols());
  switch (path) {
    case Path::Dots:
      return std::max<std::size_t>(1, kMinWorkPerPiece / (cols * job.x->tokens()));
    case Path::Blas:
      return kBlasRows;
    case Path::Bf16:
      return kBf16Rows;
    case Path::Panels:
      break;
  }
  const std::size_t panelBytes = blocksPerRow(cols) * panelBlockBytes(job.weight.type());
  const std::size_t least = job.x->tokens() > kMaxTileTokens ? kPanelsPerPiece : 1;
  return kPanelRows * std::max(least, kPanelBytesPerPiece / panelBytes);
}

float dotRow(const KernelTable& k, const WeightMatrix& w, std::size_t row, const float* x) {
  const std::size_t n = w.cols();
  const std::size_t at = row * n;
  switch (w.type()) {
    case WeightType::F32:
      return k.dotF32(static_cast<const float*>(w.data()) + at, x, n);
    case WeightType::F16:
      return k.dotF16(static_cast<const std::uint16_t*>(w.data()) + at, x, n);
    case WeightType::BF16:
      return k.dotBf16(static_cast<const std::uint16_t*>(w.data()) + at, x, n);
    case WeightType::Q8_0:
      return k.dotQ8(static_cast<const std::int8_t*>(w.data()) + at,
                     w.scales() + row * blocksPerRow(n), x, n);
    case WeightType::Q8Panels:
    case WeightType::Q4Panels:
      break;
  }
  assert(false && "panels have no rows to stream");
  return 0;
}

void multiplyDots(const MatmulJob& job, std::size_t begin, std::size_t end) {
  const KernelTable& k = kernels();
  const MatrixView<const float> x = job.x->values();
  for (std::size_t row = begin; row < end; ++row) {
    const float offset = job.bias.empty() ? 0.0f : job.bias[row];
    for (std::size_t t = 0; t < x.rows(); ++t) {
      const float sum = dotRow(k, job.weight, row, x.row(t).data()) + offset;
      float& to = job.y.row(t)[row];
      to = job.add ? to + sum : sum;
    }
  }
}

void multiplyBlas(Compute& compute, const MatmulJob& job, std::size_t begin, std::size_t end,
                  std::size_t thread) {
  const MatrixView<const float> x = job.x->values();
  const std::size_t in = job.weight.cols();
  const std::size_t rows = end - begin;
  const float* block = nullptr;
  if (job.weight.type() == WeightType::F32) {
    block = static_cast<const float*>(job.weight.data()) + begin * in;
  } else {
    const std::span<float> expanded = compute.scratch(thread, rows * in);
    for (std::size_t r = 0; r < rows; ++r) {
      expandRow(job.weight, begin + r, expanded.subspan(r * in, in));
    }
    block = expanded.data();
  }
  productTransposed(1.0f, x, {block, rows, in}, job.add ? 1.0f : 0.0f,
                    job.y.middleCols(begin, rows));
  if (job.bias.empty()) return;
  for (std::size_t t = 0; t < x.rows(); ++t) {
    const std::span<float> out = job.y.row(t).subspan(begin, rows);
    for (std::size_t r = 0; r < rows; ++r) out[r] += job.bias[begin + r];
  }
}

PanelOutput outputOf(const MatmulJob& job, std::size_t begin, std::size_t end, std::size_t token,
                     Ahead& ahead) {
  return {.data = job.y.row(token).data() + begin,
          .stride = job.y.stride(),
          .rows = end - begin,
          .bias = job.bias.empty() ? nullptr : job.bias.data() + begin,
          .add = job.add,
          .ahead = &ahead};
}

/// Packs the rows a stretch of columns at a time.
void multiplyBf16(Compute& compute, const MatmulJob& job, std::size_t begin, std::size_t end,
                  std::size_t thread, Ahead ahead) {
  const KernelTable& k = kernels();
  const MatrixView<const std::uint16_t> x = job.x->halves();
  const std::size_t cols = job.weight.cols();
  const auto* weights = static_cast<const std::uint16_t*>(job.weight.data());
  PanelOutput out = outputOf(job, begin, end, 0, ahead);
  for (std::size_t col = 0; col < cols; col += kBf16Cols) {
    const std::size_t count = std::min(kBf16Cols, cols - col);
    const std::size_t pairs = (count + 1) / 2;
    const std::size_t panelWords = pairs * kPanelRows;
    auto* packed = reinterpret_cast<std::uint32_t*>(
        compute.scratch(thread, panelsFor(end - begin) * panelWords).data());
    for (std::size_t row = begin; row < end; row += kPanelRows) {
      k.packBf16(weights + row * cols + col, cols, std::min(kPanelRows, end - row), count,
                 packed + (row - begin) / kPanelRows * panelWords);
    }
    k.productBf16({packed, panelWords, kPanelRows}, pairs, x.data() + col, x.stride(), x.rows(),
                  out);
    out.bias = nullptr;
    out.add = true;
  }
}

void multiplyPanels(const MatmulJob& job, std::size_t begin, std::size_t end, Ahead ahead) {
  const WeightMatrix rows = job.weight.middleRows(begin, end - begin);
  const Int8Tiles& x = job.x->tiles();
  for (std::size_t i = 0; i < x.tiles(); ++i) {
    const Int8Tiles::Tile tile = x.tile(i);
    multiplyTile(rows, tile, outputOf(job, begin, end, tile.begin, ahead));
  }
}

void expandPanelRow(const WeightMatrix& weight, std::size_t row, std::span<float> out) {
  const std::size_t bytes = panelBlockBytes(weight.type());
  const std::size_t panel = row / kPanelRows * blocksPerRow(weight.cols());
  const std::size_t lane = row % kPanelRows;
  const auto* values = static_cast<const std::uint8_t*>(weight.data());
  for (std::size_t col = 0; col < out.size(); ++col) {
    const std::size_t block = panel + col / kBlockSize;
    const std::size_t in = col % kBlockSize;
    const float scale = halfToFloat(weight.scales()[block * kPanelRows + lane]);
    if (weight.type() == WeightType::Q8Panels) {
      const int value = values[block * bytes + in / 4 * 64 + lane * 4 + in % 4];
      out[col] = static_cast<float>(value - 128) * scale;
    } else {
      const unsigned both = values[block * bytes + in % 16 / 4 * 64 + lane * 4 + in % 4];
      const float minimum = halfToFloat(weight.minimums()[block * kPanelRows + lane]);
      out[col] = static_cast<float>(in < 16 ? both & 0xfu : both >> 4) * scale + minimum;
    }
  }
}

}  // namespace

bool multipliesInt8(const Compute& compute, const WeightMatrix& weight) {
  return compute.precision() == Precision::Fast && isPanels(weight.type());
}

Ahead aheadOf(const WeightMatrix& next, std::size_t tokens) {
  const std::size_t bytes = next.dataBytes() / kCacheLine * kCacheLine;
  const bool pays = tokens > kMaxTileTokens && tokens <= kMaxAheadTokens;
  if (!pays || bytes > kMaxAheadBytes) return {};
  const auto* begin = static_cast<const std::byte*>(next.data());
  return {begin, begin + bytes};
}

void multiplyTile(const WeightMatrix& weight, const Int8Tiles::Tile& x, const PanelOutput& out) {
  assert(out.rows == weight.rows());
  const auto* values = static_cast<const std::uint8_t*>(weight.data());
  const std::size_t blocks = blocksPerRow(weight.cols());
  if (weight.type() == WeightType::Q8Panels) {
    kernels().productQ8(values, weight.scales(), blocks, x.blocks, x.tokens, out);
  } else {
    kernels().productQ4(values, weight.scales(), weight.minimums(), blocks, x.blocks, x.tokens,
                        out);
  }
}

void matmul(Compute& compute, std::span<const MatmulJob> jobs) {
  std::vector<Cut> cuts;
  cuts.reserve(jobs.size());
  std::size_t pieces = 0;
  for (const MatmulJob& job : jobs) {
    assert(job.x->cols() == job.weight.cols() && job.y.cols() == job.weight.rows());
    assert(job.x->tokens() == job.y.rows());
    assert(job.bias.empty() || job.bias.size() == job.weight.rows());
    if (job.y.rows() == 0) continue;
    const Path path = pathOf(compute, job);
    if (path == Path::Panels) job.x->tiles();
    if (path == Path::Bf16) job.x->halves();
    const std::size_t rows = rowsPerPiece(path, job);
    cuts.push_back({&job, path, rows, pieces});
    pieces += (job.weight.rows() + rows - 1) / rows;
  }
  const auto cutOf = [&](std::size_t piece) -> const Cut& {
    return *std::prev(std::ranges::upper_bound(cuts, piece, {}, &Cut::firstPiece));
  };
  compute.parallelFor(pieces, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    for (std::size_t piece = first; piece < last; ++piece) {
      const Cut& cut = cutOf(piece);
      const std::size_t begin = cut.beginOf(piece);
      const std::size_t end = cut.endOf(piece);
      const std::size_t next = piece + compute.threads();  // of this thread, most of the time
      const Ahead ahead =
          next < pieces ? aheadOf(cutOf(next).rowsOf(next), cut.job->x->tokens()) : Ahead{};
      switch (cut.path) {
        case Path::Dots:
          multiplyDots(*cut.job, begin, end);
          break;
        case Path::Blas:
          multiplyBlas(compute, *cut.job, begin, end, thread);
          break;
        case Path::Bf16:
          multiplyBf16(compute, *cut.job, begin, end, thread, ahead);
          break;
        case Path::Panels:
          multiplyPanels(*cut.job, begin, end, ahead);
          break;
      }
    }
  });
}

void matmul(Compute& compute, MatrixView<const float> x, const WeightMatrix& weight,
            std::span<const float> bias, MatrixView<float> y) {
  Arena::Frame frame(compute.arena());
  LinearInput input(compute, frame, x);
  const MatmulJob job{.x = &input, .weight = weight, .bias = bias, .y = y, .add = false};
  matmul(compute, {&job, 1});
}

void expandRow(const WeightMatrix& weight, std::size_t row, std::span<float> out) {
  assert(row < weight.rows() && out.size() == weight.cols());
  const KernelTable& k = kernels();
  const std::size_t n = weight.cols();
  const std::size_t at = row * n;
  switch (weight.type()) {
    case WeightType::F32:
      std::copy_n(static_cast<const float*>(weight.data()) + at, n, out.data());
      break;
    case WeightType::F16:
      k.expandF16(static_cast<const std::uint16_t*>(weight.data()) + at, out.data(), n);
      break;
    case WeightType::BF16:
      k.expandBf16(static_cast<const std::uint16_t*>(weight.data()) + at, out.data(), n);
      break;
    case WeightType::Q8_0:
      k.expandQ8(static_cast<const std::int8_t*>(weight.data()) + at,
                 weight.scales() + row * blocksPerRow(n), out.data(), n);
      break;
    case WeightType::Q8Panels:
    case WeightType::Q4Panels:
      expandPanelRow(weight, row, out);
      break;
  }
}

}  // namespace vl
