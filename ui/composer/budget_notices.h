#pragma once

#include <QWidget>
#include <cstddef>
#include <optional>

#include "ui/composer/prompt_budget.h"

namespace vl {

class NoticeBar;

/// What has to be decided before a question can be asked, each with its choices: a conversation
/// that is too long for the model, and a third image, which switches tiling off (SPEC 3.1).
class BudgetNotices final : public QWidget {
  Q_OBJECT
 public:
  explicit BudgetNotices(QWidget* parent = nullptr);

  void setBudget(const std::optional<PromptBudget>& budget);
  /// `before`: images that the model reads already; `added`: those of the question.
  void setImages(std::size_t before, std::size_t added, bool tiling);

 signals:
  void leaveOutWanted(std::size_t turns);
  void untileWanted();
  void newSessionWanted();
  void dropImageWanted();

 private:
  void showTooLong(const PromptBudget& budget);
  void showThirdImage(bool canBeginAnew);

  std::optional<PromptBudget> budget_;
  std::size_t before_ = 0;
  bool tilingEnds_ = false;  // with the images that are added now
  NoticeBar* tooLong_;
  NoticeBar* thirdImage_;
};

}  // namespace vl
