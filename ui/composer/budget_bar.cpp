#include "ui/composer/budget_bar.h"

#include <QFontMetrics>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kBarWidth = 120;
constexpr int kBarHeight = 4;
constexpr int kGap = 10;

QString number(std::size_t value) { return QLocale().toString(qulonglong(value)); }

}  // namespace

BudgetBar::BudgetBar(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setAccessibleName(tr("Context"));
}

void BudgetBar::setSize(const std::optional<PromptSize>& size) {
  if (size == size_) return;
  size_ = size;
  text_.clear();
  setToolTip({});
  if (size) {
    text_ =
        size->fits()
            ? tr("%1 of %2 tokens · %3 left for the answer")
                  .arg(number(size->total()), number(size->context), number(size->left()))
            : tr("%1 of %2 tokens · too long").arg(number(size->total()), number(size->context));
    QStringList parts{tr("Text: %Ln token(s)", nullptr, static_cast<int>(size->text))};
    for (std::size_t i = 0; i < size->images.size(); ++i) {
      parts << tr("Image %1: %2 tokens").arg(i + 1).arg(number(size->images[i]));
    }
    setToolTip(parts.join('\n'));
  }
  setAccessibleDescription(text_);
  updateGeometry();
  update();
}

QSize BudgetBar::sizeHint() const {
  return {kBarWidth + kGap + fontMetrics().horizontalAdvance(text_), fontMetrics().height()};
}

void BudgetBar::paintEvent(QPaintEvent* /*event*/) {
  if (!size_) return;
  const ThemeColours& colours = Theme::colours();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  const QRectF track(0, (height() - kBarHeight) / 2.0, kBarWidth, kBarHeight);
  QPainterPath shape;
  shape.addRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
  painter.setClipPath(shape);
  painter.fillRect(track, colours.pressed);
  const double perToken = kBarWidth / static_cast<double>(std::max<std::size_t>(size_->context, 1));
  QRectF part = track;
  part.setWidth(std::min(perToken * static_cast<double>(size_->total()), double{kBarWidth}));
  painter.fillRect(part, size_->fits() ? colours.muted : colours.error);
  part.setWidth(std::min(perToken * static_cast<double>(size_->imageTokens()), double{kBarWidth}));
  if (size_->fits()) painter.fillRect(part, colours.accent);

  painter.setClipping(false);
  painter.setPen(size_->fits() ? colours.muted : colours.error);
  const QRect area = rect().adjusted(kBarWidth + kGap, 0, 0, 0);
  painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                   fontMetrics().elidedText(text_, Qt::ElideRight, area.width()));
}

}  // namespace vl
