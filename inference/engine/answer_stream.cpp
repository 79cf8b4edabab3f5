#include "inference/engine/answer_stream.h"

#include <string>
#include <utility>

#include "inference/base/coordinates.h"

namespace vl {

AnswerStream::AnswerStream(const Tokenizer& tokenizer, const GenerateCallbacks& on,
                           std::optional<std::size_t> image, ImageSize size)
    : on_(on), image_(image), size_(size), decoder_(tokenizer) {}

void AnswerStream::push(TokenId id) { take(decoder_.push(id)); }

void AnswerStream::take(std::string_view text) {
  if (text.empty()) return;
  raw_ += text;
  if (on_.text) on_.text(text);
  parser_.feed(text);
  reportNewBoxes();
}

void AnswerStream::reportNewBoxes() {
  if (!on_.box || !image_) return;
  const std::vector<GroundedSpan>& spans = parser_.result().spans;
  reported_.resize(spans.size(), 0);
  for (std::size_t s = 0; s < spans.size(); ++s) {
    for (; reported_[s] < spans[s].boxes.size(); ++reported_[s]) {
      on_.box(boxOf(spans[s], spans[s].boxes[reported_[s]]));
    }
  }
}

GroundedBox AnswerStream::boxOf(const GroundedSpan& span, const GridBox& grid) const {
  return {.label = span.text, .image = *image_, .grid = grid, .pixels = toPixels(grid, size_)};
}

void AnswerStream::finish(GenerateSummary& summary) {
  take(decoder_.finish());
  parser_.finish();
  reportNewBoxes();
  const GroundedText& grounded = parser_.result();
  summary.raw = std::move(raw_);
  summary.text = grounded.displayText();
  summary.warnings = grounded.warnings;
  std::size_t homeless = 0;
  for (const GroundedSpan& span : grounded.spans) {
    for (const GridBox& grid : span.boxes) {
      if (image_) {
        summary.boxes.push_back(boxOf(span, grid));
      } else {
        ++homeless;
      }
    }
  }
  if (homeless > 0) {
    summary.warnings.push_back("The answer has " + std::to_string(homeless) +
                               " boxes, but the conversation has no image they could be on.");
  }
}

}  // namespace vl
