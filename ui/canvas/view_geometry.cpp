#include "ui/canvas/view_geometry.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vl {
namespace {

constexpr double kFitMargin = 16.0;   // widget units left free on every side by fitting
constexpr double kZoomMargin = 48.0;  // the same by zooming to a box: its surroundings stay in view
constexpr double kSmallestZoom = 0.02;
constexpr std::array<double, 4> kCosine{1, 0, -1, 0};  // of 0, 1, 2, 3 quarter turns
constexpr std::array<double, 4> kSine{0, 1, 0, -1};

/// The centre coordinate that leaves no empty band on one side while the other is cut off.
double clampedCentre(double centre, double begin, double length, double shownLength) {
  if (shownLength >= length) return begin + length / 2;
  return std::clamp(centre, begin + shownLength / 2, begin + length - shownLength / 2);
}

}  // namespace

void ViewGeometry::setImageSize(QSizeF size) {
  content_ = QRectF(QPointF(), size);
  turns_ = 0;
  fit();
}

void ViewGeometry::setContent(const QRectF& content) {
  content_ = content;
  if (fitted_) {
    fit();
  } else {
    keepInView();
  }
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

double ViewGeometry::zoomFor(QSizeF image, double margin) const {
  const QSizeF shown = turned(image);
  const double width = std::max(widget_.width() - 2 * margin, 1.0);
  const double height = std::max(widget_.height() - 2 * margin, 1.0);
  return std::min(width / shown.width(), height / shown.height()) * devicePixelRatio_;
}

double ViewGeometry::fitZoom() const {
  return hasImage() ? std::min(zoomFor(content_.size(), kFitMargin), kMaxFitZoom) : 1.0;
}

double ViewGeometry::minZoom() const { return std::min(kSmallestZoom, fitZoom()); }

void ViewGeometry::fit() {
  fitted_ = true;
  zoom_ = fitZoom();
  centre_ = content_.center();
}

void ViewGeometry::turn(int quarters) {
  turns_ = ((turns_ + quarters) % 4 + 4) % 4;
  if (fitted_) {
    fit();
  } else {
    keepInView();
  }
}

QPointF ViewGeometry::turnedBack(QPointF widgetVector) const {
  const double c = kCosine[static_cast<std::size_t>(turns_)];
  const double s = kSine[static_cast<std::size_t>(turns_)];
  return {c * widgetVector.x() + s * widgetVector.y(), c * widgetVector.y() - s * widgetVector.x()};
}

void ViewGeometry::setZoom(double zoom, QPointF anchor) {
  if (!hasImage()) return;
  const QPointF held = imageToWidget().inverted().map(anchor);
  zoom_ = std::clamp(zoom, minZoom(), kMaxZoom);
  fitted_ = false;
  const QPointF fromCentre = anchor - QPointF(widget_.width() / 2, widget_.height() / 2);
  centre_ = held - turnedBack(fromCentre) / widgetPerImagePixel();
  keepInView();
}

void ViewGeometry::panBy(QPointF widgetDelta) {
  if (!hasImage()) return;
  centre_ -= turnedBack(widgetDelta) / widgetPerImagePixel();
  keepInView();
}

void ViewGeometry::reveal(const QRectF& rect) {
  const QRectF shown = imageToWidget().inverted().mapRect(QRectF(QPointF(), widget_));
  if (!hasImage() || shown.contains(rect)) return;
  zoom_ = std::max(std::min(zoom_, zoomFor(rect.size().expandedTo({1, 1}), 0)), minZoom());
  centre_ = rect.center();
  keepInView();
}

void ViewGeometry::zoomTo(const QRectF& rect) {
  if (!hasImage()) return;
  zoom_ = std::clamp(zoomFor(rect.size().expandedTo({1, 1}), kZoomMargin), minZoom(), kMaxZoom);
  fitted_ = false;
  centre_ = rect.center();
  keepInView();
}

ViewGeometry::Place ViewGeometry::place() const {
  if (!hasImage()) return {};
  const QPointF fromCorner = centre_ - content_.topLeft();
  return {zoom_ / fitZoom(),
          {fromCorner.x() / content_.width(), fromCorner.y() / content_.height()},
          turns_,
          fitted_};
}

void ViewGeometry::setPlace(const Place& place) {
  if (!hasImage()) return;
  turns_ = place.turns;
  fitted_ = place.fitted;
  if (fitted_) return fit();
  zoom_ = std::clamp(fitZoom() * place.zoomOverFit, minZoom(), kMaxZoom);
  centre_ = content_.topLeft() +
            QPointF(place.centre.x() * content_.width(), place.centre.y() * content_.height());
  keepInView();
}

void ViewGeometry::keepInView() {
  const QSizeF shown = turned(widget_) / widgetPerImagePixel();
  centre_ = {clampedCentre(centre_.x(), content_.x(), content_.width(), shown.width()),
             clampedCentre(centre_.y(), content_.y(), content_.height(), shown.height())};
}

QTransform ViewGeometry::imageToWidget() const {
  const double c = kCosine[static_cast<std::size_t>(turns_)] * widgetPerImagePixel();
  const double s = kSine[static_cast<std::size_t>(turns_)] * widgetPerImagePixel();
  const auto snapped = [this](double offset) {
    return std::round(offset * devicePixelRatio_) / devicePixelRatio_;
  };
  return {c,
          s,
          -s,
          c,
          snapped(widget_.width() / 2 - (c * centre_.x() - s * centre_.y())),
          snapped(widget_.height() / 2 - (s * centre_.x() + c * centre_.y()))};
}

}  // namespace vl
