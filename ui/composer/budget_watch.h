#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ui/composer/prompt_budget.h"

namespace vl {

/// Keeps the budget of the question that is being written: measures on a worker thread, a moment
/// after the last change, always the latest state only. GUI thread.
class BudgetWatch final : public QObject {
  Q_OBJECT
 public:
  explicit BudgetWatch(QObject* parent = nullptr);
  ~BudgetWatch() override;

  /// The model that will answer; until it is read there is no budget. An empty folder: none.
  void setModel(const std::filesystem::path& folder);
  /// What the prompt would be now.
  void setPrompt(std::vector<MeteredTurn> conversation, bool tiling,
                 std::optional<std::size_t> contextTokens);
  /// Does not wait for a pause in the changes.
  void measureNow();
  using Measured = std::function<void(const std::optional<PromptBudget>&)>;
  /// Measures another prompt at once. `done` gets none when there is no way to know, and is not
  /// called when this object goes before.
  void measureOther(std::vector<MeteredTurn> conversation, bool tiling,
                    std::optional<std::size_t> contextTokens, const Measured& done);

  /// Of the state last set; none: not known yet, or there is no way to know.
  const std::optional<PromptBudget>& budget() const { return budget_; }
  /// Whether a budget of the state last set is on its way. Not while the model is still being read:
  /// that may take a while, or fail.
  bool isMeasuring() const { return hasMeter_ && (pause_.isActive() || running_); }

 signals:
  void measured();

 private:
  void start();
  /// On pool_'s thread.
  std::optional<PromptBudget> measure(const std::filesystem::path& folder,
                                      std::span<const MeteredTurn> conversation, bool tiling,
                                      std::optional<std::size_t> contextTokens);

  std::filesystem::path folder_;
  bool hasModel_ = false;
  bool hasMeter_ = false;  // of that model
  std::vector<MeteredTurn> conversation_;
  bool tiling_ = true;
  std::optional<std::size_t> contextTokens_;
  std::optional<PromptBudget> budget_;
  QTimer pause_;
  bool running_ = false;
  bool again_ = false;                 // the state has changed since the worker took it
  std::optional<PromptMeter> meter_;   // pool_'s thread only
  std::filesystem::path meterFolder_;  // pool_'s thread only
  QThreadPool pool_;                   // one thread; last member: waits for its tasks
};

}  // namespace vl
