#include "app/evaluation/scores.h"

#include <algorithm>

#include "app/evaluation/box_scores.h"
#include "app/evaluation/text_scores.h"

namespace vl {
namespace {

Share& operator+=(Share& a, const Share& b) {
  a.part += b.part;
  a.whole += b.whole;
  return a;
}

Share oneIf(bool holds) { return {holds ? std::size_t{1} : 0, 1}; }

/// A list of boxes that was begun counts, even if it makes no sense.
bool hasBox(const GenerateSummary& answer) {
  return !answer.boxes.empty() || answer.raw.find("<|det|>") != std::string::npos;
}

}  // namespace

std::optional<double> Share::value() const {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> Scores::precisionValue() const {
  if (recall.whole == 0) return std::nullopt;
  return precision.value().value_or(0);
}

Scores& Scores::operator+=(const Scores& other) {
  items += other.items;
  cer += other.cer;
  exact += other.exact;
  recall += other.recall;
  precision += other.precision;
  deny += other.deny;
  return *this;
}

Scores scoresOf(const SuiteItem& item, const GenerateSummary& answer) {
  Scores scores;
  scores.items = 1;
  switch (item.metric) {
    case Metric::Cer: {
      const CharacterErrors errors = characterErrors(answer.text, item.expected);
      scores.cer = {errors.edits, errors.characters};
      break;
    }
    case Metric::Exact:
      scores.exact = oneIf(isExact(answer.text, item.expected));
      break;
    case Metric::Boxes: {
      std::vector<GridBox> found;
      for (const GroundedBox& box : answer.boxes) found.push_back(box.grid);
      const std::size_t pairs = matchedBoxes(found, item.boxes);
      scores.recall = {pairs, item.boxes.size()};
      scores.precision = {pairs, found.size()};
      break;
    }
    case Metric::Deny:
      scores.deny = oneIf(isDenial(answer.text) && !hasBox(answer));
      break;
  }
  return scores;
}

double singleScore(Metric metric, const Scores& scores) {
  switch (metric) {
    case Metric::Cer:
      return scores.cer.value().value_or(0);
    case Metric::Exact:
      return scores.exact.value().value_or(0);
    case Metric::Boxes:
      return Share{2 * scores.recall.part, scores.recall.whole + scores.precision.whole}
          .value()
          .value_or(0);
    case Metric::Deny:
      return scores.deny.value().value_or(0);
  }
  return 0;
}

void CategoryScores::add(const std::string& category, const Scores& scores) {
  auto found = std::find_if(all_.begin(), all_.end(),
                            [&](const auto& entry) { return entry.first == category; });
  if (found == all_.end()) found = all_.insert(all_.end(), {category, Scores{}});
  found->second += scores;
}

}  // namespace vl
