#pragma once

#include <QWidget>
#include <optional>

#include "ui/composer/prompt_meter.h"

namespace vl {

/// How much of the model's context the question takes, with all that the model will read before
/// it: a bar (images, then text) and what is left for the answer. The parts are in its tooltip.
class BudgetBar final : public QWidget {
  Q_OBJECT
 public:
  explicit BudgetBar(QWidget* parent = nullptr);

  /// None: not known; keeps its place, so that nothing moves when it comes.
  void setSize(const std::optional<PromptSize>& size);
  QString text() const { return text_; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::optional<PromptSize> size_;
  QString text_;
};

}  // namespace vl
