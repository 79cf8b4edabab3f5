#pragma once

#include <cstddef>
#include <mutex>
#include <string>

#include "app/cli/json_text.h"
#include "app/evaluation/scores.h"

namespace vl {

/// What `vl2 eval` has found so far. Thread-safe, for the Ctrl+C that prints it.
class EvalReport {
 public:
  void add(const SuiteItem& item, const GenerateSummary& answer);
  /// An item that could not be asked; counts as answered with nothing.
  void addFailure(const SuiteItem& item, const std::string& sentence);

  /// {"categories": {name: {"n", "cer", ...}}, "items": [{"id", "output", "score"}]}; null where a
  /// category has no item of that metric.
  OrderedJson json() const;
  /// The categories as a table for people.
  std::string table() const;

 private:
  void record(const SuiteItem& item, const GenerateSummary& answer, OrderedJson entry);

  mutable std::mutex mutex_;
  CategoryScores categories_;                 // guarded by mutex_
  OrderedJson items_ = OrderedJson::array();  // guarded by mutex_
};

}  // namespace vl
