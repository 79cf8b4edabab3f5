#include "ui/composer/budget_notices.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <utility>

#include "inference/vision/tiling.h"
#include "ui/window/notice_bar.h"

namespace vl {
namespace {

QString number(std::size_t value) { return QLocale().toString(qulonglong(value)); }

QString tooLongText(const PromptSize& size) {
  if (size.images.empty()) {
    return BudgetNotices::tr(
               "This is too long for the model: %1 tokens, and it can take %2 with the answer.")
        .arg(number(size.text), number(size.context));
  }
  return BudgetNotices::tr(
             "This is too long for the model: %1 tokens of text and %2 of images, and it can take "
             "%3 with the answer.")
      .arg(number(size.text), number(size.imageTokens()), number(size.context));
}

}  // namespace

BudgetNotices::BudgetNotices(QWidget* parent)
    : QWidget(parent), tooLong_(new NoticeBar(this)), thirdImage_(new NoticeBar(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  for (NoticeBar* notice : {tooLong_, thirdImage_}) {
    notice->hide();
    column->addWidget(notice);
  }
}

void BudgetNotices::setBudget(const std::optional<PromptBudget>& budget) {
  if (budget == budget_) return;
  budget_ = budget;
  if (budget_ && !budget_->size.fits()) {
    showTooLong(*budget_);
  } else {
    tooLong_->hide();
  }
}

void BudgetNotices::showTooLong(const PromptBudget& budget) {
  QString said = tooLongText(budget.size);
  if (budget.turnsToLeaveOut == 0 && !budget.fitsUntiled) {
    said += '\n' + tr("Shorten the question.");
  }
  tooLong_->setNotice(NoticeBar::Kind::Warning, said);
  if (budget.turnsToLeaveOut > 0) {
    const std::size_t turns = budget.turnsToLeaveOut;
    const QString text =
        tr("Leave out the %n oldest question(s)", nullptr, static_cast<int>(turns));
    connect(tooLong_->addButton(text), &QPushButton::clicked, this,
            [this, turns] { emit leaveOutWanted(turns); });
  }
  if (budget.fitsUntiled) {
    connect(tooLong_->addButton(tr("Images as overviews")), &QPushButton::clicked, this,
            &BudgetNotices::untileWanted);
  }
  if (budget.turnsToLeaveOut > 0) {  // less of what came before helps
    connect(tooLong_->addButton(tr("New session")), &QPushButton::clicked, this,
            &BudgetNotices::newSessionWanted);
  }
}

void BudgetNotices::setImages(std::size_t before, std::size_t added, bool tiling) {
  const bool ends = tiling && before <= kMaxTiledImages && before + added > kMaxTiledImages;
  const bool changed = ends != tilingEnds_ || (ends && before != before_);
  tilingEnds_ = ends;
  before_ = before;
  if (!ends) {
    thirdImage_->hide();
  } else if (changed) {  // what was said once and closed stays closed
    showThirdImage(before > 0);
  }
}

void BudgetNotices::showThirdImage(bool canBeginAnew) {
  thirdImage_->setNotice(
      NoticeBar::Kind::Info,
      tr("With more than %1 images in a conversation the model sees each of them as one small "
         "overview: fine detail is lost, in the earlier ones, too.")
          .arg(kMaxTiledImages));
  connect(thirdImage_->addButton(tr("Go on")), &QPushButton::clicked, thirdImage_,
          &NoticeBar::hide);
  if (canBeginAnew) {
    connect(thirdImage_->addButton(tr("New session")), &QPushButton::clicked, this,
            &BudgetNotices::newSessionWanted);
  }
  connect(thirdImage_->addButton(tr("Remove the last image")), &QPushButton::clicked, this,
          &BudgetNotices::dropImageWanted);
}

}  // namespace vl
