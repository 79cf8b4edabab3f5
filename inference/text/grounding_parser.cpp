#include "inference/text/grounding_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vl {
namespace {

bool isWhiteSpace(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

}  // namespace

std::string GroundedText::displayText() const {
  std::string text;
  for (const GroundedSpan& span : spans) text += span.text;
  return text;
}

void GroundingParser::feed(std::string_view raw) {
  while (!raw.empty()) {
    if (held_.empty() && where_ != Where::Boxes) {
      const std::size_t plain = std::min(raw.find('<'), raw.size());
      onText(raw.substr(0, plain));
      raw.remove_prefix(plain);
      if (raw.empty()) break;
    }
    take(raw.front());
    raw.remove_prefix(1);
  }
}

void GroundingParser::take(char c) {
  static constexpr std::pair<std::string_view, Tag> kTags[] = {{"<|ref|>", Tag::RefOpen},
                                                               {"<|/ref|>", Tag::RefClose},
                                                               {"<|det|>", Tag::DetOpen},
                                                               {"<|/det|>", Tag::DetClose},
                                                               {"<|grounding|>", Tag::Grounding}};
  held_ += c;
  for (const auto& [text, tag] : kTags) {
    if (text == held_) {
      held_.clear();
      return onTag(tag);
    }
    if (text.substr(0, held_.size()) == held_) return;
  }
  // No tag. Only a '<' begins one, so a new one can begin here but nowhere before.
  const bool mayBegin = c == '<' && held_.size() > 1;
  if (mayBegin) held_.pop_back();
  const std::string text = std::move(held_);
  held_.assign(mayBegin ? 1 : 0, '<');
  onText(text);
}

void GroundingParser::onText(std::string_view text) {
  switch (where_) {
    case Where::Prose:
      return onProse(text);
    case Where::Phrase:
      current().text += text;
      hasLineBreak_ |= text.find('\n') != std::string_view::npos;
      return;
    case Where::Boxes:
      for (std::size_t i = 0; i < text.size(); ++i) {
        if (boxes_.take(text[i], {current().boxes, result_.warnings})) continue;
        const std::string prose = std::string(boxes_.tail()).append(text.substr(i));
        warn("<|/det|> is missing", "<|det|>" + std::string(boxes_.raw()));
        closeBoxes();
        return onProse(prose);
      }
  }
}

void GroundingParser::onProse(std::string_view text) {
  if (text.empty()) return;
  if (!isWhiteSpace(text)) endRow();
  if (result_.spans.empty() || result_.spans.back().isPhrase) result_.spans.emplace_back();
  result_.spans.back().text += text;
}

void GroundingParser::onTag(Tag tag) {
  if (tag == Tag::Grounding) return;  // asks for boxes in a prompt; says nothing in an answer
  if (where_ == Where::Phrase) return onTagInPhrase(tag);
  if (where_ == Where::Boxes) return onTagInBoxes(tag);
  if (tag == Tag::RefOpen) return openPhrase();
  if (tag == Tag::DetOpen) return openBoxes();
  warn("A closing tag has no opening tag", tag == Tag::RefClose ? "<|/ref|>" : "<|/det|>");
}

void GroundingParser::onTagInPhrase(Tag tag) {
  if (tag == Tag::RefClose) return closePhrase();
  if (tag == Tag::RefOpen && !hasLineBreak_) {
    // As upstream: the tag vanishes and the phrase goes on.
    return warn("A phrase is opened inside a phrase", "<|ref|>");
  }
  warn("<|/ref|> is missing", "<|ref|>" + current().text);
  if (tag == Tag::RefOpen) {
    // Upstream's phrases end with the line, so the earlier tag opened none.
    turnPhraseIntoProse();
    return openPhrase();
  }
  closePhrase();
  if (tag == Tag::DetOpen) openBoxes();
}

void GroundingParser::onTagInBoxes(Tag tag) {
  if (tag == Tag::DetClose) return closeBoxes();
  if (tag == Tag::DetOpen) return warn("A list of boxes is opened inside a list", "<|det|>");
  warn("<|/det|> is missing", "<|det|>" + std::string(boxes_.raw()));
  closeBoxes();
  if (tag == Tag::RefOpen) openPhrase();
}

void GroundingParser::openPhrase() {
  where_ = Where::Phrase;
  afterBoxes_ = false;
  hasLineBreak_ = false;
  hasBoxesAlready_ = !unnamed_.empty();
  if (hasBoxesAlready_) {
    current_ = unnamed_.front().span;
    unnamed_.pop_front();
    current().complete = false;
  } else {
    appendPhraseSpan();
  }
}

void GroundingParser::appendPhraseSpan() {
  current_ = result_.spans.size();
  result_.spans.emplace_back().isPhrase = true;
}

void GroundingParser::closePhrase() {
  where_ = Where::Prose;
  if (hasBoxesAlready_) {
    current().complete = true;
  } else {
    waitingInRow_.push_back(current_);
  }
}

void GroundingParser::turnPhraseIntoProse() {
  if (hasBoxesAlready_) return closePhrase();
  where_ = Where::Prose;
  const std::string text = std::move(current().text);  // the last span: it was opened last
  result_.spans.pop_back();
  onProse(text);
}

void GroundingParser::openBoxes() {
  const bool follows = afterBoxes_ && unnamed_.empty();
  isSecondList_ = false;
  if (!waitingInRow_.empty()) {
    current_ = waitingInRow_.front();
    waitingInRow_.pop_front();
  } else if (!waitingEarlier_.empty()) {
    current_ = waitingEarlier_.front();
    waitingEarlier_.pop_front();
  } else if (follows) {
    isSecondList_ = true;  // of current_
  } else {
    appendPhraseSpan();
    unnamed_.push_back({current_, {}});
  }
  current().complete = false;
  where_ = Where::Boxes;
}

void GroundingParser::closeBoxes() {
  const std::string raw = "<|det|>" + std::string(boxes_.raw());
  boxes_.finish({current().boxes, result_.warnings});
  if (isSecondList_) warn("A phrase has more than one list of boxes", raw);
  if (!unnamed_.empty() && unnamed_.back().span == current_) unnamed_.back().raw = raw;
  current().complete = true;
  where_ = Where::Prose;
  afterBoxes_ = true;
}

void GroundingParser::endRow() {
  waitingEarlier_.insert(waitingEarlier_.end(), waitingInRow_.begin(), waitingInRow_.end());
  waitingInRow_.clear();
  for (const UnnamedList& list : unnamed_) warn("A list of boxes has no phrase", list.raw);
  unnamed_.clear();
  afterBoxes_ = false;
}

void GroundingParser::finish() {
  const std::string cutOff = std::exchange(held_, {});
  if (cutOff == "<") onText(cutOff);  // a plain character, more likely than a tag
  if (cutOff.size() > 1) warn("A tag is cut off", cutOff);
  if (where_ == Where::Phrase) {
    warn("<|/ref|> is missing", "<|ref|>" + current().text);
    if (hasLineBreak_) {
      turnPhraseIntoProse();
    } else {
      closePhrase();
    }
  } else if (where_ == Where::Boxes) {
    warn("<|/det|> is missing", "<|det|>" + std::string(boxes_.raw()));
    closeBoxes();
  }
  endRow();
  for (const std::size_t span : waitingEarlier_) {
    warn("A phrase has no boxes", result_.spans[span].text);
    result_.spans[span].complete = true;
  }
  waitingEarlier_.clear();
}

std::optional<UnfinishedBox> GroundingParser::unfinished() const {
  if (where_ != Where::Boxes) return std::nullopt;
  const std::optional<GridBox> grid = boxes_.unfinished();
  if (!grid) return std::nullopt;
  return UnfinishedBox{result_.spans[current_].text, *grid};
}

void GroundingParser::warn(std::string_view what, std::string_view raw) {
  result_.warnings.push_back(std::string(what) + ": \"" + std::string(raw) + "\".");
}

GroundedText parseGrounding(std::string_view raw) {
  GroundingParser parser;
  parser.feed(raw);
  parser.finish();
  return parser.result();
}

}  // namespace vl
