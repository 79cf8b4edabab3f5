#include "ui/composer/budget_watch.h"

#include <exception>
#include <utility>

namespace vl {
namespace {

constexpr int kPauseMs = 120;  // between the last letter and the count

}  // namespace

BudgetWatch::BudgetWatch(QObject* parent) : QObject(parent) {
  pool_.setMaxThreadCount(1);
  pause_.setSingleShot(true);
  pause_.setInterval(kPauseMs);
  connect(&pause_, &QTimer::timeout, this, &BudgetWatch::start);
}

BudgetWatch::~BudgetWatch() { pool_.clear(); }

void BudgetWatch::setModel(const std::filesystem::path& folder) {
  folder_ = folder;
  hasModel_ = !folder.empty();
  hasMeter_ = false;
  budget_.reset();
  again_ = true;
  if (hasModel_) pause_.start();
  emit measured();
}

void BudgetWatch::setPrompt(std::vector<MeteredTurn> conversation, bool tiling,
                            std::optional<std::size_t> contextTokens) {
  contextTokens_ = contextTokens;
  conversation_ = std::move(conversation);
  tiling_ = tiling;
  again_ = true;
  if (hasModel_) pause_.start();
}

void BudgetWatch::measureNow() {
  if (!pause_.isActive()) return;
  pause_.stop();
  start();
}

void BudgetWatch::measureOther(std::vector<MeteredTurn> conversation, bool tiling,
                               std::optional<std::size_t> contextTokens, const Measured& done) {
  if (!hasMeter_) {
    done(std::nullopt);
    return;
  }
  pool_.start([this, folder = folder_, conversation = std::move(conversation), tiling,
               contextTokens, done] {
    const std::optional<PromptBudget> budget = measure(folder, conversation, tiling, contextTokens);
    QMetaObject::invokeMethod(
        this, [budget, done] { done(budget); }, Qt::QueuedConnection);
  });
}

std::optional<PromptBudget> BudgetWatch::measure(const std::filesystem::path& folder,
                                                 std::span<const MeteredTurn> conversation,
                                                 bool tiling,
                                                 std::optional<std::size_t> contextTokens) {
  try {
    if (folder != meterFolder_) {
      meterFolder_ = folder;
      Result<PromptMeter> meter = PromptMeter::load(folder);
      meter_ = meter ? std::optional(std::move(*meter)) : std::nullopt;
    }
    if (!meter_) return std::nullopt;
    const Result<PromptBudget> planned = planPrompt(*meter_, conversation, tiling, contextTokens);
    return planned ? std::optional(*planned) : std::nullopt;
  } catch (const std::exception&) {  // a worker loop: no memory; asking will say so
    return std::nullopt;
  }
}

void BudgetWatch::start() {
  if (std::exchange(running_, true)) return;  // its end begins again
  again_ = false;
  pool_.start([this, folder = folder_, conversation = conversation_, tiling = tiling_,
               contextTokens = contextTokens_] {
    const std::optional<PromptBudget> budget = measure(folder, conversation, tiling, contextTokens);
    QMetaObject::invokeMethod(
        this,
        [this, budget] {
          running_ = false;
          if (again_) {
            if (!pause_.isActive()) start();
            return;
          }
          budget_ = budget;
          hasMeter_ = budget.has_value();
          emit measured();
        },
        Qt::QueuedConnection);
  });
}

}  // namespace vl
