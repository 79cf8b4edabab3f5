#include "ui/composer/attachment_strip.h"

#include <QApplication>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollArea>
#include <algorithm>
#include <memory>
#include <utility>

#include "ui/canvas/image_loader.h"
#include "ui/composer/attachment_list.h"
#include "ui/widgets/thumbnail_button.h"

namespace vl {
namespace {

constexpr int kSide = 68;
constexpr int kGap = 8;
constexpr int kScrollBarHeight = 12;  // resources/themes/desk.qss

}  // namespace

AttachmentStrip::AttachmentStrip(AttachmentList& attachments, ImageLoader& loader, QWidget* parent)
    : QWidget(parent),
      attachments_(attachments),
      loader_(loader),
      scroll_(new QScrollArea(this)),
      row_(new QWidget),
      layout_(nullptr) {
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidgetResizable(true);
  scroll_->setFocusPolicy(Qt::NoFocus);
  scroll_->setWidget(row_);
  scroll_->viewport()->setAutoFillBackground(false);  // the composer's card shows through
  row_->setAutoFillBackground(false);                 // setWidget() has switched it on
  layout_ = new QHBoxLayout(row_);
  layout_->setContentsMargins(0, 0, 0, 0);
  layout_->setSpacing(kGap);

  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll_);
  connect(&attachments_, &AttachmentList::changed, this, &AttachmentStrip::rebuild);
  rebuild();
}

void AttachmentStrip::rebuild() {
  buttons_.clear();
  dragging_ = false;
  while (layout_->count() > 0) {
    const std::unique_ptr<QLayoutItem> item(layout_->takeAt(0));
    if (QWidget* widget = item->widget()) {
      widget->hide();
      widget->deleteLater();  // it may be the one that was just clicked
    }
  }
  for (std::size_t i = 0; i < attachments_.entries().size(); ++i) {
    const AttachmentList::Entry& entry = attachments_.entries()[i];
    auto* button = new ThumbnailButton(entry.name, kSide, row_);
    button->setRemovable();
    if (attachments_.entries().size() > 1) {
      const QString hint = tr("Drag it, or press Ctrl and an arrow key, to change the order");
      button->setToolTip(button->toolTip() + "<br>" + hint.toHtmlEscaped());
      button->setAccessibleDescription(hint);
    }
    button->installEventFilter(this);
    buttons_.push_back(button);
    if (entry.image) {
      loader_.loadThumbnail(entry.image->path, button, [button](const QImage& thumbnail) {
        thumbnail.isNull() ? button->setMissing() : button->setThumbnail(thumbnail);
      });
    }
    connect(button, &ThumbnailButton::clicked, this, [this, i] { emit picked(i); });
    connect(button, &ThumbnailButton::removeClicked, this,
            [this, ticket = entry.ticket] { attachments_.remove(ticket); });
    layout_->addWidget(button, 0, Qt::AlignTop);
    button->show();  // not only with the next events: it may get the focus now
  }
  layout_->addStretch(1);
  setVisible(!attachments_.isEmpty());
  adjustHeight();
}

void AttachmentStrip::adjustHeight() {
  const int count = static_cast<int>(attachments_.entries().size());
  const bool scrolls = count * (kSide + kGap) - kGap > width();
  scroll_->setFixedHeight(kSide + (scrolls ? kScrollBarHeight : 0));
}

bool AttachmentStrip::eventFilter(QObject* watched, QEvent* event) {
  const auto found = std::find(buttons_.begin(), buttons_.end(), watched);
  if (found == buttons_.end()) return QWidget::eventFilter(watched, event);
  const auto place = static_cast<std::size_t>(found - buttons_.begin());
  switch (event->type()) {
    case QEvent::MouseButtonPress:
      pressed_ = static_cast<const QMouseEvent*>(event)->position().toPoint();
      return false;
    case QEvent::MouseMove:
      return drag(place, *static_cast<const QMouseEvent*>(event));
    case QEvent::MouseButtonRelease:
      return drop(place);
    case QEvent::KeyPress:
      return moveByKey(place, *static_cast<const QKeyEvent*>(event));
    default:
      return false;
  }
}

bool AttachmentStrip::drag(std::size_t place, const QMouseEvent& event) {
  if (!event.buttons().testFlag(Qt::LeftButton) || buttons_.size() < 2) return false;
  const QPoint way = event.position().toPoint() - pressed_;
  dragging_ = dragging_ || way.manhattanLength() >= QApplication::startDragDistance();
  if (!dragging_) return false;
  ThumbnailButton& button = *buttons_[place];
  button.raise();
  button.move(std::clamp(button.x() + way.x(), 0, std::max(row_->width() - kSide, 0)), button.y());
  return true;
}

bool AttachmentStrip::drop(std::size_t place) {
  if (!std::exchange(dragging_, false)) return false;
  buttons_[place]->setDown(false);  // it was no click
  const int nearest = (buttons_[place]->x() + (kSide + kGap) / 2) / (kSide + kGap);
  const std::size_t target = std::min(static_cast<std::size_t>(nearest), buttons_.size() - 1);
  attachments_.move(attachments_.entries()[place].ticket, target);
  if (target == place) rebuild();  // back to where it was
  return true;
}

bool AttachmentStrip::moveByKey(std::size_t place, const QKeyEvent& event) {
  const bool left = event.key() == Qt::Key_Left;
  if (event.modifiers() != Qt::ControlModifier || (!left && event.key() != Qt::Key_Right)) {
    return false;
  }
  const std::size_t target = left ? place - 1 : place + 1;
  if (target >= buttons_.size()) return true;  // no further; also before the first one
  attachments_.move(attachments_.entries()[place].ticket, target);
  buttons_[target]->setFocus();
  return true;
}

void AttachmentStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  adjustHeight();
}

}  // namespace vl
