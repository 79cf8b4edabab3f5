#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace vl {

/// Calls `take(begin, end)` for each piece of a message that a person reads: what lies between
/// grounding tags, without the coordinates of boxes. Storage searches and shows such text only in
/// passing; what a message means is the grounding parser's business.
template <typename Take>
void forEachReadablePiece(std::string_view raw, Take take) {
  constexpr std::string_view kBoxes = "<|det|>", kBoxesEnd = "<|/det|>";
  constexpr std::array<std::string_view, 5> kTags = {"<|ref|>", "<|/ref|>", kBoxes, kBoxesEnd,
                                                     "<|grounding|>"};
  std::size_t begin = 0;
  // the end of the coordinates, found once for a text that opens many and closes none
  bool closes = true;
  for (std::size_t at = raw.find("<|"); at != raw.npos; at = raw.find("<|", at)) {
    std::size_t length = 0;
    for (const std::string_view tag : kTags) {
      if (raw.substr(at, tag.size()) == tag) length = tag.size();
    }
    if (length == 0) {
      at += 2;
      continue;
    }
    if (at > begin) take(begin, at);
    if (closes && raw.substr(at, length) == kBoxes) {
      const std::size_t close = raw.find(kBoxesEnd, at);
      closes = close != raw.npos;
      if (closes) length = close + kBoxesEnd.size() - at;
    }
    begin = at += length;
  }
  if (raw.size() > begin) take(begin, raw.size());
}

}  // namespace vl
