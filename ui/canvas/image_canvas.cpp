#include "ui/canvas/image_canvas.h"

#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPinchGesture>
#include <QResizeEvent>
#include <QWheelEvent>
#include <cmath>
#include <utility>

#include "ui/canvas/browse_tool.h"
#include "ui/canvas/encoded_view.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr double kWheelStep = 1.2;  // zoom factor of one notch
constexpr double kKeyStep = 1.25;   // zoom factor of one key press
constexpr double kKeyPan = 64.0;    // widget pixels
constexpr double kNotch = 120.0;    // QWheelEvent: angleDelta of one notch
constexpr int kRestMs = 60;         // the view has come to rest: it is made sharp

}  // namespace

ImageCanvas::ImageCanvas(QWidget* parent) : QWidget(parent), tool_(std::make_unique<BrowseTool>()) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(160, 120);
  grabGesture(Qt::PinchGesture);
  setAccessibleName(tr("Image"));
  sharpenTimer_.setSingleShot(true);
  connect(&sharpenTimer_, &QTimer::timeout, this, &ImageCanvas::sharpen);
}

void ImageCanvas::setImage(std::shared_ptr<const ImagePyramid> image, const QString& message) {
  if (image != image_) tool_->imageChanged();
  image_ = std::move(image);
  encoded_.reset();
  message_ = message;
  overlay_.setBoxes({});
  overlay_.setPicked(std::nullopt);
  pointed_.reset();
  focused_.reset();
  backdrop_.invalidate();
  geometry_.setWidget(size(), devicePixelRatioF());
  geometry_.setImageSize(image_ ? QSizeF(image_->size()) : QSizeF());
  changed();
}

void ImageCanvas::setEncoded(std::shared_ptr<const EncodedView> encoded) {
  if (!image_ || encoded == encoded_) return;
  encoded_ = std::move(encoded);
  geometry_.setContent(encoded_ ? encoded_->content() : QRectF(QPointF(), QSizeF(image_->size())));
  backdrop_.invalidate();
  changed();
}

void ImageCanvas::setBoxes(std::vector<CanvasBox> boxes) {
  overlay_.setBoxes(std::move(boxes));
  pointed_.reset();
  if (focused_ && *focused_ >= overlay_.boxes().size()) focusBox(std::nullopt);
  if (focused_) setPicked(overlay_.boxes()[*focused_].rect);  // it may have been moved
  update();
}

void ImageCanvas::setEmphasis(std::vector<std::size_t> boxes) {
  overlay_.setEmphasis(std::move(boxes));
  update();
}

void ImageCanvas::setPicked(std::optional<QRectF> part) {
  overlay_.setPicked(part);
  update();
}

void ImageCanvas::setTool(std::unique_ptr<CanvasTool> tool) {
  tool_ = tool ? std::move(tool) : std::make_unique<BrowseTool>();
  setCursor(tool_->cursor());
  update();
}

void ImageCanvas::changed() {
  update();
  emit viewChanged();
}

void ImageCanvas::setPlace(const ViewGeometry::Place& place) {
  if (geometry_.place() == place) return;
  geometry_.setPlace(place);
  changed();
}

void ImageCanvas::fit() {
  geometry_.fit();
  changed();
}

void ImageCanvas::zoomAt(double zoom, QPointF anchor) {
  geometry_.setZoom(zoom, anchor);
  changed();
}

void ImageCanvas::turn(int quarters) {
  geometry_.turn(quarters);
  changed();
}

void ImageCanvas::panBy(QPointF widgetDelta) {
  geometry_.panBy(widgetDelta);
  changed();
}

void ImageCanvas::reveal(const QRectF& imageRect) {
  geometry_.reveal(imageRect);
  changed();
}

void ImageCanvas::zoomTo(const QRectF& imageRect) {
  geometry_.zoomTo(imageRect);
  changed();
}

void ImageCanvas::pointAt(QPointF point) {
  const auto box = overlay_.boxAt(point, imageToWidget());
  if (box == pointed_) return;
  pointed_ = box;
  emit boxPointed(box);
}

void ImageCanvas::pickAt(QPointF point) {
  if (const auto box = overlay_.boxAt(point, imageToWidget())) {
    emit boxPicked(*box);
  } else {
    emit nothingPicked();
  }
}

void ImageCanvas::resizeEvent(QResizeEvent* event) {
  geometry_.setWidget(event->size(), devicePixelRatioF());
  changed();
}

