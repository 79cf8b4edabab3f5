#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "inference/base/result.h"
#include "ui/composer/prompt_meter.h"

namespace vl {

/// What the next prompt takes and, when it does not fit, what would make it fit.
struct PromptBudget {
  PromptSize size;
  std::size_t turnsToLeaveOut =
      0;                     // oldest questions with their answers; 0: fits, or would not help
  bool fitsUntiled = false;  // without tiles; false when it fits or they are off already
  bool operator==(const PromptBudget&) const = default;
};

/// Requires a conversation that ends with the question to be asked. Errors: as
/// PromptMeter::measure.
Result<PromptBudget> planPrompt(const PromptMeter& meter, std::span<const MeteredTurn> conversation,
                                bool tiling,
                                std::optional<std::size_t> contextTokens = std::nullopt);

}  // namespace vl
