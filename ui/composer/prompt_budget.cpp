#include "ui/composer/prompt_budget.h"

#include <algorithm>
#include <vector>

namespace vl {
namespace {

/// Where each question but the last one ends with its answer.
std::vector<std::size_t> turnEnds(std::span<const MeteredTurn> conversation) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 1; i < conversation.size(); ++i) {
    const bool afterTurn = conversation[i - 1].role != ChatRole::System;
    if (conversation[i].role == ChatRole::User && afterTurn) ends.push_back(i);
  }
  return ends;
}

std::vector<MeteredTurn> without(std::span<const MeteredTurn> conversation, std::size_t end) {
  std::vector<MeteredTurn> rest;
  if (conversation.front().role == ChatRole::System) rest.push_back(conversation.front());
  const auto from = conversation.begin() + static_cast<std::ptrdiff_t>(end);
  rest.insert(rest.end(), from, conversation.end());
  return rest;
}

}  // namespace

Result<PromptBudget> planPrompt(const PromptMeter& meter, std::span<const MeteredTurn> conversation,
                                bool tiling, std::optional<std::size_t> contextTokens) {
  const Result<PromptSize> size = meter.measure(conversation, tiling, contextTokens);
  if (!size) return size.error();
  PromptBudget budget{*size};
  if (budget.size.fits()) return budget;

  if (tiling && !budget.size.images.empty()) {
    const Result<PromptSize> untiled = meter.measure(conversation, false, contextTokens);
    if (!untiled) return untiled.error();
    budget.fitsUntiled = untiled->fits();
  }
  // The fewest turns that make it fit. Tiles that come back with fewer images can make a shorter
  // conversation larger, so each number is tried; there are a few dozen at most in a context.
  const std::vector<std::size_t> ends = turnEnds(conversation);
  for (std::size_t turns = 1; turns <= ends.size(); ++turns) {
    const auto rest = without(conversation, ends[turns - 1]);
    const Result<PromptSize> shorter = meter.measure(rest, tiling, contextTokens);
    if (!shorter) return shorter.error();
    if (!shorter->fits()) continue;
    budget.turnsToLeaveOut = turns;
    break;
  }
  return budget;
}

}  // namespace vl
