#include "ui/canvas/backdrop.h"

#include <QPainter>
#include <QRegion>
#include <algorithm>
#include <cmath>

namespace vl {
namespace {

// Device pixels that take about 15 ms on two-year-old cores: filtering costs up to 10 ns a pixel,
// three times that where rows of the picture become columns.
constexpr int kPixelsAtOnce = 1'500'000;
constexpr int kTurnedPixelsAtOnce = 500'000;

bool isTurned(const QTransform& transform) { return transform.m12() != 0; }

bool sameButMoved(const QTransform& a, const QTransform& b) {
  return a.m11() == b.m11() && a.m12() == b.m12() && a.m21() == b.m21() && a.m22() == b.m22();
}

}  // namespace

void Backdrop::drawPart(const QRect& devicePixels, Quality quality, const Draw& draw) {
  const double ratio = pixmap_.devicePixelRatio();
  QPainter painter(&pixmap_);
  painter.setClipRect(QRectF(devicePixels.x() / ratio, devicePixels.y() / ratio,
                             devicePixels.width() / ratio, devicePixels.height() / ratio));
  draw(painter, quality);
}

/// By whole device pixels: ViewGeometry rounds offsets to them.
bool Backdrop::scrolled(const QTransform& imageToWidget, const Draw& draw) {
  if (sharpRows_ < pixmap_.height() || !sameButMoved(imageToWidget, imageToWidget_)) return false;
  const double ratio = pixmap_.devicePixelRatio();
  const QPoint moved(
      static_cast<int>(std::lround((imageToWidget.dx() - imageToWidget_.dx()) * ratio)),
      static_cast<int>(std::lround((imageToWidget.dy() - imageToWidget_.dy()) * ratio)));
  const QRect all(QPoint(), pixmap_.size());
  if (!all.intersects(all.translated(moved))) return false;
  QRegion exposed;
  pixmap_.scroll(moved.x(), moved.y(), all, &exposed);
  for (const QRect& part : exposed) drawPart(part, Quality::Fine, draw);
  return true;
}

bool Backdrop::show(QSize widget, double devicePixelRatio, const QTransform& imageToWidget,
                    const Draw& draw) {
  const QSize size = (QSizeF(widget) * devicePixelRatio).toSize();
  const bool usable = pixmap_.size() == size && pixmap_.devicePixelRatio() == devicePixelRatio;
  if (usable && imageToWidget == imageToWidget_) return sharpRows_ >= size.height();
  if (usable && scrolled(imageToWidget, draw)) {
    imageToWidget_ = imageToWidget;
    return true;
  }
  if (!usable) {
    pixmap_ = QPixmap(size);
    pixmap_.setDevicePixelRatio(devicePixelRatio);
  }
  imageToWidget_ = imageToWidget;
  const int most = isTurned(imageToWidget) ? kTurnedPixelsAtOnce : kPixelsAtOnce;
  const bool atOnce = size.width() * size.height() <= most;
  drawPart({QPoint(), size}, atOnce ? Quality::Fine : Quality::Coarse, draw);
  sharpRows_ = atOnce ? size.height() : 0;
  return atOnce;
}

bool Backdrop::sharpen(const Draw& draw) {
  if (pixmap_.isNull()) return true;
  const int most = isTurned(imageToWidget_) ? kTurnedPixelsAtOnce : kPixelsAtOnce;
  const int rows = std::max(most / std::max(pixmap_.width(), 1), 1);
  drawPart({0, sharpRows_, pixmap_.width(), rows}, Quality::Fine, draw);
  sharpRows_ += rows;
  return sharpRows_ >= pixmap_.height();
}

}  // namespace vl
