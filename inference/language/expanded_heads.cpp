#include "inference/language/expanded_heads.h"

#include <algorithm>
#include <cassert>

#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"
#include "inference/tensor/dtype.h"

namespace vl {
namespace {

/// Positions whose keys and values are in a thread's scratch at a time.
constexpr std::size_t kPositions = 16 * kPanelRows;

std::size_t headWords(const MlaShape& shape, std::size_t length) {
  return KvPanels::keyWords(length, shape.queryDim()) +
         KvPanels::valueWords(length, shape.valueDim);
}

/// Rows [begin, end) of kv_b as panels of BF16 in words.
KvPanels packWeights(const WeightMatrix& kvB, std::size_t begin, std::size_t end,
                     std::uint32_t* words, std::span<float> row) {
  const KvPanels panels(words, kvB.cols(), nullptr, 0);
  for (std::size_t r = begin; r < end; ++r) {
    expandRow(kvB, r, row);
    panels.putKeys(r - begin, {row.data(), 1, row.size()});
  }
  return panels;
}

}  // namespace

bool expandingPays(const MlaShape& shape, std::size_t tokens, std::size_t length) {
  const std::size_t seen = tokens * (length - tokens / 2);  // pairs of a query and a position
  const std::size_t weights = shape.expandedDim() * shape.latentDim;
  const std::size_t absorbed = seen * (shape.ropeDim + 2 * shape.latentDim) + tokens * weights;
  const std::size_t expanded = seen * (shape.queryDim() + shape.valueDim) + length * weights;
  return expanded < absorbed;
}

std::vector<KvPanels> expandHeads(Compute& compute, Arena::Frame& frame, const MlaShape& shape,
                                  const KvPanels& latents, std::size_t length,
                                  const WeightMatrix& kvB) {
  assert(kvB.rows() == shape.heads * shape.expandedDim() && kvB.cols() == shape.latentDim);
  const std::size_t width = 2 * latents.keyPairs();
  const MatrixView<std::uint16_t> rows(frame.take<std::uint16_t>(length * width).data(), length,
                                       width);
  compute.parallelFor(length, kPanelRows, [&](std::size_t begin, std::size_t end, std::size_t) {
    latents.copyKeys(begin, rows.middleRows(begin, end - begin));
  });

  std::vector<KvPanels> heads;
  for (std::size_t h = 0; h < shape.heads; ++h) {
    std::uint32_t* words = frame.take<std::uint32_t>(headWords(shape, length)).data();
    heads.emplace_back(words, shape.queryDim(),
                       words + KvPanels::keyWords(length, shape.queryDim()), shape.valueDim);
  }
  compute.parallelFor(shape.heads, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    const std::size_t keyWeights = KvPanels::keyWords(shape.nopeDim, shape.latentDim);
    const std::size_t weightWords =
        keyWeights + KvPanels::keyWords(shape.valueDim, shape.latentDim);
    const std::size_t keyFloats = kPositions * shape.queryDim();
    const std::span<float> scratch = compute.scratch(
        thread, weightWords + shape.latentDim + keyFloats + kPositions * shape.valueDim);
    auto* weights = reinterpret_cast<std::uint32_t*>(scratch.data());
    const std::span<float> row = scratch.subspan(weightWords, shape.latentDim);
    float* keys = row.data() + row.size();
    float* values = keys + keyFloats;
    for (std::size_t h = first; h < last; ++h) {
      const std::size_t from = h * shape.expandedDim();
      const KvPanels wK = packWeights(kvB, from, from + shape.nopeDim, weights, row);
      const KvPanels wV = packWeights(kvB, from + shape.nopeDim, from + shape.expandedDim(),
                                      weights + keyWeights, row);
      for (std::size_t at = 0; at < length; at += kPositions) {
        const std::size_t count = std::min(kPositions, length - at);
        const std::uint16_t* x = rows.row(at).data() + shape.ropeDim;
        const MatrixView<float> key(keys, count, shape.queryDim());
        const MatrixView<float> value(values, count, shape.valueDim);
        kernels().productBf16(wK.keys(), wK.keyPairs(), x, width, count,
                              {keys, key.stride(), shape.nopeDim, nullptr, false});
        for (std::size_t t = 0; t < count; ++t) {
          kernels().expandBf16(rows.row(at + t).data(), key.row(t).data() + shape.nopeDim,
                               shape.ropeDim);
        }
        kernels().productBf16(wV.keys(), wV.keyPairs(), x, width, count,
                              {values, value.stride(), shape.valueDim, nullptr, false});
        heads[h].put(at, key, value);
      }
    }
  });
  return heads;
}

}  // namespace vl
