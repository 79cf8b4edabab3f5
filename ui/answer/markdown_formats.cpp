#include "ui/answer/markdown_formats.h"

#include <QFontDatabase>
#include <algorithm>
#include <array>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr double kLineHeight = 125;  // percent: room for the underlines, easier on the eye
constexpr int kPhraseTint = 60;      // of 255: keeps the contrast of text on base above 7:1
constexpr int kCellPadding = 6;
constexpr int kCodePadding = 10;

}  // namespace

QTextBlockFormat paragraphFormat() {
  QTextBlockFormat format;
  format.setLineHeight(kLineHeight, QTextBlockFormat::ProportionalHeight);
  return format;
}

QTextCharFormat mutedFormat() {
  QTextCharFormat format;
  format.setForeground(Theme::colours().muted);
  return format;
}

QTextCharFormat codeSpanFormat() {
  const QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  QTextCharFormat format;
  format.setFontFamilies(fixed.families());
  format.setFontFixedPitch(true);
  format.setBackground(Theme::colours().code);
  return format;
}

QTextCharFormat linkFormat(const QString& address) {
  QTextCharFormat format;
  format.setAnchor(true);
  format.setAnchorHref(address);
  format.setToolTip(address.toHtmlEscaped());
  format.setForeground(Theme::colours().accent);
  format.setFontUnderline(true);
  return format;
}

QTextCharFormat phraseFormat(const AnswerPhrase& phrase, LabelPalette& palette) {
  QTextCharFormat format;
  if (phrase.boxes == 0) {
    format.setUnderlineStyle(QTextCharFormat::DotLine);
    format.setUnderlineColor(Theme::colours().muted);
    return format;
  }
  const QColor colour = palette.colour(phrase.text);
  QColor tint = colour;
  tint.setAlpha(kPhraseTint);
  format.setBackground(tint);
  format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
  format.setUnderlineColor(colour);
  format.setAnchor(true);
  format.setAnchorHref(QString("boxes:%1,%2").arg(phrase.firstBox).arg(phrase.boxes));
  return format;
}

QTextCharFormat headingFormat(int level, const QFont& base) {
  constexpr std::array kSizes{1.4, 1.25, 1.12, 1.0};  // of the text; deeper ones as the last
  const std::size_t index = static_cast<std::size_t>(std::max(level, 1) - 1);
  QTextCharFormat format;
  format.setFontWeight(QFont::DemiBold);
  format.setFontPointSize(base.pointSizeF() * kSizes[std::min(index, kSizes.size() - 1)]);
  return format;
}

QTextCharFormat codeTokenFormat(CodeToken token) {
  struct Colours {
    QRgb light;
    QRgb dark;
  };
  constexpr std::array<Colours, 4> kColours{{
      {0x8a2aa8, 0xd19df0},  // keywords
      {0x2c6e2f, 0x9cd08f},  // strings
      {0xa14a00, 0xf0b27a},  // numbers
      {0x5f6673, 0x9aa2b1},  // comments
  }};
  const Colours& colours = kColours[static_cast<std::size_t>(token)];
  const bool dark = Theme::colours().code.lightness() < 128;
  QTextCharFormat format;
  format.setForeground(QColor(dark ? colours.dark : colours.light));
  return format;
}

QTextTableFormat gridFormat() {
  QTextTableFormat format;
  format.setCellPadding(kCellPadding);
  format.setCellSpacing(0);
  format.setBorder(1);
  format.setBorderBrush(Theme::colours().border);
  format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
  format.setBorderCollapse(true);
  return format;
}

QTextTableFormat codeFormat() {
  QTextTableFormat format;
  format.setProperty(kCodeProperty, true);
  format.setCellPadding(kCodePadding);
  format.setCellSpacing(0);
  format.setBorder(0);
  format.setBackground(Theme::colours().code);
  format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
  return format;
}

}  // namespace vl
