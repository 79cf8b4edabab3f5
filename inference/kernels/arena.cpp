#include "inference/kernels/arena.h"

#include <algorithm>
#include <new>

namespace vl {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr std::size_t kMinChunkBytes = std::size_t{1} << 20;

}  // namespace

void Arena::Free::operator()(std::byte* bytes) const { ::operator delete[](bytes, kAlignment); }

std::size_t Arena::bytes() const {
  std::size_t sum = 0;
  for (const Chunk& chunk : chunks_) sum += chunk.size;
  return sum;
}

std::byte* Arena::takeBytes(std::size_t count) {
  constexpr auto kLine = static_cast<std::size_t>(kAlignment);
  count = (count + kLine - 1) / kLine * kLine;
  while (chunk_ < chunks_.size() && chunks_[chunk_].size - used_ < count) {
    ++chunk_;
    used_ = 0;
  }
  if (chunk_ == chunks_.size()) {
    const std::size_t size = std::max(count, kMinChunkBytes);
    chunks_.push_back(
        {{static_cast<std::byte*>(::operator new[](size, kAlignment)), Free()}, size});
  }
  std::byte* taken = chunks_[chunk_].bytes.get() + used_;
  used_ += count;
  return taken;
}

}  // namespace vl
