#pragma once

#include <QPointF>
#include <QSizeF>
#include <QTransform>

namespace vl {

/// Where an image lies in a widget: zoom and the image point at the widget's centre.
/// Three spaces: grid (0..999, as the model writes), image (pixels of the oriented original),
/// widget (logical pixels). A zoom of 1 shows one image pixel as one pixel of the screen.
class ViewGeometry {
 public:
  static constexpr double kMaxZoom = 32.0;
  static constexpr double kMaxFitZoom = 4.0;  // small pictures are not blown up further by fitting

  /// A new image is shown fitted.
  void setImageSize(QSizeF size);
  /// Keeps the image point at the centre, or keeps fitting.
  void setWidget(QSizeF size, double devicePixelRatio);

  bool hasImage() const { return !image_.isEmpty(); }
  QSizeF imageSize() const { return image_; }
  double zoom() const { return zoom_; }
  bool isFitted() const { return fitted_; }

  void fit();
  /// Zooms so that the image point under `anchor` (widget) stays there, as far as the edges let it.
  void setZoom(double zoom, QPointF anchor);
  void panBy(QPointF widgetDelta);
  /// Moves and, where the rectangle would not fit, zooms out until `rect` (image) can be seen.
  void reveal(const QRectF& rect);

  /// The one transform that painting, hit tests and dragging share. Its offset is rounded to whole
  /// pixels of the screen, so that a zoom of 1 is sharp.
  QTransform imageToWidget() const;

 private:
  double fitZoom() const;
  double minZoom() const;
  double widgetPerImagePixel() const { return zoom_ / devicePixelRatio_; }
  void keepInView();

  QSizeF image_;
  QSizeF widget_;
  double devicePixelRatio_ = 1.0;
  double zoom_ = 1.0;
  QPointF centre_;  // image point at the widget's centre
  bool fitted_ = true;
};

}  // namespace vl
