#include "ui/canvas/label_palette.h"

#include <QTest>
#include <set>

#include "tests/ui/ui_test.h"

namespace vl::test {

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
