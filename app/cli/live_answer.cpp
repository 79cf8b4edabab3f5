#include "app/cli/live_answer.h"

#include "inference/text/grounding_parser.h"

namespace vl {

void LiveAnswer::take(const StageProgress& progress) {
  const std::lock_guard lock(mutex_);
  if (progress.stage == Stage::Prefill) soFar_.usage.promptTokens = progress.total;
  if (progress.stage == Stage::Decode) soFar_.usage.completionTokens = progress.done;
}

void LiveAnswer::take(std::string_view text) {
  const std::lock_guard lock(mutex_);
  soFar_.raw += text;
}

void LiveAnswer::take(const GroundedBox& box) {
  const std::lock_guard lock(mutex_);
  soFar_.boxes.push_back(box);
}

GenerateSummary LiveAnswer::summary() const {
  const std::lock_guard lock(mutex_);
  GenerateSummary summary = soFar_;
  GroundedText grounded = parseGrounding(summary.raw);
  summary.text = grounded.displayText();
  summary.warnings = std::move(grounded.warnings);
  summary.stopReason = StopReason::Cancelled;
  return summary;
}

}  // namespace vl
