#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "inference/engine/request.h"
#include "inference/text/grounding_parser.h"
#include "inference/text/tokenizer.h"

namespace vl {

/// Turns generated tokens into streamed text and boxes. Not thread-safe.
class AnswerStream {
 public:
  /// image, size: what boxes refer to; without it they are reported as warnings. All references
  /// must outlive the stream.
  AnswerStream(const Tokenizer& tokenizer, const GenerateCallbacks& on,
               std::optional<std::size_t> image, ImageSize size);

  void push(TokenId id);
  /// Settles what is unfinished and moves text, boxes and warnings into the summary.
  void finish(GenerateSummary& summary);

 private:
  void take(std::string_view text);
  void reportNewBoxes();
  GroundedBox boxOf(const GroundedSpan& span, const GridBox& grid) const;

  const GenerateCallbacks& on_;
  std::optional<std::size_t> image_;
  ImageSize size_;
  StreamDecoder decoder_;
  GroundingParser parser_;
  std::string raw_;
  std::vector<std::size_t> reported_;  // boxes handed out, per span
};

}  // namespace vl
