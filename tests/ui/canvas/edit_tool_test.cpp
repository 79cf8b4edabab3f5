#include "ui/canvas/edit_tool.h"

#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region_tool.h"

namespace vl::test {

class EditToolTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    canvas_ = std::make_unique<ImageCanvas>();
    canvas_->resize(500, 400);
    canvas_->setImage(greyImage());
    boxes_ = {{QRectF(100, 100, 200, 200), "a", Qt::red},
              {QRectF(600, 400, 200, 200), "b", Qt::blue}};
    canvas_->setBoxes(boxes_);
    canvas_->show();
    added_.reset();
    named_.reset();
    left_ = 0;
    EditTool::Calls calls;
    calls.changed = [this](std::size_t box, const QRectF& rect) {
      boxes_[box].rect = rect;
      canvas_->setBoxes(boxes_);
    };
    calls.added = [this](const QRectF& rect) { added_ = rect; };
    calls.removed = [this](std::size_t box) {
      boxes_.erase(boxes_.begin() + std::ptrdiff_t(box));
      canvas_->setBoxes(boxes_);
    };
    calls.nameWanted = [this](std::size_t box) { named_ = box; };
    calls.left = [this] { ++left_; };
    canvas_->setTool(std::make_unique<EditTool>(std::move(calls)));
  }

  void thePictureStaysVisibleWhileABoxIsChanged() {
    canvas_->activateWindow();
    canvas_->setFocus();
    QTRY_VERIFY(canvas_->hasFocus());
    click({200, 200});
    QVERIFY(canvas_->focusedBox());
    const QPoint inPicture = canvas_->imageToWidget().map(QPointF(500, 700)).toPoint();
    QCOMPARE(canvas_->grab().toImage().pixelColor(inPicture), QColor(128, 128, 128));
  }

  void aDragMovesABoxAndTheImageHoldsItIn() {
    drag({200, 200}, {250, 230});
    QVERIFY(near(boxes_[0].rect, QRectF(150, 130, 200, 200)));
    drag({250, 230}, {-900, -900});
    QVERIFY(near(boxes_[0].rect, QRectF(0, 0, 200, 200)));
  }

  void aDragAtAHandleResizes() {
    click({200, 200});
    drag({300, 300}, {350, 280});  // the last corner
    QVERIFY(near(boxes_[0].rect, QRectF(100, 100, 250, 180)));
    drag({100, 190}, {50, 500});  // the left edge: the mouse's height does not matter
    QVERIFY(near(boxes_[0].rect, QRectF(50, 100, 300, 180)));
  }

  void aHandleDraggedAcrossTurnsTheBoxRound() {
    click({200, 200});
    drag({300, 300}, {20, 40});
    QVERIFY(near(boxes_[0].rect, QRectF(20, 40, 80, 60)));
  }

  void aDragBesideAllBoxesDrawsANewOne() {
    drag({400, 50}, {500, 150});
    QVERIFY(added_ && near(*added_, QRectF(400, 50, 100, 100)));
    added_.reset();
    click({400, 50});
    QVERIFY(!added_);
  }

  void keysMoveAndResizeTheBoxTheyAreAt() {
    QTest::keyClick(canvas_.get(), Qt::Key_Tab);
    const double step = std::max(1.0, 1.0 / canvas_->zoom());
    QTest::keyClick(canvas_.get(), Qt::Key_Right);
    QVERIFY(near(boxes_[0].rect, QRectF(100 + step, 100, 200, 200)));
    QTest::keyClick(canvas_.get(), Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(near(boxes_[0].rect, QRectF(100 + step, 100, 200, 200 + step)));
    QTest::keyClick(canvas_.get(), Qt::Key_Tab);
    QTest::keyClick(canvas_.get(), Qt::Key_Up, Qt::ControlModifier);
    QVERIFY(near(boxes_[1].rect, QRectF(600, 400 - 10 * step, 200, 200)));
  }

  void aBoxGetsNoSmallerThanAPixelAndStaysWhereItIs() {
    QTest::keyClick(canvas_.get(), Qt::Key_Tab);
    for (int i = 0; i < 30; ++i) {
      QTest::keyClick(canvas_.get(), Qt::Key_Left, Qt::ShiftModifier | Qt::ControlModifier);
    }
    QCOMPARE(boxes_[0].rect, QRectF(100, 100, 1, 200));
  }

  void aBoxOfTheModelWithoutAWidthCanBeResizedWhereItIs() {
    boxes_[0].rect = QRectF(100, 100, 0, 200);
    canvas_->setBoxes(boxes_);
    QTest::keyClick(canvas_.get(), Qt::Key_Tab);
    drag({100, 300}, {100, 350});  // its end
    QVERIFY(near(boxes_[0].rect, QRectF(100, 100, 1, 250)));
  }

  void arrowsGoWhereThePersonSeesThemGo() {
    canvas_->turn(1);  // right on the screen is up in the image
    QTest::keyClick(canvas_.get(), Qt::Key_Tab);
    QTest::keyClick(canvas_.get(), Qt::Key_Right);
    QVERIFY(boxes_[0].rect.top() < 100 && boxes_[0].rect.left() == 100);
  }

  void deleteRemovesReturnNamesInsertAddsEscapeLeaves() {
    QTest::keyClick(canvas_.get(), Qt::Key_Tab);
    QTest::keyClick(canvas_.get(), Qt::Key_Return);
    QCOMPARE(named_, std::optional<std::size_t>(0));
    QTest::keyClick(canvas_.get(), Qt::Key_Delete);
    QCOMPARE(boxes_.size(), std::size_t{1});
    QCOMPARE(boxes_[0].label, "b");
    QTest::keyClick(canvas_.get(), Qt::Key_Insert);
    QVERIFY(added_ && QRectF(0, 0, 1000, 800).contains(*added_));
    QTest::keyClick(canvas_.get(), Qt::Key_Escape);
    QCOMPARE(left_, 1);
  }

  void aDragEndsWhenAnotherImageIsShown() {
    beginDrag({200, 200}, {300, 230});
    showOther();
    endDrag({300, 230});
    QCOMPARE(boxes_[0].rect, QRectF(100, 100, 200, 200));

    QRectF drawn;
    canvas_->setTool(std::make_unique<RegionTool>(
        RegionTool::Calls{[&](const QRectF& part) { drawn = part; }, [] {}}));
    beginDrag({200, 200}, {300, 300});
    showOther();
    endDrag({300, 300});
    QVERIFY(drawn.isNull());
  }

  void aRegionIsDrawnInsideTheImageWhateverTheTurn() {
    QRectF drawn;
    int left = 0;
    canvas_->turn(3);
    canvas_->setTool(std::make_unique<RegionTool>(
        RegionTool::Calls{[&](const QRectF& part) { drawn = part; }, [&] { ++left; }}));
    drag({-50, 300}, {200, 900});
    QVERIFY2(near(drawn, QRectF(0, 300, 200, 500)), qPrintable(QDebug::toString(drawn)));
    click({500, 500});
    QCOMPARE(left, 1);
    QTest::keyClick(canvas_.get(), Qt::Key_Escape);
    QCOMPARE(left, 2);
  }

 private:
  static std::shared_ptr<const ImagePyramid> greyImage() {
    RgbImage grey{1000, 800, std::vector<std::uint8_t>(std::size_t{1000} * 800 * 3, 128)};
    return std::make_shared<const ImagePyramid>(std::move(grey));
  }
  void showOther() {
    canvas_->setImage(greyImage());
    canvas_->setBoxes(boxes_);
  }
  /// As exact as whole widget pixels let the mouse be.
  bool near(const QRectF& a, const QRectF& b) const {
    const double most = 1.0 / canvas_->zoom() + 1e-6;
    return std::abs(a.left() - b.left()) <= most && std::abs(a.top() - b.top()) <= most &&
           std::abs(a.right() - b.right()) <= most && std::abs(a.bottom() - b.bottom()) <= most;
  }
  QPoint at(QPointF imagePoint) { return canvas_->imageToWidget().map(imagePoint).toPoint(); }
  void click(QPointF imagePoint) {
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(imagePoint));
  }
  void beginDrag(QPointF from, QPointF to) {
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, at(from));
    QTest::mouseMove(canvas_.get(), at((from + to) / 2));
    QTest::mouseMove(canvas_.get(), at(to));
  }
  void endDrag(QPointF to) { QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, at(to)); }
  void drag(QPointF from, QPointF to) {
    beginDrag(from, to);
    endDrag(to);
  }

  std::unique_ptr<ImageCanvas> canvas_;
  std::vector<CanvasBox> boxes_;
  std::optional<QRectF> added_;
  std::optional<std::size_t> named_;
  int left_ = 0;
};

static const Registered<EditToolTest> kEditToolTest;

}  // namespace vl::test

#include "edit_tool_test.moc"
