#include "ui/chat/conversation_view.h"

#include <QEvent>
#include <QFontMetrics>
#include <QScrollBar>
#include <algorithm>

#include "ui/chat/answer_widget.h"
#include "ui/chat/context_divider.h"
#include "ui/chat/conversation_model.h"
#include "ui/chat/message_text.h"
#include "ui/chat/question_widget.h"

namespace vl {
namespace {

constexpr int kWidestColumn = 760;  // about 90 letters: longer lines are hard to read
constexpr int kSideMargin = 20;
constexpr int kEndMargin = 20;
constexpr int kGap = 6;       // between a question and its answer
constexpr int kTurnGap = 28;  // before the next question
constexpr int kPicturesHeight = 132;
constexpr int kMarkWidth = 3;
constexpr int kMarkGap = 12;    // to the message
constexpr int kMostPasses = 4;  // measuring moves rows, which brings others into view

}  // namespace

ConversationView::ConversationView(ConversationModel& model, ImageLoader& loader,
                                   LabelPalette& palette, QWidget* parent)
    : QAbstractScrollArea(parent),
      model_(model),
      loader_(loader),
      palette_(palette),
      divider_(new ContextDivider(viewport())),
      markBar_(new QFrame(viewport())) {
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Conversation"));
  setFocusPolicy(Qt::StrongFocus);
  viewport()->setAutoFillBackground(false);
  verticalScrollBar()->setSingleStep(fontMetrics().lineSpacing() * 2);
  connect(&model_, &ConversationModel::modelReset, this, &ConversationView::reset);
  connect(&model_, &ConversationModel::rowsInserted, this,
          [this](const QModelIndex&, int first, int last) { rowsInserted(first, last); });
  connect(&model_, &ConversationModel::rowsRemoved, this,
          [this](const QModelIndex&, int first, int last) { rowsRemoved(first, last); });
  connect(&model_, &ConversationModel::dataChanged, this,
          [this](const QModelIndex& row) { rowChanged(row.row()); });
  divider_->hide();
  markBar_->setObjectName("messageMark");
  markBar_->hide();
  connect(divider_, &ContextDivider::liftWanted, this, &ConversationView::wholeContextWanted);
  reset();
}

void ConversationView::scrollToEnd() {
  anchor_.reset();
  arrange();
}

void ConversationView::showMessage(MessageId message, const QStringList& words) {
  const std::optional<int> row = model_.rowOf(message);
  clearMark();
  if (!row) return;
  mark_ = Mark{message, words};
  widgetOf(*row)->text().markWords(words);
  // with what stands before it in view, but a hit far down in a long message too
  const int lead = viewport()->height() / 4;
  anchor_ = Anchor{*row, -lead};
  arrange();
  const int y = widgetOf(*row)->firstMarkedY();
  if (y <= viewport()->height() / 2) return;
  anchor_ = Anchor{*row, y - lead};
  arrange();
}

void ConversationView::clearMark() {
  if (!mark_) return;
  const std::optional<int> row = model_.rowOf(mark_->message);
  mark_.reset();
  markBar_->hide();
  const auto found = row ? widgets_.find(*row) : widgets_.end();
  if (found != widgets_.end()) found->second->text().markWords({});
}

void ConversationView::emphasiseBox(MessageId answer, std::optional<std::size_t> box) {
  const std::optional<int> row = model_.rowOf(answer);
  const auto found = row ? widgets_.find(*row) : widgets_.end();
  if (found != widgets_.end()) found->second->text().emphasiseBox(box);
}

int ConversationView::columnWidth() const {
  return std::clamp(viewport()->width() - 2 * kSideMargin, 1, kWidestColumn);
}

int ConversationView::estimatedHeight(int row) const {
  const StoredMessage& message = model_.at(row).message;
  const int letters = static_cast<int>(std::min<std::size_t>(message.raw.size(), 1u << 20));
  const int perLine = std::max(columnWidth() / fontMetrics().averageCharWidth(), 1);
  const int pictures = message.attachments.empty() ? 0 : kPicturesHeight;
  return (letters / perLine + 2) * fontMetrics().lineSpacing() + pictures;
}

int ConversationView::gapBefore(int row) const {
  if (row == 0) return kEndMargin;
  if (model_.at(row).beginsContext) return 2 * kTurnGap + divider_->sizeHint().height();
  return model_.at(row).isQuestion() ? kTurnGap : kGap;
}

int ConversationView::topOf(int row) const {
  int top = 0;
  for (int i = 0; i < row; ++i) top += gapBefore(i) + heights_[static_cast<std::size_t>(i)];
  return top + gapBefore(row);
}

int ConversationView::contentHeight() const {
  const int rows = model_.rowCount();
  return rows == 0 ? 0 : topOf(rows - 1) + heights_.back() + kEndMargin;
}

std::pair<int, int> ConversationView::rowsNear(int top, int bottom) const {
  int first = 0;
  int last = -1;
  int y = 0;
  for (int row = 0; row < model_.rowCount() && y < bottom; ++row) {
    y += gapBefore(row);
    if (y + heights_[static_cast<std::size_t>(row)] < top) first = row + 1;
    y += heights_[static_cast<std::size_t>(row)];
    last = row;
  }
  return {first, last};
}

void ConversationView::reset() {
  while (!widgets_.empty()) dropWidget(widgets_.begin()->first);
  heights_.clear();
  for (int row = 0; row < model_.rowCount(); ++row) heights_.push_back(estimatedHeight(row));
  anchor_.reset();
  mark_.reset();
  arrange();
}

void ConversationView::rowsInserted(int first, int last) {
  // messages are only ever appended
  for (int row = first; row <= last; ++row) heights_.push_back(estimatedHeight(row));
  arrange();
}

void ConversationView::rowsRemoved(int first, int last) {
  for (int row = first; row <= last; ++row) dropWidget(row);
  heights_.resize(static_cast<std::size_t>(first));
  arrange();
}

void ConversationView::rowChanged(int row) {
  const auto found = widgets_.find(row);
  if (found != widgets_.end()) {
    found->second->setItem(model_.at(row));
    if (mark_ && mark_->message == model_.at(row).message.id) {
      found->second->text().markWords(mark_->words);
    }
  }
  if (found != widgets_.end() || model_.at(row).beginsContext) arrange();
}

void ConversationView::dropWidget(int row) {
  const auto found = widgets_.find(row);
  if (found == widgets_.end()) return;
  found->second->hide();
  found->second->deleteLater();  // one of its own buttons may have asked for this
  widgets_.erase(found);
}

MessageWidget* ConversationView::widgetOf(int row) {
  const auto found = widgets_.find(row);
  if (found != widgets_.end()) return found->second;
  const ConversationItem& item = model_.at(row);
  MessageWidget* widget = nullptr;
  if (item.isQuestion()) {
    widget = new QuestionWidget(loader_, viewport());
  } else {
    widget = new AnswerWidget(palette_, viewport());
  }
  const MessageId id = item.message.id;
  connect(widget, &MessageWidget::imagePicked, this, &ConversationView::imagePicked);
  connect(widget, &MessageWidget::phrasePointed, this,
          [this, id](std::optional<BoxRange> boxes) { emit phrasePointed(id, boxes); });
  connect(widget, &MessageWidget::phrasePicked, this,
          [this, id](const BoxRange& boxes) { emit phrasePicked(id, boxes); });
  connect(widget, &MessageWidget::retryWanted, this, [this, id] { emit retryWanted(id); });
  connect(widget, &MessageWidget::continueWanted, this, &ConversationView::continueWanted);
  connect(widget, &MessageWidget::editWanted, this, [this, id] { emit editWanted(id); });
  connect(widget, &MessageWidget::takeBackWanted, this, &ConversationView::takeBackWanted);
  connect(widget, &MessageWidget::branchWanted, this, &ConversationView::branchWanted);
  connect(widget, &MessageWidget::heightChanged, this, &ConversationView::arrange);
  widget->setItem(item);
  if (mark_ && mark_->message == id) widget->text().markWords(mark_->words);
  widgets_.emplace(row, widget);
  return widget;
}

void ConversationView::rememberAnchor() {
  const QScrollBar* bar = verticalScrollBar();
  if (bar->value() >= bar->maximum()) {
    anchor_.reset();
    return;
  }
  const int row = std::min(rowsNear(bar->value(), bar->value() + 1).first, model_.rowCount() - 1);
  anchor_ = Anchor{row, bar->value() - topOf(row)};
}

void ConversationView::restoreAnchor() {
  QScrollBar* bar = verticalScrollBar();
  bar->setPageStep(viewport()->height());
  bar->setRange(0, std::max(contentHeight() - viewport()->height(), 0));
  if (anchor_ && anchor_->row < model_.rowCount()) {
    bar->setValue(topOf(anchor_->row) + anchor_->offset);
  } else {
    bar->setValue(bar->maximum());
  }
}

bool ConversationView::measureVisible() {
  const int width = columnWidth();
  const int top = verticalScrollBar()->value();
  const int reserve = viewport()->height() / 2;  // what is scrolled to next exists already
  const auto [first, last] = rowsNear(top - reserve, top + viewport()->height() + reserve);
  bool moved = false;
  for (int row = first; row <= last; ++row) {
    const int height = widgetOf(row)->arrange(width);
    int& known = heights_[static_cast<std::size_t>(row)];
    moved = moved || height != known;
    known = height;
  }
  std::vector<int> away;
  for (const auto& [row, widget] : widgets_) {
    const bool used = widget->isAncestorOf(focusWidget());
    if ((row < first || row > last) && !used) away.push_back(row);
  }
  for (const int row : away) dropWidget(row);
  return moved;
}

void ConversationView::arrange() {
  if (arranging_) return;
  arranging_ = true;
  if (measuredWidth_ != columnWidth()) {
    measuredWidth_ = columnWidth();
    for (int row = 0; row < model_.rowCount(); ++row) {
      heights_[static_cast<std::size_t>(row)] = estimatedHeight(row);
    }
  }
  restoreAnchor();
  for (int pass = 0; pass < kMostPasses && measureVisible(); ++pass) restoreAnchor();

  const int width = columnWidth();
  const int left = (viewport()->width() - width) / 2;
  for (const auto& [row, widget] : widgets_) {
    const int y = topOf(row) - verticalScrollBar()->value();
    widget->setGeometry(left, y, width, heights_[static_cast<std::size_t>(row)]);
    widget->show();
  }
  placeDivider(left, width);
  placeMark(left);
  arranging_ = false;
}

void ConversationView::placeDivider(int left, int width) {
  const auto& items = model_.items();
  const auto found =
      std::find_if(items.begin(), items.end(), [](const auto& item) { return item.beginsContext; });
  divider_->setVisible(found != items.end());
  if (found == items.end()) return;
  const int row = static_cast<int>(found - items.begin());
  const int height = divider_->sizeHint().height();
  const int y = topOf(row) - kTurnGap - height - verticalScrollBar()->value();
  divider_->setGeometry(left, y, width, height);
}

void ConversationView::placeMark(int left) {
  const std::optional<int> row = mark_ ? model_.rowOf(mark_->message) : std::nullopt;
  markBar_->setVisible(row.has_value());
  if (!row) return;
  const int y = topOf(*row) - verticalScrollBar()->value();
  markBar_->setGeometry(left - kMarkGap, y, kMarkWidth, heights_[static_cast<std::size_t>(*row)]);
}

void ConversationView::resizeEvent(QResizeEvent* event) {
  QAbstractScrollArea::resizeEvent(event);
  arrange();
}

void ConversationView::scrollContentsBy(int /*dx*/, int /*dy*/) {
  if (arranging_) return;
  rememberAnchor();
  arrange();
}

bool ConversationView::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::LayoutRequest) arrange();
  return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace vl
