#include "inference/engine/kv_session.h"

#include <algorithm>
#include <cassert>

namespace vl {

std::vector<PromptPosition> positionsOf(const Prompt& prompt, std::span<const ImageSource> images) {
  assert(prompt.images.size() == images.size());
  std::vector<PromptPosition> positions;
  positions.reserve(prompt.ids.size());
  for (const TokenId id : prompt.ids) positions.push_back({.token = id});
  for (std::size_t i = 0; i < images.size(); ++i) {
    const ImageSpan& span = prompt.images[i];
    for (std::size_t row = 0; row < span.count; ++row) {
      PromptPosition& position = positions[span.begin + row];
      position.image = images[i].fingerprint;
      position.imageRow = static_cast<std::uint32_t>(row);
    }
  }
  return positions;
}

std::size_t KvSession::reuse(std::span<const PromptPosition> prompt) {
  assert(!prompt.empty());
  const auto [held, wanted] =
      std::mismatch(held_.begin(), held_.end(), prompt.begin(), prompt.end() - 1);
  held_.erase(held, held_.end());
  cache_.truncate(held_.size());
  return held_.size();
}

void KvSession::clear() {
  held_.clear();
  cache_.truncate(0);
}

void KvSession::append(std::span<const PromptPosition> positions) {
  held_.insert(held_.end(), positions.begin(), positions.end());
  assert(held_.size() == cache_.length());
}

}  // namespace vl
