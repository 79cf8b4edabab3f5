#include "ui/window/drop_overlay.h"

#include <QPainter>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kMargin = 16;
constexpr double kRadius = 16.0;
constexpr int kVeil = 225;  // of 255: the window shows through, the words stay readable

}  // namespace

DropOverlay::DropOverlay(QWidget* parent) : QWidget(parent) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  hide();
}

void DropOverlay::paintEvent(QPaintEvent* /*event*/) {
  const ThemeColours& colours = Theme::colours();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QColor veil = colours.base;
  veil.setAlpha(kVeil);
  painter.fillRect(rect(), veil);
  painter.setPen(QPen(colours.accent, 2, Qt::DashLine, Qt::RoundCap));
  painter.drawRoundedRect(rect().adjusted(kMargin, kMargin, -kMargin, -kMargin), kRadius, kRadius);
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  painter.setFont(large);
  painter.setPen(colours.text);
  painter.drawText(rect(), Qt::AlignCenter, tr("Drop to add to your question"));
}

}  // namespace vl
