#include "ui/grounded_document.h"

#include <QCoreApplication>
#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextCursor>
#include <QTextDocument>
#include <QUrl>
#include <algorithm>
#include <string>

#include "ui/theme.h"

namespace vl {
namespace {

constexpr std::string_view kGroundingTag = "<|grounding|>";
constexpr double kLineHeight = 125;  // percent: room for the underlines, easier on the eye
constexpr int kPhraseTint = 60;      // of 255: keeps the contrast of text on base above 7:1

QString tr(const char* text) { return QCoreApplication::translate("GroundedDocument", text); }

/// Plain text as QTextDocument can take it: its own structure characters become U+FFFD, other
/// control characters go.
QString safeText(std::string_view utf8) {
  QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
  for (QChar& character : text) {
    const char16_t code = character.unicode();
    const bool structure = code == 0xFFFC || (code >= 0xFDD0 && code <= 0xFDEF);
    const bool control = code < 0x20 && code != u'\n' && code != u'\t';
    if (structure || control) character = QChar::ReplacementCharacter;
  }
  return text;
}

QTextCharFormat phraseFormat(const GroundedSpan& span, std::size_t firstBox,
                             LabelPalette& palette) {
  QTextCharFormat format;
  if (span.boxes.empty()) {
    format.setUnderlineStyle(QTextCharFormat::DotLine);
    format.setUnderlineColor(Theme::colours().muted);
    return format;
  }
  const QColor colour = palette.colour(safeText(span.text));
  QColor tint = colour;
  tint.setAlpha(kPhraseTint);
  format.setBackground(tint);
  format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
  format.setUnderlineColor(colour);
  format.setAnchor(true);
  format.setAnchorHref(QString("boxes:%1,%2").arg(firstBox).arg(span.boxes.size()));
  return format;
}

QTextCursor startWriting(QTextDocument& document) {
  document.clear();
  QTextCursor cursor(&document);
  QTextBlockFormat block;
  block.setLineHeight(kLineHeight, QTextBlockFormat::ProportionalHeight);
  cursor.setBlockFormat(block);  // later blocks inherit it
  return cursor;
}

QTextCharFormat mutedFormat() {
  QTextCharFormat format;
  format.setForeground(Theme::colours().muted);
  return format;
}

}  // namespace

void writeAnswer(QTextDocument& document, const GroundedText& answer, LabelPalette& palette) {
  QTextCursor cursor = startWriting(document);
  cursor.beginEditBlock();
  std::size_t box = 0;
  bool afterPhrase = false;
  for (const GroundedSpan& span : answer.spans) {
    QString text = safeText(span.text);
    if (cursor.atStart()) {  // models like to begin with a space
      while (!text.isEmpty() && text.front().isSpace()) text.remove(0, 1);
    }
    if (text.isEmpty() && span.boxes.empty()) continue;
    if (span.isPhrase && afterPhrase) cursor.insertText(" ", QTextCharFormat());
    cursor.insertText(text, span.isPhrase ? phraseFormat(span, box, palette) : QTextCharFormat());
    if (span.boxes.size() > 1) {
      cursor.insertText(QString::fromUtf8(" ×%1").arg(span.boxes.size()), mutedFormat());
    }
    box += span.boxes.size();
    afterPhrase = span.isPhrase;
  }
  cursor.endEditBlock();
}

void writeQuestion(QTextDocument& document, std::string_view raw) {
  QTextCursor cursor = startWriting(document);
  const bool grounded = raw.starts_with(kGroundingTag);
  if (grounded) {
    raw.remove_prefix(kGroundingTag.size());
    cursor.insertText(tr("With boxes: "), mutedFormat());
  }
  const GroundedText question = parseGrounding(raw);
  if (question.spans.size() == 1 && question.spans.front().isPhrase) {
    cursor.insertText(tr("Locate: "), mutedFormat());
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
