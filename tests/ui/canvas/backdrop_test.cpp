#include "ui/canvas/backdrop.h"

#include <QPainter>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/canvas/view_geometry.h"

namespace vl::test {
namespace {

constexpr QSize kLarge(1700, 1300);  // more pixels than are made sharp at once

/// Grey noise that a wrong place or a seam would show in.
ImagePyramid noise(int width, int height) {
  RgbImage image{width, height, {}};
  std::uint32_t state = 7;
  for (int i = 0; i < width * height; ++i) {
    state = state * 1664525u + 1013904223u;
    image.pixels.insert(image.pixels.end(), 3, std::uint8_t(state >> 24));
  }
  return ImagePyramid(std::move(image));
}

}  // namespace

class BackdropTest : public QObject {
  Q_OBJECT
 private slots:
  void aLargeViewBecomesSharpPieceByPiece_data() {
    QTest::addColumn<int>("turns");
    for (const int turns : {0, 1, 2, 3}) QTest::addRow("%d turns", turns) << turns;
  }

  void aLargeViewBecomesSharpPieceByPiece() {
    QFETCH(const int, turns);
    ViewGeometry view = over(kLarge);
    view.turn(turns);
    view.setZoom(0.7, {300, 200});
    Backdrop backdrop;
    bool sharp = backdrop.show(kLarge, 1.0, view.imageToWidget(), drawing(view));
    QVERIFY(!sharp);
    int pieces = 0;
    for (; !sharp && pieces < 100; ++pieces) sharp = backdrop.sharpen(drawing(view));
    QVERIFY(pieces > 1);
    QCOMPARE(backdrop.pixmap().toImage(), atOnce(view, kLarge));
  }

  void aStepOfPanningDrawsTheSameAsAFreshView() {
    constexpr QSize kSmall(300, 200);
    ViewGeometry view = over(kSmall);
    view.setZoom(1.3, {150, 100});
    Backdrop backdrop;
    QVERIFY(backdrop.show(kSmall, 1.0, view.imageToWidget(), drawing(view)));
    for (const QPointF step : {QPointF(-30, 12), QPointF(0, -55), QPointF(400, 0)}) {
      view.panBy(step);
      QVERIFY(backdrop.show(kSmall, 1.0, view.imageToWidget(), drawing(view)));
      // Qt weighs the four pixels around a point with 8 bits, rounded from where a line begins
      constexpr int kRounding = 2 * 2;
      QVERIFY(mostApart(backdrop.pixmap().toImage(), atOnce(view, kSmall)) <= kRounding);
    }
  }

  void nothingIsDrawnTwice() {
    constexpr QSize kSmall(300, 200);
    const ViewGeometry view = over(kSmall);
    int drawn = 0;
    const Backdrop::Draw counting = [&](QPainter&, Backdrop::Quality) { ++drawn; };
    Backdrop backdrop;
    backdrop.show(kSmall, 1.0, view.imageToWidget(), counting);
    backdrop.show(kSmall, 1.0, view.imageToWidget(), counting);
    QCOMPARE(drawn, 1);
    backdrop.invalidate();
    backdrop.show(kSmall, 1.0, view.imageToWidget(), counting);
    QCOMPARE(drawn, 2);
  }

 private:
  static int mostApart(const QImage& a, const QImage& b) {
    int most = 0;
    for (int y = 0; y < a.height(); ++y) {
      for (int x = 0; x < a.width(); ++x) {
        most = std::max(most, std::abs(qRed(a.pixel(x, y)) - qRed(b.pixel(x, y))));
      }
    }
    return most;
  }

  ViewGeometry over(QSize widget) const {
    ViewGeometry view;
    view.setWidget(widget, 1.0);
    view.setImageSize(picture_.size());
    return view;
  }

  Backdrop::Draw drawing(const ViewGeometry& view) const {
    return [this, transform = view.imageToWidget(), zoom = view.zoom()](QPainter& painter,
                                                                        Backdrop::Quality quality) {
      painter.fillRect(painter.clipBoundingRect(), Qt::black);
      const QRectF seen =
          transform.inverted().mapRect(painter.clipBoundingRect().adjusted(-2, -2, 2, 2));
      picture_.draw(painter, transform, seen & QRectF(QPointF(), QSizeF(picture_.size())), zoom,
                    quality);
    };
  }

  QImage atOnce(const ViewGeometry& view, QSize widget) const {
    QPixmap pixmap(widget);
    QPainter painter(&pixmap);
    painter.setClipRect(pixmap.rect());
    drawing(view)(painter, Backdrop::Quality::Fine);
    painter.end();
    return pixmap.toImage();
  }

  const ImagePyramid picture_ = noise(2600, 2200);
};

static const Registered<BackdropTest> kBackdropTest;

}  // namespace vl::test

#include "backdrop_test.moc"
