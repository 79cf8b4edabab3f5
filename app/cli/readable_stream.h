#pragma once

#include <string>
#include <string_view>

#include "inference/text/grounding_parser.h"

namespace vl {

/// Turns raw model output into the readable text that each piece adds: without grounding tags and
/// coordinates. Not thread-safe.
class ReadableStream {
 public:
  /// What can be printed after this piece, possibly nothing.
  std::string push(std::string_view raw);
  /// What is still missing of the whole text. Malformed grounding can put a phrase before what has
  /// been printed; the whole text then comes again, on a line of its own.
  std::string finish(std::string_view whole) const;

 private:
  GroundingParser parser_;
  std::string printed_;
};

}  // namespace vl
