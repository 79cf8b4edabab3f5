#pragma once

#include <QCoreApplication>
#include <QImage>
#include <QRectF>
#include <QString>
#include <QTransform>
#include <memory>
#include <vector>

#include "inference/vision/tiling.h"
#include "ui/canvas/image_pyramid.h"

class QPainter;

namespace vl {

/// What decides how a model is given an image.
struct Encoding {
  std::shared_ptr<const ProcessorConfig> model;
  bool tiling = true;  // of this image, here and now
  bool operator==(const Encoding&) const = default;
};

/// An image exactly as the vision tower gets it: the tiles with their padding, and the overview.
/// Made by the engine's own code. Immutable.
class EncodedView {
  Q_DECLARE_TR_FUNCTIONS(EncodedView)

 public:
  /// Takes a second for 100 megapixels: not on the GUI thread.
  EncodedView(const ImagePyramid& picture, const Encoding& encoding);

  const TilingPlan& plan() const { return plan_; }
  /// The tiles together, in image space: larger than the image where there is padding.
  QRectF content() const;

  /// The pixels of the tiles, in their places.
  void drawTiles(QPainter& painter, const QTransform& imageToWidget) const;
  /// Over them: where tiles meet, and what is padding.
  void drawMarks(QPainter& painter, const QTransform& imageToWidget) const;
  /// In a corner of `widget`.
  void drawOverview(QPainter& painter, const QRectF& widget) const;
  /// The same in words.
  QString text() const;

 private:
  QRectF tileInImage(std::size_t tile) const;
  QString scaledText() const;

  TilingPlan plan_;
  QSize image_;
  int side_;
  QImage overview_;
  std::vector<QImage> tiles_;  // row by row
};

}  // namespace vl
