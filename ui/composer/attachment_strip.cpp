#include "ui/composer/attachment_strip.h"

#include <QBoxLayout>
#include <QScrollArea>
#include <memory>

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
    if (entry.image) {
      loader_.loadThumbnail(entry.image->path, button, [button](const QImage& thumbnail) {
        thumbnail.isNull() ? button->setMissing() : button->setThumbnail(thumbnail);
      });
    }
    connect(button, &ThumbnailButton::clicked, this, [this, i] { emit picked(i); });
    connect(button, &ThumbnailButton::removeClicked, this,
            [this, ticket = entry.ticket] { attachments_.remove(ticket); });
    layout_->addWidget(button, 0, Qt::AlignTop);
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

void AttachmentStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  adjustHeight();
}

}  // namespace vl
