#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/grounding_types.h"

namespace vl {

/// One piece of an answer: plain text, or a phrase with the boxes that belong to it.
struct GroundedSpan {
  std::string text;  // plain text, or the phrase between <|ref|> and <|/ref|>
  bool isPhrase = false;
  std::vector<GridBox> boxes;  // of a phrase, complete boxes in the order written
  bool complete = false;       // a phrase: <|/det|> was seen, or it can get no more boxes
  bool operator==(const GroundedSpan&) const = default;
};

/// What has been understood so far.
struct GroundedText {
  std::vector<GroundedSpan> spans;
  std::vector<std::string> warnings;  // one sentence per malformed piece, with the raw text
  /// The text for reading: plain text and phrases, without tags and coordinates.
  std::string displayText() const;
};

/// Streaming, tolerant parser of grounding output (SPEC section 10 describes the official one).
/// Accepts ints and decimals, clamps to 0..999, orders swapped corners, keeps every good box when
/// another is malformed and reports the bad one; never evaluates anything. A box counts once its
/// closing bracket has been read. Any split of the input gives the same result. Linear in the
/// input. Not thread-safe.
class GroundingParser {
 public:
  /// Takes the next piece of raw model output (UTF-8, any split between code points).
  void feed(std::string_view raw);
  /// The output has ended: an unfinished tag, box or phrase is settled and reported.
  void finish();
  /// Everything understood so far; a tag that may still be completed is held back.
  const GroundedText& result() const { return result_; }

 private:
  GroundedText result_;
};

/// feed + finish.
GroundedText parseGrounding(std::string_view raw);

}  // namespace vl
