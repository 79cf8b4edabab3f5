#include "ui/canvas/encoded_view.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr double kOverviewShare = 0.28;  // of the view's shorter side
constexpr double kLargestOverview = 200;
constexpr double kMargin = 12;
const QColor kLine(255, 255, 255, 230);
const QColor kCasing(0, 0, 0, 130);

QImage copyOf(const RgbImage& view) {
  return QImage(view.pixels.data(), view.width, view.height, qsizetype{view.width} * 3,
                QImage::Format_RGB888)
      .convertToFormat(QImage::Format_RGB32);
}

QString sizeText(ImageSize size) {
  const QLocale locale;
  return EncodedView::tr("%1 × %2").arg(locale.toString(size.width), locale.toString(size.height));
}

}  // namespace

EncodedView::EncodedView(const ImagePyramid& picture, const Encoding& encoding)
    : plan_(planTiling(picture.pixels().size(), *encoding.model, encoding.tiling)),
      image_(picture.size()),
      side_(encoding.model->tilePixels()) {
  const TiledImage tiled = tileImage(picture.pixels(), *encoding.model, encoding.tiling);
  overview_ = copyOf(tiled.views.front());
  for (std::size_t i = 1; i < tiled.views.size(); ++i) tiles_.push_back(copyOf(tiled.views[i]));
}

QRectF EncodedView::content() const {
  const ViewPlacement& place = plan_.local;
  const double x = double(image_.width()) / place.inside.width;
  const double y = double(image_.height()) / place.inside.height;
  return {-place.left * x, -place.top * y, place.view.width * x, place.view.height * y};
}

QRectF EncodedView::tileInImage(std::size_t tile) const {
  const QRectF all = content();
  const double width = all.width() / static_cast<double>(plan_.grid.columns);
  const double height = all.height() / static_cast<double>(plan_.grid.rows);
  const std::size_t row = tile / plan_.grid.columns;
  const std::size_t column = tile % plan_.grid.columns;
  return {all.x() + static_cast<double>(column) * width,
          all.y() + static_cast<double>(row) * height, width, height};
}

void EncodedView::drawTiles(QPainter& painter, const QTransform& imageToWidget) const {
  painter.save();
  painter.setTransform(imageToWidget, true);
  const double zoom = painter.transform().mapRect(tileInImage(0)).width() / side_;
  painter.setRenderHint(QPainter::SmoothPixmapTransform, zoom < 3);  // else pixels show as squares
  for (std::size_t i = 0; i < tiles_.size(); ++i) painter.drawImage(tileInImage(i), tiles_[i]);
  painter.restore();
}

void EncodedView::drawMarks(QPainter& painter, const QTransform& imageToWidget) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath padding;
  padding.addRect(imageToWidget.mapRect(content()));
  QPainterPath picture;
  picture.addRect(imageToWidget.mapRect(QRectF(QPointF(), QSizeF(image_))));
  painter.fillPath(padding.subtracted(picture), QBrush(QColor(0, 0, 0, 90), Qt::BDiagPattern));
  for (const QPen& pen : {QPen(kCasing, 3), QPen(kLine, 1.25)}) {
    painter.setPen(pen);
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
      painter.drawRect(imageToWidget.mapRect(tileInImage(i)));
    }
  }
  painter.restore();
}

void EncodedView::drawOverview(QPainter& painter, const QRectF& widget) const {
  const double side =
      std::min(std::min(widget.width(), widget.height()) * kOverviewShare, kLargestOverview);
  const QRectF place(widget.right() - side - kMargin, widget.bottom() - side - kMargin, side, side);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(kCasing, 5));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(place);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(place, overview_);
  painter.setPen(QPen(kLine, 1.5));
  painter.drawRect(place);
  const QString text = tr("Overview");
  const QFontMetricsF metrics(painter.font());
  const QRectF plate(place.left(), place.top() - metrics.height() - 6,
                     metrics.horizontalAdvance(text) + 12, metrics.height() + 4);
  painter.setPen(Qt::NoPen);
  painter.setBrush(QColor(0, 0, 0, 170));
  painter.drawRoundedRect(plate, 4, 4);
  painter.setPen(Qt::white);
  painter.drawText(plate, Qt::AlignCenter, text);
  painter.restore();
}

QString EncodedView::text() const {
  const auto tokens = static_cast<int>(plan_.tokens);
  const QString cut =
      tiles_.size() == 1
          ? tr("One tile of %1 pixels and the overview: %Ln token(s).", nullptr, tokens).arg(side_)
          : tr("%1 × %2 tiles of %3 pixels and the overview: %Ln token(s).", nullptr, tokens)
                .arg(plan_.grid.columns)
                .arg(plan_.grid.rows)
                .arg(side_);
  return tr("%1 %2", "two sentences").arg(cut, scaledText());
}

QString EncodedView::scaledText() const {
  const int across = plan_.local.view.width - plan_.local.inside.width;
  const int down = plan_.local.view.height - plan_.local.inside.height;
  QString text = tr("Scaled from %1 to %2, no padding.");
  if (across > 0) text = tr("Scaled from %1 to %2, with %n column(s) of padding.", nullptr, across);
  if (down > 0) text = tr("Scaled from %1 to %2, with %n row(s) of padding.", nullptr, down);
  return text.arg(sizeText({image_.width(), image_.height()}), sizeText(plan_.local.inside));
}

}  // namespace vl
