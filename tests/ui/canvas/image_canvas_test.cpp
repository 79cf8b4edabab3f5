#include "ui/canvas/image_canvas.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "tests/ui/ui_test.h"

namespace vl::test {
namespace {

/// A grey image; one pixel is one value everywhere.
std::shared_ptr<const ImagePyramid> greyImage(int width, int height, std::uint8_t grey = 128) {
  RgbImage image;
  image.width = width;
  image.height = height;
  image.pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, grey);
  return std::make_shared<const ImagePyramid>(std::move(image));
}

}  // namespace

class ImageCanvasTest : public QObject {
  Q_OBJECT
 private slots:
  void aBoxIsDrawnWhereTheTransformPutsIt() {
    ImageCanvas canvas;
    show(canvas, greyImage(1000, 800));
    canvas.setBoxes({{QRectF(200, 100, 400, 300), "", Qt::red}});
    const QPointF corner = canvas.imageToWidget().map(QPointF(200, 250));  // on the left edge
    const QImage shot = canvas.grab().toImage();
    const QColor edge = shot.pixelColor(corner.toPoint());
    QVERIFY2(edge.red() > 200 && edge.green() < 90, qPrintable(edge.name()));
    const QPointF inside = canvas.imageToWidget().map(QPointF(400, 250));
    QCOMPARE(shot.pixelColor(inside.toPoint()), QColor(128, 128, 128));
  }

  void pointingFindsTheSmallestBox() {
    ImageCanvas canvas;
    show(canvas, greyImage(1000, 800));
    canvas.setBoxes({{QRectF(100, 100, 800, 600), "all", Qt::red},
                     {QRectF(400, 300, 100, 100), "part", Qt::blue}});
    const QSignalSpy picked(&canvas, &ImageCanvas::boxPicked);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, at(canvas, {450, 350}));
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, at(canvas, {150, 150}));
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, at(canvas, {20, 20}));
    QCOMPARE(picked.count(), 2);
    QCOMPARE(picked[0][0].value<std::size_t>(), std::size_t{1});
    QCOMPARE(picked[1][0].value<std::size_t>(), std::size_t{0});
  }

  void draggingMovesTheImageWithTheCursorAndPicksNothing() {
    ImageCanvas canvas;
    show(canvas, greyImage(4000, 4000));
    canvas.setBoxes({{QRectF(0, 0, 4000, 4000), "all", Qt::red}});
    canvas.zoomAt(1.0, canvas.rect().center());
    const QSignalSpy picked(&canvas, &ImageCanvas::boxPicked);
    const QPointF held = canvas.imageToWidget().inverted().map(QPointF(200, 200));
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {200, 200});
    QTest::mouseMove(&canvas, {230, 180});
    QTest::mouseMove(&canvas, {260, 240});
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {260, 240});
    const QPointF now = canvas.imageToWidget().map(held);
    QVERIFY((now - QPointF(260, 240)).manhattanLength() <= 1.0);
    QCOMPARE(picked.count(), 0);
  }

  void theWheelZoomsAtTheCursor() {
    ImageCanvas canvas;
    show(canvas, greyImage(4000, 3000));
    canvas.zoomAt(0.5, canvas.rect().center());
    const QPointF cursor(150, 120);
    const QPointF before = canvas.imageToWidget().inverted().map(cursor);
    QWheelEvent turn(cursor, canvas.mapToGlobal(cursor), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                     Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &turn);
    QVERIFY(canvas.zoom() > 0.5);
    QVERIFY((canvas.imageToWidget().map(before) - cursor).manhattanLength() <= 1.0);
  }

  void aToolTakesTheMouseOver() {
    class CountingTool final : public CanvasTool {
     public:
      explicit CountingTool(int& presses) : presses_(presses) {}
      Qt::CursorShape cursor() const override { return Qt::CrossCursor; }
      void press(ImageCanvas&, const QMouseEvent&) override { ++presses_; }
      void move(ImageCanvas&, const QMouseEvent&) override {}
      void release(ImageCanvas&, const QMouseEvent&) override {}

     private:
      int& presses_;
    };
    int presses = 0;
    ImageCanvas canvas;
    show(canvas, greyImage(100, 100));
    canvas.setTool(std::make_unique<CountingTool>(presses));
    QCOMPARE(canvas.cursor().shape(), Qt::CrossCursor);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, {50, 50});
    QCOMPARE(presses, 1);
  }

  void labelsStayInsideTheCanvas() {
    ImageCanvas canvas;
    show(canvas, greyImage(1000, 800));
    // at the very corner, with a label far too long
    canvas.setBoxes({{QRectF(900, 0, 100, 50), QString(500, 'W'), Qt::yellow}});
    const QImage shot = canvas.grab().toImage();
    int coloured = 0;
    for (int x = 0; x < shot.width(); ++x) {
      for (int y = 0; y < shot.height(); ++y)
        coloured += shot.pixelColor(x, y) == QColor(Qt::yellow);
    }
    QVERIFY(coloured > 500);  // a plate is there
  }

  void anImageCanGoAndAnotherOneComes() {
    ImageCanvas canvas;
    show(canvas, greyImage(1000, 800));
    canvas.setBoxes({{QRectF(1, 1, 5, 5), "x", Qt::red}});
    canvas.setImage(nullptr, "gone");
    QVERIFY(canvas.boxes().empty());
    canvas.grab();
    canvas.setImage(greyImage(1, 5000));
    canvas.grab();
    QVERIFY(canvas.isFitted());
  }

 private:
  static void show(ImageCanvas& canvas, std::shared_ptr<const ImagePyramid> image) {
    canvas.resize(500, 400);
    canvas.setImage(std::move(image));
    canvas.show();
  }
  static QPoint at(const ImageCanvas& canvas, QPointF imagePoint) {
    return canvas.imageToWidget().map(imagePoint).toPoint();
  }
};

static const Registered<ImageCanvasTest> kImageCanvasTest;

}  // namespace vl::test

#include "image_canvas_test.moc"
