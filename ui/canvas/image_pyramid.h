#pragma once

#include <QImage>
#include <QRect>
#include <QRectF>
#include <QSize>
#include <QTransform>
#include <cstddef>
#include <memory>
#include <vector>

#include "inference/vision/image.h"

class QPainter;

namespace vl {

/// An image and its halves, quarters, ...: painting a 100-megapixel photo reads about as many
/// pixels as the screen shows. Immutable once built; safe to share between threads.
class ImagePyramid {
 public:
  /// Takes the pixels without copying them and makes the smaller levels (0.3 s for 100 megapixels:
  /// not on the GUI thread). Requires an image without zero sides.
  explicit ImagePyramid(RgbImage image);

  QSize size() const { return levels_.front().size(); }
  std::size_t bytes() const;
  /// The whole image scaled down to fit inside `bound`, never up.
  QImage thumbnail(QSize bound) const;

  /// Draws `part` (image pixels) through `imageToPainter`, which may scale, move and turn by
  /// quarters, from the smallest level that is still sharp at `devicePixelsPerImagePixel`.
  /// Magnified pixels keep their edges. Coarse: many times faster, for a picture in motion.
  enum class Quality { Fine, Coarse };
  void draw(QPainter& painter, const QTransform& imageToPainter, const QRectF& part,
            double devicePixelsPerImagePixel, Quality quality = Quality::Fine) const;
  /// The pixels of `part`, which is clipped to the image. Null when nothing is left.
  QImage crop(const QRect& part) const {
    return levels_.front().copy(part & levels_.front().rect());
  }
  /// The image itself.
  const QImage& whole() const { return levels_.front(); }
  const RgbImage& pixels() const { return *pixels_; }

 private:
  std::size_t levelFor(double devicePixelsPerImagePixel) const;

  std::shared_ptr<const RgbImage> pixels_;
  std::vector<QImage> levels_;  // level n has size ceil(size / 2^n)
};

}  // namespace vl
