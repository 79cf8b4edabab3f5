// Any bytes as model output: the result is sound, and the same however the bytes arrive.

#include <cstdint>
#include <cstdlib>

#include "inference/base/coordinates.h"
#include "inference/text/grounding_parser.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const vl::GroundedText whole = vl::parseGrounding(raw);
  for (const vl::GroundedSpan& span : whole.spans) {
    require(span.complete || !span.isPhrase);
    require(span.isPhrase || span.boxes.empty());
    for (const vl::GridBox& box : span.boxes) {
      require(0 <= box.x1 && box.x1 <= box.x2 && box.x2 <= vl::kGridMax);
      require(0 <= box.y1 && box.y1 <= box.y2 && box.y2 <= vl::kGridMax);
    }
  }
  // Pieces of a length that the input itself gives.
  const std::size_t step = size == 0 ? 1 : 1 + data[0] % 16;
  vl::GroundingParser parser;
  for (std::size_t at = 0; at < size; at += step) parser.feed(raw.substr(at, step));
  parser.finish();
  require(parser.result().spans == whole.spans);
  require(parser.result().warnings == whole.warnings);
  return 0;
}
