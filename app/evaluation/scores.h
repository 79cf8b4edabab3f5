#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/evaluation/suite.h"
#include "inference/engine/request.h"

namespace vl {

/// A number of things out of a number of things.
struct Share {
  std::size_t part = 0;
  std::size_t whole = 0;
  /// None of nothing.
  std::optional<double> value() const;
};

/// What is counted in answers. A share that no item's metric is about stays empty.
///   cer        edits of expected characters, see characterErrors()
///   exact      answers that isExact(), of answers
///   recall     expected boxes with a partner, see matchedBoxes(), of expected boxes
///   precision  found boxes with a partner, of found boxes
///   deny       answers that deny, of answers: isDenial(), and not a single box
/// Text is compared as people read it, without grounding tags.
struct Scores {
  std::size_t items = 0;
  Share cer;
  Share exact;
  Share recall;
  Share precision;
  Share deny;

  /// 0 when there were boxes to find and not one was found; none without "boxes" items.
  std::optional<double> precisionValue() const;
  Scores& operator+=(const Scores& other);
};

/// Of one answer.
Scores scoresOf(const SuiteItem& item, const GenerateSummary& answer);

/// One number for one item: its character error rate for Cer (0 is best), otherwise 0 to 1 (best);
/// for Boxes the F1 measure, 2 * pairs / (found + expected).
double singleScore(Metric metric, const Scores& scores);

/// Sums of each category, in the order in which they first come.
class CategoryScores {
 public:
  void add(const std::string& category, const Scores& scores);
  const std::vector<std::pair<std::string, Scores>>& all() const { return all_; }

 private:
  std::vector<std::pair<std::string, Scores>> all_;
};

}  // namespace vl
