#include "ui/window/activity_bar.h"

#include <QFontMetrics>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kBarWidth = 96;
constexpr int kBarHeight = 4;
constexpr int kGap = 10;
constexpr int kFrameMs = 40;
constexpr double kPhaseStep = 0.03;
constexpr double kMovingShare = 0.35;  // of the bar that the moving part covers

}  // namespace

ActivityBar::ActivityBar(QWidget* parent) : QWidget(parent) {
  timer_.setInterval(kFrameMs);
  connect(&timer_, &QTimer::timeout, this, [this] {
    phase_ = std::fmod(phase_ + kPhaseStep, 1.0);
    if (done_ < 0) update();
  });
}

void ActivityBar::setActivity(const QString& text, double done) {
  if (text != text_) {
    text_ = text;
    setAccessibleName(text);
    updateGeometry();
  }
  done_ = std::min(done, 1.0);
  update();
}

QSize ActivityBar::sizeHint() const {
  return {kBarWidth + kGap + fontMetrics().horizontalAdvance(text_) + 2,
          fontMetrics().height() + 4};
}

void ActivityBar::paintEvent(QPaintEvent* /*event*/) {
  const ThemeColours& colours = Theme::colours();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  const double radius = kBarHeight / 2.0;
  const QRectF track(0, (height() - kBarHeight) / 2.0, kBarWidth, kBarHeight);
  painter.setBrush(colours.pressed);
  painter.drawRoundedRect(track, radius, radius);

  QRectF filled = track;
  if (done_ >= 0) {
    filled.setWidth(std::max(track.width() * done_, double{kBarHeight}));
  } else {
    filled.setWidth(track.width() * kMovingShare);
    const double swing = 0.5 - 0.5 * std::cos(phase_ * 2 * M_PI);  // there and back
    filled.moveLeft(track.left() + (track.width() - filled.width()) * swing);
  }
  painter.setBrush(colours.accent);
  painter.drawRoundedRect(filled, radius, radius);

  painter.setPen(colours.muted);
  const QRect textArea = rect().adjusted(kBarWidth + kGap, 0, 0, 0);
  painter.drawText(textArea, Qt::AlignVCenter | Qt::AlignLeft,
                   fontMetrics().elidedText(text_, Qt::ElideRight, textArea.width()));
}

void ActivityBar::showEvent(QShowEvent* event) {
  timer_.start();
  QWidget::showEvent(event);
}

void ActivityBar::hideEvent(QHideEvent* event) {
  timer_.stop();
  QWidget::hideEvent(event);
}

}  // namespace vl
