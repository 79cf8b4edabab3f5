#include "ui/widgets/svg_icon_engine.h"

#include <QFile>
#include <QGuiApplication>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>
#include <utility>

namespace vl {
namespace {

QColor paletteColour(QIcon::Mode mode) {
  const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
  return QGuiApplication::palette().color(group, QPalette::ButtonText);
}

}  // namespace

SvgIconEngine::SvgIconEngine(QString name, std::optional<QColor> colour)
    : name_(std::move(name)), colour_(colour) {}

void SvgIconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode,
                          QIcon::State /*state*/) {
  QFile file(":/icons/" + name_ + ".svg");
  if (!file.open(QIODevice::ReadOnly)) return;
  const QColor colour = colour_ ? *colour_ : paletteColour(mode);
  QSvgRenderer(file.readAll().replace("currentColor", colour.name().toLatin1()))
      .render(painter, rect);
}

QPixmap SvgIconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
  QPixmap pixmap(size);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  paint(&painter, QRect(QPoint(), size), mode, state);
  return pixmap;
}

QIconEngine* SvgIconEngine::clone() const { return new SvgIconEngine(*this); }

}  // namespace vl
