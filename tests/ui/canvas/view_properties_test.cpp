#include <QRectF>
#include <QTest>
#include <array>
#include <random>

#include "inference/base/coordinates.h"
#include "tests/ui/ui_test.h"
#include "ui/canvas/view_geometry.h"

namespace vl::test {
namespace {

constexpr int kCases = 4000;
constexpr std::array kRatios{1.0, 1.5, 2.0};

/// A view at random: any zoom, turn, place, screen and image.
struct RandomView {
  std::mt19937 random;
  QSizeF image;
  QSizeF widget;
  double ratio = 1;
  ViewGeometry view;

  explicit RandomView(unsigned seed) : random(seed) {
    image = QSizeF(whole(1, 12000), whole(1, 12000));
    widget = QSizeF(whole(160, 2500), whole(120, 1600));
    ratio = kRatios[random() % kRatios.size()];
    view.setWidget(widget, ratio);
    view.setImageSize(image);
    if (random() % 4 != 0) {  // the others stay fitted
      view.setZoom(std::exp(real(std::log(0.02), std::log(32))), pointInWidget());
      view.panBy({real(-2000, 2000), real(-2000, 2000)});
    }
    view.turn(whole(0, 3));
  }

  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); }
  double real(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  }
  QPointF pointInWidget() { return {real(0, widget.width()), real(0, widget.height())}; }
  QRectF boxInImage() {
    const QPointF a(real(0, image.width()), real(0, image.height()));
    const QPointF b(real(0, image.width()), real(0, image.height()));
    return QRectF(a, b).normalized();
  }
};

double cornersApart(const QRectF& a, const QRectF& b) {
  return std::max({std::abs(a.left() - b.left()), std::abs(a.top() - b.top()),
                   std::abs(a.right() - b.right()), std::abs(a.bottom() - b.bottom())});
}

}  // namespace

/// What holds for every view, tried on thousands of random ones with fixed seeds.
class ViewPropertiesTest : public QObject {
  Q_OBJECT
 private slots:
  void aBoxComesBackFromTheWidgetWithinHalfAPixel() {
    for (unsigned seed = 0; seed < kCases; ++seed) {
      RandomView any(seed);
      const QRectF box = any.boxInImage();
      const QTransform toWidget = any.view.imageToWidget();
      const QRectF back = toWidget.inverted().mapRect(toWidget.mapRect(box));
      QVERIFY2(cornersApart(back, box) < 0.5, qPrintable(QString("seed %1").arg(seed)));
    }
  }

  void aBoxOfTheModelsGridComesBackFromTheWidgetToItsGrid() {
    for (unsigned seed = 0; seed < kCases; ++seed) {
      RandomView any(seed);
      const ImageSize size{int(any.image.width()), int(any.image.height())};
      const auto grid = [&] { return double(any.whole(0, 999)); };
      const GridBox box{grid(), grid(), grid(), grid()};
      const PixelBox pixels = toPixels(box, size);
      const QTransform toWidget = any.view.imageToWidget();
      const QPointF first = toWidget.inverted().map(toWidget.map(QPointF(pixels.x1, pixels.y1)));
      const QPointF last = toWidget.inverted().map(toWidget.map(QPointF(pixels.x2, pixels.y2)));
      const GridBox back = toGrid({first.x(), first.y(), last.x(), last.y()}, size);
      const double apart = std::max({std::abs(back.x1 - box.x1), std::abs(back.y1 - box.y1),
                                     std::abs(back.x2 - box.x2), std::abs(back.y2 - box.y2)});
      QVERIFY2(apart < 1e-3, qPrintable(QString("seed %1: %2").arg(seed).arg(apart)));
    }
  }

  void theTransformScalesEvenlyAndTurnsByQuarters() {
    for (unsigned seed = 0; seed < kCases; ++seed) {
      RandomView any(seed);
      const QTransform t = any.view.imageToWidget();
      const double scale = any.view.zoom() / any.ratio;
      const bool upright = any.view.quarterTurns() % 2 == 0;
      QVERIFY(std::abs((upright ? t.m11() * t.m22() : -t.m12() * t.m21()) - scale * scale) <
              1e-9 * scale * scale + 1e-12);
      QVERIFY((upright ? t.m12() : t.m11()) == 0 && (upright ? t.m21() : t.m22()) == 0);
      for (const double offset : {t.dx() * any.ratio, t.dy() * any.ratio}) {
        QVERIFY(std::abs(offset - std::round(offset)) < 1e-6);  // whole pixels of the screen
      }
    }
  }

  void zoomingKeepsThePointUnderTheCursorUnlessAnEdgeForbids() {
    int kept = 0;
    for (unsigned seed = 0; seed < kCases; ++seed) {
      RandomView any(seed);
      const QPointF cursor = any.pointInWidget();
      const QPointF held = any.view.imageToWidget().inverted().map(cursor);
      any.view.setZoom(any.view.zoom() * any.real(0.5, 2.0), cursor);
      const QRectF shown =
          any.view.imageToWidget().mapRect(QRectF(QPointF(), any.image));  // nowhere at an edge
      if (shown.left() > -2 || shown.top() > -2 || shown.right() < any.widget.width() + 2 ||
          shown.bottom() < any.widget.height() + 2) {
        continue;
      }
      ++kept;
      const QPointF now = any.view.imageToWidget().map(held);
      QVERIFY2((now - cursor).manhattanLength() <= 1.0 / any.ratio + 1e-6,
               qPrintable(QString("seed %1").arg(seed)));
    }
    QVERIFY(kept > kCases / 4);
  }

  void aFittedImageIsWhollyInViewHoweverItIsTurned() {
    for (unsigned seed = 0; seed < kCases; ++seed) {
      RandomView any(seed);
      any.view.fit();
      const QRectF shown = any.view.imageToWidget().mapRect(QRectF(QPointF(), any.image));
      QVERIFY(QRectF(QPointF(), any.widget).contains(shown));
    }
  }

  void fourQuarterTurnsLeadBack() {
    for (unsigned seed = 0; seed < kCases; ++seed) {
      RandomView any(seed);
      any.view.fit();
      const QTransform before = any.view.imageToWidget();
      for (int i = 0; i < 4; ++i) any.view.turn(seed % 2 == 0 ? 1 : -1);
      QCOMPARE(any.view.imageToWidget(), before);
    }
  }

  void aPlaceHoldsForAnotherImage() {
    for (unsigned seed = 0; seed < kCases; ++seed) {
      const RandomView any(seed);
      ViewGeometry same;
      same.setWidget(any.widget, any.ratio);
      same.setImageSize(any.image);
      same.setPlace(any.view.place());
      QVERIFY(std::abs(same.zoom() - any.view.zoom()) < 1e-9 * any.view.zoom());
      const QTransform a = same.imageToWidget();
      const QTransform b = any.view.imageToWidget();
      // rounding to the screen's pixels may fall to either side
      QVERIFY(std::abs(a.dx() - b.dx()) <= 1.0 / any.ratio + 1e-6);
      QVERIFY(std::abs(a.dy() - b.dy()) <= 1.0 / any.ratio + 1e-6);
    }
  }
};

static const Registered<ViewPropertiesTest> kViewPropertiesTest;

}  // namespace vl::test

#include "view_properties_test.moc"
