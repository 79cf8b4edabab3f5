#include "ui/widgets/thumbnail_button.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr double kRadius = 8.0;
constexpr int kRemoveSide = 18;

}  // namespace

ThumbnailButton::ThumbnailButton(const QString& name, int side, QWidget* parent)
    : QAbstractButton(parent), side_(side) {
  setAccessibleName(name);
  setToolTip(name.toHtmlEscaped());
  setFixedSize(side, side);
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::StrongFocus);
}

void ThumbnailButton::setThumbnail(const QImage& thumbnail) {
  thumbnail_ = thumbnail;
  update();
}

void ThumbnailButton::setMissing() {
  missing_ = true;
  update();
}

void ThumbnailButton::setRemovable() {
  remove_ = new QToolButton(this);
  remove_->setObjectName("thumbnailRemove");
  remove_->setIcon(themeIcon("close", Qt::white));
  remove_->setIconSize(QSize(12, 12));
  remove_->setFixedSize(kRemoveSide, kRemoveSide);
  remove_->setCursor(Qt::ArrowCursor);
  remove_->setAccessibleName(tr("Remove %1").arg(accessibleName()));
  remove_->setToolTip(tr("Remove"));
  remove_->move(side_ - kRemoveSide - 3, 3);
  connect(remove_, &QToolButton::clicked, this, &ThumbnailButton::removeClicked);
}

void ThumbnailButton::keyPressEvent(QKeyEvent* event) {
  const bool removal = event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace;
  if (remove_ != nullptr && removal) {
    emit removeClicked();
  } else {
    QAbstractButton::keyPressEvent(event);
  }
}

void ThumbnailButton::paintEvent(QPaintEvent* /*event*/) {
  const ThemeColours& colours = Theme::colours();
  QPainter painter(this);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  const QRectF area = QRectF(rect()).adjusted(1, 1, -1, -1);
  QPainterPath shape;
  shape.addRoundedRect(area, kRadius, kRadius);
  painter.fillPath(shape, colours.hover);
  if (thumbnail_.isNull()) {
    const QRect icon(width() / 2 - 12, height() / 2 - 12, 24, 24);
    themeIcon(missing_ ? "warning" : "attach", colours.muted).paint(&painter, icon);
  } else {
    painter.setClipPath(shape);
    const QSizeF cover =
        QSizeF(thumbnail_.size()).scaled(area.size(), Qt::KeepAspectRatioByExpanding);
    QRectF target(QPointF(), cover);
    target.moveCenter(area.center());
    painter.drawImage(target, thumbnail_);
    painter.setClipping(false);
  }
  painter.setPen(QPen(hasFocus() ? colours.accent : colours.border, hasFocus() ? 2 : 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(shape);
}

}  // namespace vl
