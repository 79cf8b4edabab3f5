#include "ui/canvas/region.h"

#include <QFileInfo>
#include <QImageWriter>
#include <QPainter>
#include <QRegularExpression>
#include <QSaveFile>
#include <algorithm>
#include <cmath>

namespace vl {
namespace {

constexpr int kMostNameLetters = 60;

}  // namespace

QRect pixelsOf(const QRectF& part, QSize image) {
  const auto inside = [](double value, int most) {
    return static_cast<int>(std::clamp(value, 0.0, double(most)));
  };
  const int left = std::min(inside(std::floor(part.left()), image.width()), image.width() - 1);
  const int top = std::min(inside(std::floor(part.top()), image.height()), image.height() - 1);
  const int right = std::max(inside(std::ceil(part.right()), image.width()), left + 1);
  const int bottom = std::max(inside(std::ceil(part.bottom()), image.height()), top + 1);
  return {left, top, right - left, bottom - top};
}

QImage markedCopy(const ImagePyramid& picture, const QRectF& part) {
  QImage copy = picture.whole().convertToFormat(QImage::Format_RGB32);
  // the official example's line: 5 pixels of 1146, just outside the object
  const double line = std::max(3.0, std::min(copy.width(), copy.height()) / 220.0);
  QPainter painter(&copy);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(QColor(0xee, 0x40, 0x28), line, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  const double half = line / 2;
  painter.drawRect(part.adjusted(-half, -half, half, half) &
                   QRectF(copy.rect()).adjusted(half, half, -half, -half));
  return copy;
}

QString fileNameFor(const QString& label) {
  static const QRegularExpression kUnsafe(R"([^\p{L}\p{N}]+)",
                                          QRegularExpression::UseUnicodePropertiesOption);
  const QString words =
      QString(label).replace(kUnsafe, " ").simplified().left(kMostNameLetters).replace(' ', '-');
  return words.isEmpty() ? QString("crop") : words;
}

Status savePicture(const QImage& picture, const QString& file) {
  QSaveFile out(file);  // what was there stays whole until the new file is
  if (!out.open(QIODevice::WriteOnly)) {
    return Error{ErrorCode::Io, (file + ": " + out.errorString()).toStdString()};
  }
  QImageWriter writer(&out, QFileInfo(file).suffix().toLower().toLatin1());
  writer.setQuality(92);  // of JPEG and WebP
  if (!writer.write(picture)) {
    out.cancelWriting();
    return Error{ErrorCode::Io, (file + ": " + writer.errorString()).toStdString()};
  }
  if (!out.commit()) return Error{ErrorCode::Io, (file + ": " + out.errorString()).toStdString()};
  return {};
}

}  // namespace vl
