#include "ui/canvas/image_pyramid.h"

#include <QPainter>
#include <algorithm>
#include <memory>
#include <utility>

namespace vl {
namespace {

constexpr int kSmallestSide = 256;              // levels below this save nothing worth having
constexpr double kPixelArtMagnification = 3.0;  // from here on pixels are shown as squares

/// The pixels as a QImage that keeps them alive.
QImage wrap(RgbImage image) {
  auto owner = std::make_unique<RgbImage>(std::move(image));
  const RgbImage& held = *owner;
  const auto release = [](void* pixels) {
    const std::unique_ptr<RgbImage> taken(static_cast<RgbImage*>(pixels));
  };
  return {held.pixels.data(),    held.width, held.height,    qsizetype{held.width} * 3,
          QImage::Format_RGB888, release,    owner.release()};
}

/// Average of each 2 x 2 block; an odd last row or column counts twice.
///   pixelBytes  3 for RGB888, 4 for RGB32, whose bytes stand as B, G, R, x in memory
QImage halve(const QImage& image, int pixelBytes) {
  const int width = (image.width() + 1) / 2;
  const int height = (image.height() + 1) / 2;
  QImage half(width, height, QImage::Format_RGB32);
  const bool rgbOrder = pixelBytes == 3;
  for (int y = 0; y < height; ++y) {
    const uchar* top = image.constScanLine(2 * y);
    const uchar* bottom = image.constScanLine(std::min(2 * y + 1, image.height() - 1));
    auto* out = reinterpret_cast<QRgb*>(half.scanLine(y));
    for (int x = 0; x < width; ++x) {
      const int left = 2 * x * pixelBytes;
      const int right = std::min(2 * x + 1, image.width() - 1) * pixelBytes;
      const auto mean = [&](int channel) {
        return (top[left + channel] + top[right + channel] + bottom[left + channel] +
                bottom[right + channel] + 2) >>
               2;
      };
      out[x] = rgbOrder ? qRgb(mean(0), mean(1), mean(2)) : qRgb(mean(2), mean(1), mean(0));
    }
  }
  return half;
}

}  // namespace

ImagePyramid::ImagePyramid(RgbImage image) {
  levels_.push_back(wrap(std::move(image)));
  while (std::max(levels_.back().width(), levels_.back().height()) > kSmallestSide) {
    levels_.push_back(halve(levels_.back(), levels_.size() == 1 ? 3 : 4));
  }
}

std::size_t ImagePyramid::bytes() const {
  std::size_t sum = 0;
  for (const QImage& level : levels_) sum += static_cast<std::size_t>(level.sizeInBytes());
  return sum;
}

std::size_t ImagePyramid::levelFor(double devicePixelsPerImagePixel) const {
  std::size_t level = 0;
  double scale = devicePixelsPerImagePixel;
  while (scale <= 0.5 && level + 1 < levels_.size()) {
    scale *= 2;
    ++level;
  }
  return level;
}

QImage ImagePyramid::thumbnail(QSize bound) const {
  const QSize fitted = size().scaled(bound, Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
  if (fitted.width() >= size().width())
    return levels_.front().convertToFormat(QImage::Format_RGB32);
  const double scale = static_cast<double>(fitted.width()) / size().width();
  return levels_[levelFor(scale)].scaled(fitted, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

void ImagePyramid::draw(QPainter& painter, const QRectF& target, const QRectF& source,
                        double devicePixelsPerImagePixel) const {
  const QImage& level = levels_[levelFor(devicePixelsPerImagePixel)];
  const double sx = static_cast<double>(level.width()) / size().width();
  const double sy = static_cast<double>(level.height()) / size().height();
  const QRectF part(source.x() * sx, source.y() * sy, source.width() * sx, source.height() * sy);
  painter.setRenderHint(QPainter::SmoothPixmapTransform,
                        devicePixelsPerImagePixel < kPixelArtMagnification);
  painter.drawImage(target, level, part);
}

}  // namespace vl
