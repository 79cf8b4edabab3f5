#pragma once

#include <QImage>
#include <QRect>
#include <QRectF>
#include <QSize>
#include <QString>

#include "inference/base/result.h"
#include "ui/canvas/image_pyramid.h"

namespace vl {

/// The whole pixels that a part of an image touches: inside the image, and at least one.
QRect pixelsOf(const QRectF& part, QSize image);

/// A copy of the image with a red rectangle around `part`: how the models' official in-context
/// examples point at an object.
QImage markedCopy(const ImagePyramid& picture, const QRectF& part);

/// A name for a file: the words of `label` that are safe in one, or "crop".
QString fileNameFor(const QString& label);

/// Writes a picture in the format of the name's ending. Error: Io, with a sentence.
Status savePicture(const QImage& picture, const QString& file);

}  // namespace vl
