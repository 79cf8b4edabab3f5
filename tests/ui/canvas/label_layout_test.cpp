#include "ui/canvas/label_layout.h"

#include <QTest>
#include <random>

#include "tests/ui/ui_test.h"

namespace vl::test {

class LabelLayoutTest : public QObject {
  Q_OBJECT
 private slots:
  void aLabelStandsAboveItsBoxWhereThereIsRoom() {
    const QRectF frame(100, 100, 80, 60);
    const QRectF place = placeLabels({{frame, {50, 20}}}, kView).front();
    QVERIFY(place.bottom() <= frame.top() && place.left() <= frame.left());
  }

  void aBoxAtTheTopHasItsLabelInside() {
    const QRectF frame(100, 2, 200, 150);
    QVERIFY(frame.contains(placeLabels({{frame, {50, 20}}}, kView).front()));
  }

  void labelsOfEqualBoxesDoNotCoverEachOther() {
    const QRectF frame(200, 150, 120, 90);
    const std::vector<QRectF> places =
        placeLabels(std::vector<LabelWish>(9, {frame, {70, 20}}), kView);
    for (std::size_t i = 0; i < places.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) QVERIFY(!places[i].intersects(places[j]));
    }
  }

  void noLabelLeavesTheView() {
    std::mt19937 random(11);
    std::uniform_real_distribution<double> x(-400, 1000), y(-300, 800), side(1, 900);
    for (int round = 0; round < 300; ++round) {
      std::vector<LabelWish> wishes(30);
      for (LabelWish& wish : wishes) {
        wish = {{x(random), y(random), side(random), side(random)},
                {std::min(side(random) / 2, 300.0), 20}};
      }
      for (const QRectF& place : placeLabels(wishes, kView)) QVERIFY(kView.contains(place));
    }
  }

  void aLabelWiderThanTheViewBeginsInIt() {
    const QRectF place = placeLabels({{{10, 50, 20, 20}, {900, 20}}}, kView).front();
    QVERIFY(place.left() >= 0 && place.left() < 10);
  }

 private:
  static constexpr QRectF kView{0, 0, 640, 480};
};

static const Registered<LabelLayoutTest> kLabelLayoutTest;

}  // namespace vl::test

#include "label_layout_test.moc"
