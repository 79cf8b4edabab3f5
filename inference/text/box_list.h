#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/grounding_types.h"

namespace vl {

/// What one [x1, y1, x2, y2] says.
struct ParsedBox {
  std::optional<GridBox> box;  // nothing: the text is no box
  std::string complaint;       // empty, or what is odd about the text, as the start of a sentence
};

/// Reads the text between the brackets of a box: four decimal numbers with commas, a comma at the
/// end allowed. Digits may be grouped as in 1_000, as upstream's Python literals. Nothing is
/// evaluated. The result is clamped to 0..999 and its corners are ordered.
ParsedBox parseBox(std::string_view inside);

/// What can be known of a box whose text breaks off: numbers with a comma behind them are whole.
/// Edges without a number yet lie at the edges of the grid. Nothing before the first number, or
/// when one is none.
std::optional<GridBox> parseUnfinishedBox(std::string_view inside);

/// Where a BoxListReader puts what it finds.
struct BoxListOutput {
  std::vector<GridBox>& boxes;
  std::vector<std::string>& warnings;  // one sentence per malformed piece, with the raw text
};

/// Reads what stands between <|det|> and <|/det|>, byte by byte: lists of boxes, nested at will.
/// Not thread-safe.
class BoxListReader {
 public:
  /// False: the list was over and this byte begins prose. It has not been taken, and tail() is
  /// prose too.
  bool take(char c, BoxListOutput out);
  /// No more bytes follow: reports what is unfinished.
  void finish(BoxListOutput out);
  /// Blanks and commas since the last bracket of a list that is over.
  std::string_view tail() const { return tail_; }
  /// The box that is being read.
  std::optional<GridBox> unfinished() const {
    return box_ ? parseUnfinishedBox(*box_) : std::nullopt;
  }
  /// Everything taken so far.
  std::string_view raw() const { return raw_; }

 private:
  void settleBox(BoxListOutput out);
  void settleStray(BoxListOutput out);

  std::size_t depth_ = 0;           // open brackets
  bool sawBracket_ = false;         // any bracket so far
  std::optional<std::string> box_;  // what follows the innermost [ so far
  std::string stray_;               // text between boxes that should not be there
  std::string tail_;
  std::string raw_;
};

}  // namespace vl
