#include "ui/canvas/view_geometry.h"

#include <QRectF>
#include <algorithm>
#include <cmath>

namespace vl {
namespace {

constexpr double kFitMargin = 16.0;  // widget units left free on every side by fitting
constexpr double kSmallestZoom = 0.02;

/// The centre coordinate that leaves no empty band on one side while the other is cut off.
double clampedCentre(double centre, double imageLength, double shownLength) {
  if (shownLength >= imageLength) return imageLength / 2;
  return std::clamp(centre, shownLength / 2, imageLength - shownLength / 2);
}

}  // namespace

void ViewGeometry::setImageSize(QSizeF size) {
  image_ = size;
  fit();
}

void ViewGeometry::setWidget(QSizeF size, double devicePixelRatio) {
  widget_ = size;
  devicePixelRatio_ = devicePixelRatio;
  if (fitted_) {
    fit();
  } else {
    keepInView();
  }
}

double ViewGeometry::fitZoom() const {
  if (!hasImage()) return 1.0;
  const double width = std::max(widget_.width() - 2 * kFitMargin, 1.0);
  const double height = std::max(widget_.height() - 2 * kFitMargin, 1.0);
  const double fitting = std::min(width / image_.width(), height / image_.height());
  return std::min(fitting * devicePixelRatio_, kMaxFitZoom);
}

double ViewGeometry::minZoom() const { return std::min(kSmallestZoom, fitZoom()); }

void ViewGeometry::fit() {
  fitted_ = true;
  zoom_ = fitZoom();
  centre_ = QPointF(image_.width() / 2, image_.height() / 2);
}

void ViewGeometry::setZoom(double zoom, QPointF anchor) {
  if (!hasImage()) return;
  const QPointF held = imageToWidget().inverted().map(anchor);
  zoom_ = std::clamp(zoom, minZoom(), kMaxZoom);
  fitted_ = false;
  const QPointF fromCentre = anchor - QPointF(widget_.width() / 2, widget_.height() / 2);
  centre_ = held - fromCentre / widgetPerImagePixel();
  keepInView();
}

void ViewGeometry::panBy(QPointF widgetDelta) {
  if (!hasImage()) return;
  centre_ -= widgetDelta / widgetPerImagePixel();
  keepInView();
}

void ViewGeometry::reveal(const QRectF& rect) {
  const QRectF shown = imageToWidget().inverted().mapRect(QRectF(QPointF(), widget_));
  if (!hasImage() || shown.contains(rect)) return;
  const double widthZoom = widget_.width() / std::max(rect.width(), 1.0);
  const double heightZoom = widget_.height() / std::max(rect.height(), 1.0);
  zoom_ = std::max(std::min(zoom_, std::min(widthZoom, heightZoom) * devicePixelRatio_), minZoom());
  centre_ = rect.center();
  keepInView();
}

void ViewGeometry::keepInView() {
  const double scale = widgetPerImagePixel();
  centre_.setX(clampedCentre(centre_.x(), image_.width(), widget_.width() / scale));
  centre_.setY(clampedCentre(centre_.y(), image_.height(), widget_.height() / scale));
}

QTransform ViewGeometry::imageToWidget() const {
  const double scale = widgetPerImagePixel();
  const auto snapped = [this](double offset) {
    return std::round(offset * devicePixelRatio_) / devicePixelRatio_;
  };
  return {scale,
          0,
          0,
          scale,
          snapped(widget_.width() / 2 - centre_.x() * scale),
          snapped(widget_.height() / 2 - centre_.y() * scale)};
}

}  // namespace vl