void ImageCanvas::drawPicture(QPainter& painter, Backdrop::Quality quality) const {
  painter.fillRect(rect(), Theme::colours().canvas);
  const QTransform toWidget = imageToWidget();
  if (encoded_) return encoded_->drawTiles(painter, toWidget);
  const QRectF whole(QPointF(), QSizeF(image_->size()));
  // a little more than can be seen, or pieces would differ from the whole along their edges
  const QRectF clip = painter.clipBoundingRect().adjusted(-2, -2, 2, 2);
  const QRectF seen = toWidget.inverted().mapRect(clip).intersected(whole);
  image_->draw(painter, toWidget, seen, geometry_.zoom(), quality);
}

void ImageCanvas::sharpen() {
  if (!image_) return;
  const bool done = backdrop_.sharpen(
      [this](QPainter& painter, Backdrop::Quality quality) { drawPicture(painter, quality); });
  if (!done) sharpenTimer_.start(0);
  update();
}

void ImageCanvas::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  if (!image_) {
    painter.fillRect(rect(), Theme::colours().canvas);
    paintMessage(painter);
    return;
  }
  geometry_.setWidget(size(), devicePixelRatioF());  // the window may be on another screen now
  const QTransform before = backdrop_.imageToWidget();
  const bool sharp = backdrop_.show(
      size(), devicePixelRatioF(), imageToWidget(),
      [this](QPainter& target, Backdrop::Quality quality) { drawPicture(target, quality); });
  if (!sharp && (before != imageToWidget() || !sharpenTimer_.isActive())) {
    sharpenTimer_.start(kRestMs);
  }
  painter.drawPixmap(0, 0, backdrop_.pixmap());
  if (encoded_) encoded_->drawMarks(painter, imageToWidget());
  overlay_.paint(painter, imageToWidget(), rect(), font());
  if (encoded_) encoded_->drawOverview(painter, rect());
  painter.save();
  tool_->paint(*this, painter);
  painter.restore();
  if (hasFocus()) {
    painter.setPen(QPen(Theme::colours().accent, 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

void ImageCanvas::paintMessage(QPainter& painter) {
  const QRect area = rect().adjusted(24, 24, -24, -24);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(Theme::colours().scroll, 1.5, Qt::DashLine, Qt::RoundCap));
  painter.drawRoundedRect(area, 16, 16);
  const QRect icon(area.center().x() - 24, area.center().y() - 52, 48, 48);
  themeIcon("attach", Theme::colours().muted).paint(&painter, icon);
  painter.setPen(Theme::colours().muted);
  const QRect text(area.left() + 16, area.center().y() + 8, area.width() - 32, area.height() / 2);
  painter.drawText(text, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, message_);
}

bool ImageCanvas::event(QEvent* event) {
  switch (event->type()) {
    case QEvent::NativeGesture: {  // touchpads
      const auto* gesture = static_cast<QNativeGestureEvent*>(event);
      if (gesture->gestureType() != Qt::ZoomNativeGesture) break;
      zoomAt(zoom() * (1.0 + gesture->value()), gesture->position());
      return true;
    }
    case QEvent::Gesture: {  // touch screens
      auto* gesture = static_cast<QGestureEvent*>(event)->gesture(Qt::PinchGesture);
      const auto* pinch = static_cast<QPinchGesture*>(gesture);
      if (pinch == nullptr) break;
      zoomAt(zoom() * pinch->scaleFactor(), mapFromGlobal(pinch->centerPoint()));
      return true;
    }
    case QEvent::ShortcutOverride:  // keys of the tool go before those of the window
      if (tool_->takes(*static_cast<QKeyEvent*>(event))) event->accept();
      break;
    case QEvent::PaletteChange:
    case QEvent::StyleChange:
      backdrop_.invalidate();
      changed();
      break;
    default:
      break;
  }
  return QWidget::event(event);
}

void ImageCanvas::wheelEvent(QWheelEvent* event) {
  const bool touchpad = event->deviceType() == QInputDevice::DeviceType::TouchPad;
  if (touchpad && !event->modifiers().testFlag(Qt::ControlModifier)) {
    panBy(event->pixelDelta().isNull() ? event->angleDelta() / 2 : event->pixelDelta());
  } else {
    zoomAt(zoom() * std::pow(kWheelStep, event->angleDelta().y() / kNotch), event->position());
  }
  event->accept();
}

// Keys as in Gwenview: arrows pan, or turn the pages of a fitted image; F fits, and shows pixels
// when it fits already.

bool ImageCanvas::arrowKey(int key) {
  switch (key) {
    case Qt::Key_Left:
      isFitted() ? emit stepWanted(-1) : panBy({kKeyPan, 0});
      return true;
    case Qt::Key_Right:
      isFitted() ? emit stepWanted(1) : panBy({-kKeyPan, 0});
      return true;
    case Qt::Key_Up:
      panBy({0, kKeyPan});
      return true;
    case Qt::Key_Down:
      panBy({0, -kKeyPan});
      return true;
    default:
      return false;
  }
}

bool ImageCanvas::viewKey(const QKeyEvent& event) {
  switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoomBy(kKeyStep);
      return true;
    case Qt::Key_Minus:
      zoomBy(1 / kKeyStep);
      return true;
    case Qt::Key_0:
    case Qt::Key_1:
      zoomToPixels();
      return true;
    case Qt::Key_F:
      isFitted() ? zoomToPixels() : fit();
      return true;
    case Qt::Key_R:
      turn(event.modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
      return true;
    default:
      return false;
  }
}

bool ImageCanvas::imageKey(int key) {
  switch (key) {
    case Qt::Key_Space:
    case Qt::Key_PageDown:
      emit stepWanted(1);
      return true;
    case Qt::Key_Backspace:
    case Qt::Key_PageUp:
      emit stepWanted(-1);
      return true;
    case Qt::Key_Home:
    case Qt::Key_End:
      emit endWanted(key == Qt::Key_End);
      return true;
    default:
      return false;
  }
}

bool ImageCanvas::boxKey(int key) {
  if (!focused_ || (key != Qt::Key_Return && key != Qt::Key_Enter)) return false;
  emit boxPicked(*focused_);
  return true;
}

void ImageCanvas::focusBox(std::optional<std::size_t> box) {
  if (focused_ == box) return;
  focused_ = box;
  setPicked(box ? std::optional(boxes()[*box].rect) : std::nullopt);
  if (box) reveal(boxes()[*box].rect);
  emit boxPointed(box);
}

/// Tab goes through the boxes before it leaves.
bool ImageCanvas::focusNextPrevChild(bool next) {
  const std::size_t count = boxes().size();
  const std::size_t first = next ? 0 : count - 1;
  const std::size_t last = next ? count - 1 : 0;
  if (count == 0 || focused_ == last) {
    focusBox(std::nullopt);
    return QWidget::focusNextPrevChild(next);
  }
  focusBox(focused_ ? (next ? *focused_ + 1 : *focused_ - 1) : first);
  return true;
}

void ImageCanvas::focusOutEvent(QFocusEvent* event) {
  if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason) {
    focusBox(std::nullopt);
  }
  QWidget::focusOutEvent(event);
}

void ImageCanvas::contextMenuEvent(QContextMenuEvent* event) {
  if (!image_) return;
  const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
  QPoint point = event->pos();
  if (!byMouse && focused_) {
    point = imageToWidget().mapRect(boxes()[*focused_].rect).center().toPoint();
  }
  emit menuWanted(point, byMouse ? overlay_.boxAt(point, imageToWidget()) : focused_);
}

void ImageCanvas::keyPressEvent(QKeyEvent* event) {
  if (tool_->key(*this, *event)) return;
  const bool plain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
  if (plain && (boxKey(event->key()) || arrowKey(event->key()) || viewKey(*event) ||
                imageKey(event->key()))) {
    return;
  }
  QWidget::keyPressEvent(event);
}

void ImageCanvas::mousePressEvent(QMouseEvent* event) {
  tool_->press(*this, *event);
  setCursor(tool_->cursor());
}

void ImageCanvas::mouseMoveEvent(QMouseEvent* event) {
  tool_->move(*this, *event);
  setCursor(tool_->cursor());
}

void ImageCanvas::mouseReleaseEvent(QMouseEvent* event) {
  tool_->release(*this, *event);
  setCursor(tool_->cursor());
}

void ImageCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
  if (isFitted()) {
    zoomAt(1.0, event->position());
  } else {
    fit();
  }
}

void ImageCanvas::leaveEvent(QEvent* event) {
  if (std::exchange(pointed_, std::nullopt)) emit boxPointed(std::nullopt);
  QWidget::leaveEvent(event);
}

}  // namespace vl
