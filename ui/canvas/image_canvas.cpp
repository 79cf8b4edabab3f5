#include "ui/canvas/image_canvas.h"

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
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr double kWheelStep = 1.2;  // zoom factor of one notch
constexpr double kKeyStep = 1.25;   // zoom factor of one key press
constexpr double kKeyPan = 64.0;    // widget pixels
constexpr double kNotch = 120.0;    // QWheelEvent: angleDelta of one notch

}  // namespace

ImageCanvas::ImageCanvas(QWidget* parent) : QWidget(parent), tool_(std::make_unique<BrowseTool>()) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(160, 120);
  grabGesture(Qt::PinchGesture);
  setAccessibleName(tr("Image"));
}

void ImageCanvas::setImage(std::shared_ptr<const ImagePyramid> image, const QString& message) {
  image_ = std::move(image);
  message_ = message;
  overlay_.setBoxes({});
  pointed_.reset();
  geometry_.setWidget(size(), devicePixelRatioF());
  geometry_.setImageSize(image_ ? QSizeF(image_->size()) : QSizeF());
  changed();
}

void ImageCanvas::setBoxes(std::vector<CanvasBox> boxes) {
  overlay_.setBoxes(std::move(boxes));
  pointed_.reset();
  update();
}

void ImageCanvas::setEmphasis(std::vector<std::size_t> boxes) {
  overlay_.setEmphasis(std::move(boxes));
  update();
}

void ImageCanvas::setTool(std::unique_ptr<CanvasTool> tool) {
  tool_ = std::move(tool);
  setCursor(tool_->cursor());
}

void ImageCanvas::changed() {
  backdrop_ = QPixmap();
  update();
  emit viewChanged();
}

void ImageCanvas::fit() {
  geometry_.fit();
  changed();
}

void ImageCanvas::zoomAt(double zoom, QPointF anchor) {
  geometry_.setZoom(zoom, anchor);
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

void ImageCanvas::pointAt(QPointF point) {
  const auto box = overlay_.boxAt(point, imageToWidget());
  if (box == pointed_) return;
  pointed_ = box;
  emit boxPointed(box);
}

void ImageCanvas::pickAt(QPointF point) {
  if (const auto box = overlay_.boxAt(point, imageToWidget())) emit boxPicked(*box);
}

void ImageCanvas::resizeEvent(QResizeEvent* event) {
  geometry_.setWidget(event->size(), devicePixelRatioF());
  changed();
}

void ImageCanvas::renderBackdrop() {
  const double ratio = devicePixelRatioF();
  geometry_.setWidget(size(), ratio);  // the window may have moved to another screen
  backdrop_ = QPixmap(size() * ratio);
  backdrop_.setDevicePixelRatio(ratio);
  backdrop_.fill(Theme::colours().canvas);
  QPainter painter(&backdrop_);
  const QTransform toWidget = imageToWidget();
  const QRectF whole(QPointF(), QSizeF(image_->size()));
  const QRectF seen = toWidget.inverted().mapRect(QRectF(rect())).intersected(whole);
  image_->draw(painter, toWidget.mapRect(seen), seen, geometry_.zoom());
}

void ImageCanvas::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  if (!image_) {
    painter.fillRect(rect(), Theme::colours().canvas);
    paintMessage(painter);
    return;
  }
  if (backdrop_.isNull() || backdrop_.devicePixelRatio() != devicePixelRatioF()) renderBackdrop();
  painter.drawPixmap(0, 0, backdrop_);
  overlay_.paint(painter, imageToWidget(), rect(), font());
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
    case QEvent::PaletteChange:
    case QEvent::StyleChange:
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

void ImageCanvas::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
      return panBy({kKeyPan, 0});
    case Qt::Key_Right:
      return panBy({-kKeyPan, 0});
    case Qt::Key_Up:
      return panBy({0, kKeyPan});
    case Qt::Key_Down:
      return panBy({0, -kKeyPan});
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoomBy(kKeyStep);
    case Qt::Key_Minus:
      return zoomBy(1 / kKeyStep);
    default:
      QWidget::keyPressEvent(event);
  }
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
