#include "ui/canvas/image_pyramid.h"

#include <QPainter>
#include <algorithm>
#include <memory>
#include <utility>

namespace vl {
namespace {

constexpr int kSmallestSide = 256;              // levels below this save nothing worth having
constexpr double kPixelArtMagnification = 3.0;  // from here on pixels are shown as squares

/// The pixels as a QImage; it and its copies keep them alive.
QImage wrap(const std::shared_ptr<const RgbImage>& image) {
  using Owner = std::shared_ptr<const RgbImage>;
  const auto release = [](void* owner) {
    const std::unique_ptr<Owner> taken(static_cast<Owner*>(owner));
  };
  return {image->pixels.data(),
          image->width,
          image->height,
          qsizetype{image->width} * 3,
          QImage::Format_RGB888,
          release,
          std::make_unique<Owner>(image).release()};
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

ImagePyramid::ImagePyramid(RgbImage image)
    : pixels_(std::make_shared<const RgbImage>(std::move(image))) {
  levels_.push_back(wrap(pixels_));
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

void ImagePyramid::draw(QPainter& painter, const QTransform& imageToPainter, const QRectF& part,
                        double devicePixelsPerImagePixel, Quality quality) const {
  const bool coarse = quality == Quality::Coarse;
  const QImage& level = levels_[levelFor(devicePixelsPerImagePixel / (coarse ? 2 : 1))];
  const double sx = static_cast<double>(level.width()) / size().width();
  const double sy = static_cast<double>(level.height()) / size().height();
  const QRectF source(part.x() * sx, part.y() * sy, part.width() * sx, part.height() * sy);
  painter.save();
  painter.setTransform(imageToPainter, true);
  painter.setRenderHint(QPainter::SmoothPixmapTransform,
                        !coarse && devicePixelsPerImagePixel < kPixelArtMagnification);
  painter.drawImage(part, level, source);
  painter.restore();
}

}  // namespace vl
