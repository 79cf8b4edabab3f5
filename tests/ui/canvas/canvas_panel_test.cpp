#include "ui/canvas/canvas_panel.h"

#include <QAction>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/image_loader.h"

namespace vl::test {

class CanvasPanelTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    loader_ = std::make_unique<ImageLoader>();
    panel_ = std::make_unique<CanvasPanel>(*loader_);
    panel_->resize(901, 500);  // two views of the same size with the handle between them
    panel_->show();
    std::vector<CanvasImage> images;
    for (const QSize size : {QSize(400, 300), QSize(800, 600), QSize(200, 500)}) {
      const QString name = QString("%1.png").arg(size.width());
      images.push_back({writePicture(*folder_, name, size).toStdString(), name});
    }
    panel_->setImages(images);
    QVERIFY(waitUntil([&] { return panel_->canvas().hasImage(); }));
  }

  void cleanup() {
    panel_.reset();
    loader_.reset();
  }

  void keysTurnThePagesAsInGwenview() {
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(2));  // the last one added
    press(Qt::Key_Backspace);
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(1));
    press(Qt::Key_Home);
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(0));
    press(Qt::Key_Backspace);  // there is none before it
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(0));
    press(Qt::Key_Space);
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(1));
    press(Qt::Key_End);
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(2));
    press(Qt::Key_Left);  // fitted: an arrow turns the page, too
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(1));
  }

  void keysZoomAndTurnAsInGwenview() {
    ImageCanvas& canvas = panel_->canvas();
    press(Qt::Key_1);
    QCOMPARE(canvas.zoom(), 1.0);
    press(Qt::Key_Plus);
    QVERIFY(canvas.zoom() > 1.0);
    press(Qt::Key_Minus);
    press(Qt::Key_Minus);
    QVERIFY(canvas.zoom() < 1.0);
    press(Qt::Key_0);
    QCOMPARE(canvas.zoom(), 1.0);
    press(Qt::Key_F);
    QVERIFY(canvas.isFitted());
    press(Qt::Key_F);
    QCOMPARE(canvas.zoom(), 1.0);
    press(Qt::Key_R);
    QCOMPARE(canvas.place().turns, 1);
    press(Qt::Key_R, Qt::ShiftModifier);
    press(Qt::Key_R, Qt::ShiftModifier);
    QCOMPARE(canvas.place().turns, 3);
  }

  void arrowsPanAnImageThatIsLargerThanTheView() {
    panel_->showImage(1);
    QVERIFY(waitUntil([&] { return panel_->canvas().hasImage(); }));
    panel_->canvas().zoomAt(3.0, {10, 10});
    const QPointF before = panel_->canvas().place().centre;
    press(Qt::Key_Right);
    QVERIFY(panel_->canvas().place().centre.x() > before.x());
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(1));
  }

  void twoImagesSideBySideMoveTogether() {
    panel_->showImage(0);
    panel_->setSideBySide(true);
    ImageCanvas& left = panel_->view(0).canvas();
    ImageCanvas& right = panel_->view(1).canvas();
    QCOMPARE(panel_->view(1).shown(), std::optional<std::size_t>(1));
    QVERIFY(waitUntil([&] { return left.hasImage() && right.hasImage(); }));
    QCOMPARE(left.size(), right.size());
    left.zoomAt(4.0, {50, 50});
    // 800 x 600 has twice the pixels per widget unit of 400 x 300
    QVERIFY(std::abs(right.zoom() - 2.0) < 1e-9);
    QVERIFY((left.place().centre - right.place().centre).manhattanLength() < 1e-9);
    right.turn(1);
    QCOMPARE(left.place().turns, 1);
    right.fit();
    QVERIFY(left.isFitted());
  }

  void keysMeanTheViewThatWasClicked() {
    panel_->showImage(0);
    panel_->setSideBySide(true);
    QVERIFY(waitUntil([&] { return panel_->view(1).canvas().hasImage(); }));
    QTest::mouseClick(&panel_->view(1).canvas(), Qt::LeftButton, {}, {5, 5});
    QCOMPARE(&panel_->canvas(), &panel_->view(1).canvas());
    press(Qt::Key_Space);
    QCOMPARE(panel_->view(1).shown(), std::optional<std::size_t>(2));
    QCOMPARE(panel_->view(0).shown(), std::optional<std::size_t>(0));
  }

  void leavingSideBySideKeepsWhatWasLookedAt() {
    panel_->showImage(0);
    panel_->setSideBySide(true);
    QVERIFY(waitUntil([&] { return panel_->view(1).canvas().hasImage(); }));
    QTest::mouseClick(&panel_->view(1).canvas(), Qt::LeftButton, {}, {5, 5});
    panel_->setSideBySide(false);
    QCOMPARE(panel_->shownImage(), std::optional<std::size_t>(1));
    QVERIFY(!panel_->view(1).isVisible());
  }

  void boxesStandOnTheViewOfTheirImage() {
    panel_->showImage(0);
    panel_->setSideBySide(true);
    QVERIFY(waitUntil([&] {
      return panel_->view(0).canvas().hasImage() && panel_->view(1).canvas().hasImage();
    }));
    panel_->setBoxes({{1, {QRectF(1, 1, 9, 9), "b", Qt::red}},
                      {0, {QRectF(2, 2, 9, 9), "a", Qt::blue}},
                      {2, {QRectF(3, 3, 9, 9), "c", Qt::blue}}});
    QCOMPARE(panel_->view(0).canvas().boxes().size(), std::size_t{1});
    QCOMPARE(panel_->view(0).canvas().boxes()[0].label, "a");
    QCOMPARE(panel_->view(1).canvas().boxes()[0].label, "b");
  }

  void imagesMayGoWhileTheSecondViewIsLookedAt() {
    panel_->showImage(0);
    panel_->setSideBySide(true);
    QVERIFY(waitUntil([&] { return panel_->view(1).canvas().hasImage(); }));
    QTest::mouseClick(&panel_->view(1).canvas(), Qt::LeftButton, {}, {5, 5});
    panel_->setImages({});
    QVERIFY(!panel_->shownImage() && !panel_->view(0).shown());
    QVERIFY(!panel_->view(1).isVisible());
  }

  void imagesThatGoTakeTheirViewsAlong() {
    panel_->setSideBySide(true);
    panel_->setImages({panel_->images()[0], panel_->images()[1]});
    QVERIFY(panel_->shownImage() && *panel_->shownImage() < 2);
    panel_->setImages({panel_->images()[0]});
    QVERIFY(!panel_->view(1).isVisible());
    panel_->setImages({});
    QVERIFY(!panel_->shownImage());
  }

 private:
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(&panel_->canvas(), key, modifiers);
    QVERIFY(waitUntil([&] { return panel_->canvas().hasImage(); }));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<ImageLoader> loader_;
  std::unique_ptr<CanvasPanel> panel_;
};

static const Registered<CanvasPanelTest> kCanvasPanelTest;

}  // namespace vl::test

#include "canvas_panel_test.moc"
