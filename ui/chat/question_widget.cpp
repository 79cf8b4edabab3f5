#include "ui/chat/question_widget.h"

#include <QBoxLayout>
#include <QEvent>
#include <QFrame>
#include <QToolButton>
#include <algorithm>
#include <cstddef>

#include "ui/canvas/image_loader.h"
#include "ui/chat/branch_switch.h"
#include "ui/chat/message_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/thumbnail_button.h"

namespace vl {
namespace {

constexpr int kPadding = 12;
constexpr int kGap = 8;
constexpr int kFooterGap = 2;
constexpr int kPictureSide = 120;
constexpr double kWidestShare = 0.85;  // of the column: the indent tells questions from answers

}  // namespace

QuestionWidget::QuestionWidget(ImageLoader& loader, QWidget* parent)
    : MessageWidget(parent),
      loader_(loader),
      bubble_(new QFrame(this)),
      text_(new MessageText(bubble_)),
      footer_(new QWidget(this)),
      branches_(new BranchSwitch(footer_)),
      edit_(new QToolButton(footer_)) {
  bubble_->setObjectName("questionBubble");
  text_->setAccessibleName(tr("Your question"));
  edit_->setIcon(themeIcon("rename"));
  edit_->setIconSize(QSize(15, 15));
  edit_->setAccessibleName(tr("Edit this question"));
  edit_->setToolTip(tr("Edit"));
  connect(edit_, &QToolButton::clicked, this, &MessageWidget::editWanted);
  connect(branches_, &BranchSwitch::branchWanted, this, &MessageWidget::branchWanted);
  auto* row = new QHBoxLayout(footer_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  row->addStretch(1);
  row->addWidget(branches_);
  row->addWidget(edit_);
}

void QuestionWidget::setItem(const ConversationItem& item) {
  raw_ = item.message.raw;
  writeQuestion(*text_->document(), raw_);
  text_->setVisible(!text_->document()->isEmpty());
  branches_->setBranches(item.message.siblings, item.message.id);
  if (pictures_.empty()) showPictures(item);  // a question keeps its pictures
}

void QuestionWidget::showPictures(const ConversationItem& item) {
  for (std::size_t i = 0; i < item.message.attachments.size(); ++i) {
    const QString name = QString::fromStdString(item.message.attachments[i].fileName);
    auto* picture = new ThumbnailButton(name, kPictureSide, bubble_);
    const std::size_t image = item.firstImage + i;
    connect(picture, &ThumbnailButton::clicked, this, [this, image] { emit imagePicked(image); });
    picture->show();
    pictures_.push_back(picture);
    if (item.imagePaths[i].empty()) {
      picture->setMissing();
      continue;
    }
    loader_.loadThumbnail(item.imagePaths[i], picture, [picture](const QImage& thumbnail) {
      thumbnail.isNull() ? picture->setMissing() : picture->setThumbnail(thumbnail);
    });
  }
}

int QuestionWidget::arrange(int width) {
  const int widest = static_cast<int>(width * kWidestShare) - 2 * kPadding;
  const int perRow = std::max((widest + kGap) / (kPictureSide + kGap), 1);
  const int count = static_cast<int>(pictures_.size());
  const int columns = std::min(count, perRow);
  const int picturesWidth = columns * (kPictureSide + kGap) - kGap;
  const bool hasText = !text_->document()->isEmpty();
  const int textWidth = hasText ? text_->widthFor(widest) : 0;
  const int inner = std::max(textWidth, picturesWidth);

  int y = kPadding;
  for (int i = 0; i < count; ++i) {
    const int column = i % perRow;
    if (column == 0 && i > 0) y += kPictureSide + kGap;
    pictures_[static_cast<std::size_t>(i)]->move(kPadding + column * (kPictureSide + kGap), y);
  }
  if (count > 0) y += kPictureSide + (hasText ? kGap : 0);
  if (hasText) {
    const int height = text_->heightFor(inner);
    text_->setGeometry(kPadding, y, inner, height);
    y += height;
  }
  const int bubbleWidth = inner + 2 * kPadding;
  bubble_->setGeometry(width - bubbleWidth, 0, bubbleWidth, y + kPadding);
  footer_->setGeometry(0, bubble_->height() + kFooterGap, width, footer_->sizeHint().height());
  return footer_->geometry().bottom() + 1;
}

void QuestionWidget::changeEvent(QEvent* event) {
  // muted words have their colour in the text
  if (event->type() == QEvent::PaletteChange) writeQuestion(*text_->document(), raw_);
  MessageWidget::changeEvent(event);
}

}  // namespace vl
