#include "ui/answer/grounded_document.h"

#include <QCoreApplication>
#include <QTextCharFormat>
#include <QTextCursor>
#include <QTextDocument>
#include <QUrl>

#include "inference/text/grounding_parser.h"
#include "ui/answer/markdown_formats.h"
#include "ui/widgets/safe_text.h"

namespace vl {
namespace {

constexpr std::string_view kGroundingTag = "<|grounding|>";

struct GroundedDocument {
  Q_DECLARE_TR_FUNCTIONS(GroundedDocument)
};

QTextCursor startWriting(QTextDocument& document) {
  document.clear();
  QTextCursor cursor(&document);
  cursor.setBlockFormat(paragraphFormat());  // later blocks inherit it
  return cursor;
}

}  // namespace

void writeQuestion(QTextDocument& document, std::string_view raw) {
  QTextCursor cursor = startWriting(document);
  const bool grounded = raw.starts_with(kGroundingTag);
  if (grounded) {
    raw.remove_prefix(kGroundingTag.size());
    cursor.insertText(GroundedDocument::tr("With boxes: "), mutedFormat());
  }
  const GroundedText question = parseGrounding(raw);
  if (question.spans.size() == 1 && question.spans.front().isPhrase) {
    cursor.insertText(GroundedDocument::tr("Locate: "), mutedFormat());
  }
  QTextCharFormat phrase;
  phrase.setFontWeight(QFont::DemiBold);
  for (const GroundedSpan& span : question.spans) {
    cursor.insertText(safeText(span.text), span.isPhrase ? phrase : QTextCharFormat());
  }
}

std::optional<BoxRange> boxesOfLink(const QUrl& link) {
  if (link.scheme() != "boxes") return std::nullopt;
  const QStringList numbers = link.path().split(',');
  if (numbers.size() != 2) return std::nullopt;
  bool firstOk = false;
  bool countOk = false;
  const BoxRange range{numbers[0].toULongLong(&firstOk), numbers[1].toULongLong(&countOk)};
  return firstOk && countOk ? std::optional(range) : std::nullopt;
}

QString questionTitle(std::string_view raw) {
  if (raw.starts_with(kGroundingTag)) raw.remove_prefix(kGroundingTag.size());
  return safeText(parseGrounding(raw).displayText()).simplified();
}

}  // namespace vl
