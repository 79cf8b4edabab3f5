#include "ui/label_palette.h"

#include <QTest>
#include <cmath>
#include <set>

#include "tests/ui/ui_test.h"

namespace vl::test {
namespace {

double luminance(const QColor& colour) {
  const auto linear = [](double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
         0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double la = luminance(a) + 0.05;
  const double lb = luminance(b) + 0.05;
  return std::max(la, lb) / std::min(la, lb);
}

}  // namespace

class LabelPaletteTest : public QObject {
  Q_OBJECT
 private slots:
  void aLabelKeepsItsColour() {
    LabelPalette palette;
    const QColor dog = palette.colour("dog");
    palette.colour("cat");
    QCOMPARE(palette.colour("dog"), dog);
    QCOMPARE(palette.colour("  Dog "), dog);
  }

  void sevenLabelsHaveSevenColours() {
    LabelPalette palette;
    std::set<QRgb> colours;
    for (int i = 0; i < 7; ++i) colours.insert(palette.colour(QString::number(i)).rgb());
    QCOMPARE(colours.size(), std::size_t{7});
    palette.colour("an eighth");
  }

  void labelTextIsReadableOnEveryColour() {
    LabelPalette palette;
    for (int i = 0; i < 7; ++i) {
      const QColor colour = palette.colour(QString::number(i));
      // WCAG 2.1, level AA for normal text
      QVERIFY2(contrast(colour, readableOn(colour)) >= 4.5, qPrintable(colour.name()));
    }
  }
};

static const Registered<LabelPaletteTest> kLabelPaletteTest;

}  // namespace vl::test

#include "label_palette_test.moc"
