#pragma once

#include <QImage>
#include <QRectF>
#include <QSize>
#include <cstddef>
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

  /// Draws `source` (image pixels) into `target` (painter's units), from the smallest level that is
  /// still sharp at `devicePixelsPerImagePixel`. Magnified pixels keep their edges.
  void draw(QPainter& painter, const QRectF& target, const QRectF& source,
            double devicePixelsPerImagePixel) const;

 private:
  std::size_t levelFor(double devicePixelsPerImagePixel) const;

  std::vector<QImage> levels_;  // level n has size ceil(size / 2^n)
};

}  // namespace vl
