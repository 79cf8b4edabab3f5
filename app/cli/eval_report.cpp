#include "app/cli/eval_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

namespace vl {
namespace {

struct Column {
  const char* name;
  std::optional<double> (*value)(const Scores& scores);
};

constexpr std::array<Column, 5> kColumns{{
    {"cer", [](const Scores& s) { return s.cer.value(); }},
    {"exact", [](const Scores& s) { return s.exact.value(); }},
    {"recall", [](const Scores& s) { return s.recall.value(); }},
    {"precision", [](const Scores& s) { return s.precisionValue(); }},
    {"deny", [](const Scores& s) { return s.deny.value(); }},
}};

/// To six digits; the others depend on nothing but how division rounds.
OrderedJson shareJson(std::optional<double> value) {
  if (!value) return nullptr;
  return std::round(*value * 1e6) / 1e6;
}

std::string percent(std::optional<double> value) {
  if (!value) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %%", *value * 100);
  return text.data();
}

std::string rightAligned(const std::string& text) {
  constexpr std::size_t kWidth = 11;
  return std::string(kWidth - std::min(kWidth, text.size()), ' ') + text;
}

}  // namespace

void EvalReport::add(const SuiteItem& item, const GenerateSummary& answer) {
  record(item, answer, {{"id", item.id}, {"output", answer.raw}});
}

void EvalReport::addFailure(const SuiteItem& item, const std::string& sentence) {
  record(item, {}, {{"id", item.id}, {"output", ""}, {"error", sentence}});
}

void EvalReport::record(const SuiteItem& item, const GenerateSummary& answer, OrderedJson entry) {
  const Scores scores = scoresOf(item, answer);
  entry["score"] = shareJson(singleScore(item.metric, scores));
  const std::lock_guard lock(mutex_);
  categories_.add(item.category, scores);
  items_.push_back(std::move(entry));
}

OrderedJson EvalReport::json() const {
  const std::lock_guard lock(mutex_);
  OrderedJson categories = OrderedJson::object();
  for (const auto& [name, scores] : categories_.all()) {
    OrderedJson entry{{"n", scores.items}};
    for (const Column& column : kColumns) entry[column.name] = shareJson(column.value(scores));
    categories[name] = std::move(entry);
  }
  return {{"categories", std::move(categories)}, {"items", items_}};
}

std::string EvalReport::table() const {
  const std::lock_guard lock(mutex_);
  std::size_t width = std::string("category").size();
  for (const auto& [name, scores] : categories_.all()) width = std::max(width, name.size());
  const auto row = [width](std::string name) {
    name.resize(width, ' ');
    return name;
  };
  std::string text = row("category") + rightAligned("n");
  for (const Column& column : kColumns) text += rightAligned(column.name);
  text += '\n';
  for (const auto& [name, scores] : categories_.all()) {
    text += row(name) + rightAligned(std::to_string(scores.items));
    for (const Column& column : kColumns) text += rightAligned(percent(column.value(scores)));
    text += '\n';
  }
  return text;
}

}  // namespace vl
