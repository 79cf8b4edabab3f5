#pragma once

#include <cstddef>
#include <vector>

#include "inference/kernels/arena.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/kv_panels.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// Widths of multi-head latent attention.
struct MlaShape {
  std::size_t heads;
  std::size_t nopeDim;
  std::size_t ropeDim;
  std::size_t valueDim;
  std::size_t latentDim;

  std::size_t queryDim() const { return nopeDim + ropeDim; }
  /// Rows of kv_b per head: of the key, then of the value.
  std::size_t expandedDim() const { return nopeDim + valueDim; }
};

/// Whether attention over expanded keys and values takes fewer multiplications than the absorbed
/// form, for `tokens` new ones at the end of `length`. Both multiply every head's kv_b: one with
/// the new tokens, the other with all of them, to save in each score and each weighted sum.
bool expandingPays(const MlaShape& shape, std::size_t tokens, std::size_t length);

/// Keys [nope, rope] and values of every head for the first `length` positions of a cache in
/// BF16, of which both stay in the frame.
///   latents  of the cache: keys [rope, latent]
///   kvB      [heads * expandedDim(), latent]
std::vector<KvPanels> expandHeads(Compute& compute, Arena::Frame& frame, const MlaShape& shape,
                                  const KvPanels& latents, std::size_t length,
                                  const WeightMatrix& kvB);

}  // namespace vl
