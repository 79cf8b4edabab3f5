#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QTransform>

namespace vl {

/// Where an image lies in a widget: zoom, quarter turns and the image point at the widget's centre.
/// Three spaces: grid (0..999, as the model writes), image (pixels of the oriented original),
/// widget (logical pixels). A zoom of 1 shows one image pixel as one pixel of the screen.
class ViewGeometry {
 public:
  static constexpr double kMaxZoom = 32.0;
  static constexpr double kMaxFitZoom = 4.0;  // small pictures are not blown up further by fitting

  /// Where one looks, in terms that hold for an image of any size.
  struct Place {
    double zoomOverFit = 1.0;
    QPointF centre{0.5, 0.5};  // 0..1 from edge to edge
    int turns = 0;
    bool fitted = true;
    bool operator==(const Place&) const = default;
  };

  /// A new image is shown fitted and upright.
  void setImageSize(QSizeF size);
  /// The part of image space that can be looked at, where it is more than the image.
  void setContent(const QRectF& content);
  /// Keeps the image point at the centre, or keeps fitting.
  void setWidget(QSizeF size, double devicePixelRatio);

  bool hasImage() const { return !content_.isEmpty(); }
  double zoom() const { return zoom_; }
  bool isFitted() const { return fitted_; }
  /// Clockwise, 0..3.
  int quarterTurns() const { return turns_; }

  void fit();
  /// Clockwise; keeps the image point at the centre.
  void turn(int quarters);
  /// Zooms so that the image point under `anchor` (widget) stays there, as far as the edges let it.
  void setZoom(double zoom, QPointF anchor);
  void panBy(QPointF widgetDelta);
  /// Moves and, where the rectangle would not fit, zooms out until `rect` (image) can be seen.
  void reveal(const QRectF& rect);
  /// Fills most of the widget with `rect` (image).
  void zoomTo(const QRectF& rect);

  Place place() const;
  void setPlace(const Place& place);

  /// The one transform that painting, hit tests and dragging share. Its offset is rounded to whole
  /// pixels of the screen, so that a zoom of 1 is sharp.
  QTransform imageToWidget() const;

 private:
  double fitZoom() const;
  double zoomFor(QSizeF image, double margin) const;
  double minZoom() const;
  double widgetPerImagePixel() const { return zoom_ / devicePixelRatio_; }
  QSizeF turned(QSizeF size) const { return turns_ % 2 == 0 ? size : size.transposed(); }
  QPointF turnedBack(QPointF widgetVector) const;
  void keepInView();

  QRectF content_;  // image space
  QSizeF widget_;
  double devicePixelRatio_ = 1.0;
  double zoom_ = 1.0;
  int turns_ = 0;
  QPointF centre_;  // image point at the widget's centre
  bool fitted_ = true;
};

}  // namespace vl
