#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/text/box_list.h"

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

/// A box of which only the first numbers have been written.
struct UnfinishedBox {
  std::string label;
  GridBox grid;  // edges without a number lie at the edges of the image
  bool operator==(const UnfinishedBox&) const = default;
};

/// Streaming, tolerant parser of grounding output (SPEC section 10 describes the official one).
/// Accepts ints and decimals, clamps to 0..999, orders swapped corners, keeps every good box when
/// another is malformed and reports the bad one; never evaluates anything. A box counts once its
/// closing bracket has been read. Any split of the input gives the same result. Linear in the
/// input. Not thread-safe.
///
/// Which phrase a list of boxes belongs to, where <|det|> does not simply follow <|/ref|>:
///   several phrases in a row (white space between), then lists in a row: in order, as upstream
///   prose between phrase and list: the earliest phrase still without one
///   a second list right behind the first: the same phrase
///   a list before any phrase: the phrase right behind it, or one without text
class GroundingParser {
 public:
  /// Takes the next piece of raw model output (UTF-8, any split between code points).
  void feed(std::string_view raw);
  /// The output has ended: an unfinished tag, box or phrase is settled and reported. Nothing may
  /// be fed afterwards.
  void finish();
  /// Everything understood so far; a tag that may still be completed is held back.
  const GroundedText& result() const { return result_; }
  /// The box that is being written right now.
  std::optional<UnfinishedBox> unfinished() const;

 private:
  enum class Where { Prose, Phrase, Boxes };
  enum class Tag { RefOpen, RefClose, DetOpen, DetClose, Grounding };
  /// A list of boxes that no phrase has claimed yet.
  struct UnnamedList {
    std::size_t span;
    std::string raw;
  };

  void take(char c);
  void onTag(Tag tag);
  void onTagInPhrase(Tag tag);
  void onTagInBoxes(Tag tag);
  void onText(std::string_view text);
  void onProse(std::string_view text);

  void openPhrase();
  void closePhrase();
  void turnPhraseIntoProse();
  void openBoxes();
  void closeBoxes();
  void endRow();

  void appendPhraseSpan();
  GroundedSpan& current() { return result_.spans[current_]; }
  void warn(std::string_view what, std::string_view raw);

  GroundedText result_;
  std::string held_;  // the beginning of what may become a tag
  Where where_ = Where::Prose;
  std::size_t current_ = 0;  // span of the open phrase or list, or of the one closed last

  // Of the open phrase:
  bool hasLineBreak_ = false;
  bool hasBoxesAlready_ = false;  // it claimed a list written before it

  // Of the open list:
  BoxListReader boxes_;
  bool isSecondList_ = false;

  // A row: phrases and lists with nothing but white space between them.
  std::deque<std::size_t> waitingInRow_;    // spans of phrases that have no list yet
  std::deque<std::size_t> waitingEarlier_;  // the same, before this row
  std::deque<UnnamedList> unnamed_;         // in this row
  bool afterBoxes_ = false;                 // the row ends with a list, whose span is current_
};

/// feed + finish.
GroundedText parseGrounding(std::string_view raw);

}  // namespace vl
