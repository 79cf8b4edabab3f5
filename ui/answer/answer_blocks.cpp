#include "ui/answer/answer_blocks.h"

#include <QStringList>
#include <algorithm>
#include <utility>

#include "ui/widgets/safe_text.h"

namespace vl {
namespace {

std::string_view withoutLineEnd(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

bool isBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// "- ", "* ", "+ ", "12. ", "3) ", or one of them alone on its line.
bool beginsListItem(std::string_view line) {
  constexpr std::size_t kMostDigits = 9;  // CommonMark 5.2
  line = withoutLineEnd(line);
  std::size_t marker = 0;
  while (marker < line.size() && marker < kMostDigits && isDigit(line[marker])) ++marker;
  if (marker == line.size()) return marker > 0;  // perhaps its point is still to come
  const std::string_view ends = marker > 0 ? ".)" : "-*+";
  if (ends.find(line[marker]) == std::string_view::npos) return false;
  return marker + 1 == line.size() || line[marker + 1] == ' ' || line[marker + 1] == '\t';
}

/// Follows fenced code (CommonMark 4.5), in which empty lines separate nothing.
class FenceReader {
 public:
  bool isInside() const { return length_ > 0; }

  void read(std::string_view line) {
    line = withoutLineEnd(line);
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (indent > 3) return;
    line.remove_prefix(indent);
    if (line.empty() || (line[0] != '`' && line[0] != '~')) return;
    const std::size_t length = std::min(line.find_first_not_of(line[0]), line.size());
    if (length < 3) return;
    const std::string_view rest = line.substr(length);
    if (isInside()) {
      if (line[0] == character_ && length >= length_ && isBlank(rest)) length_ = 0;
    } else if (line[0] == '~' || rest.find('`') == std::string_view::npos) {
      character_ = line[0];
      length_ = length;
    }
  }

 private:
  char character_ = 0;
  std::size_t length_ = 0;  // of the opening fence; 0: outside
};

/// One text for the whole answer, with marks and the phrases they stand for.
AnswerBlock joined(const GroundedText& answer) {
  AnswerBlock whole;
  std::size_t box = 0;
  bool afterPhrase = false;
  for (const GroundedSpan& span : answer.spans) {
    QString text = safeText(span.text);
    if (whole.markdown.empty()) {  // models like to begin with a space
      while (!text.isEmpty() && text.front().isSpace()) text.remove(0, 1);
    }
    if (text.isEmpty() && span.boxes.empty()) continue;
    if (span.isPhrase) {
      if (afterPhrase) whole.markdown += ' ';
      whole.markdown += kPhraseMark;
      whole.phrases.push_back({text.replace('\n', ' '), box, span.boxes.size()});
    } else {
      whole.markdown += text.toStdString();
    }
    box += span.boxes.size();
    afterPhrase = span.isPhrase;
  }
  return whole;
}

}  // namespace

std::vector<AnswerBlock> answerBlocks(const GroundedText& answer) {
  AnswerBlock whole = joined(answer);
  std::vector<AnswerBlock> blocks;
  FenceReader fence;
  bool afterBlank = true;
  std::string_view rest = whole.markdown;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    const bool blank = isBlank(line);
    const bool belongs =
        fence.isInside() || line[0] == ' ' || line[0] == '\t' || beginsListItem(line);
    if (blank && blocks.empty()) continue;
    if (blocks.empty() || (afterBlank && !blank && !belongs)) blocks.emplace_back();
    blocks.back().markdown += line;
    fence.read(line);
    afterBlank = blank;
  }

  auto phrase = whole.phrases.begin();
  for (AnswerBlock& block : blocks) {
    block.markdown.erase(block.markdown.find_last_not_of(" \t\r\n") + 1);
    for (std::size_t at = block.markdown.find(kPhraseMark); at != std::string::npos;
         at = block.markdown.find(kPhraseMark, at + kPhraseMark.size())) {
      block.phrases.push_back(std::move(*phrase++));
    }
  }
  return blocks;
}

QString answerMarkdown(const GroundedText& answer) {
  const AnswerBlock whole = joined(answer);
  QString markdown;
  const QStringList pieces =
      QString::fromStdString(whole.markdown).split(QChar::ObjectReplacementCharacter);
  for (qsizetype i = 0; i < pieces.size(); ++i) {
    if (i > 0) markdown += whole.phrases[static_cast<std::size_t>(i - 1)].text;
    markdown += pieces[i];
  }
  return markdown;
}

}  // namespace vl
