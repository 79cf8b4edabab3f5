#include "inference/text/box_list.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "inference/base/coordinates.h"

namespace vl {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

/// A decimal int or float literal. from_chars alone would also take "inf" and "nan", and knows
/// neither a leading plus nor underscores.
std::optional<double> parseNumber(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool groups =
        c == '_' && i > 0 && i + 1 < text.size() && isDigit(text[i - 1]) && isDigit(text[i + 1]);
    const bool plus = c == '+' && i == 0 && text.size() > 1 && text[1] != '-';
    if (groups || plus) continue;
    if (!isDigit(c) && std::string_view("+-.eE").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
    digits += c;
  }
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, failure] = std::from_chars(digits.data(), end, value);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::string sentence(std::string_view what, std::string_view raw) {
  return std::string(what) + ": \"" + std::string(raw) + "\".";
}

}  // namespace

ParsedBox parseBox(std::string_view inside) {
  std::array<double, 4> values{};
  std::size_t count = 0;
  std::string_view rest = trim(inside);
  if (!rest.empty() && rest.back() == ',') rest = trim(rest.substr(0, rest.size() - 1));
  for (bool more = !rest.empty(); more;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::optional<double> value = parseNumber(trim(rest.substr(0, comma)));
    if (!value) return {std::nullopt, "A box could not be read"};
    if (count < values.size()) values[count] = *value;
    ++count;
    more = comma < rest.size();
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (count < values.size()) return {std::nullopt, "A box has fewer than four numbers"};
  ParsedBox parsed;
  if (count > values.size()) {
    parsed.complaint = "A box has more than four numbers, and only the first four count";
  }
  for (double& value : values) {
    const double clamped = std::clamp(value, 0.0, kGridMax);
    if (clamped != value) parsed.complaint = "A box reaches outside 0..999 and was cut there";
    value = clamped + 0.0;  // -0.0 becomes 0.0
  }
  const auto [x1, y1, x2, y2] = values;
  parsed.box = GridBox{std::min(x1, x2), std::min(y1, y2), std::max(x1, x2), std::max(y1, y2)};
  return parsed;
}

std::optional<GridBox> parseUnfinishedBox(std::string_view inside) {
  std::array<double, 4> values{0, 0, kGridMax, kGridMax};
  std::size_t count = 0;
  for (std::size_t comma = inside.find(','); comma != std::string_view::npos && count < 4;
       comma = inside.find(',')) {
    const std::optional<double> value = parseNumber(trim(inside.substr(0, comma)));
    if (!value) return std::nullopt;
    values[count++] = std::clamp(*value, 0.0, kGridMax);
    inside.remove_prefix(comma + 1);
  }
  if (count == 0) return std::nullopt;
  const auto [x1, y1, x2, y2] = values;
  return GridBox{std::min(x1, x2), std::min(y1, y2), std::max(x1, x2), std::max(y1, y2)};
}

bool BoxListReader::take(char c, BoxListOutput out) {
  const bool separates = isBlank(c) || c == ',';
  if (sawBracket_ && depth_ == 0 && stray_.empty()) {
    if (!separates && c != '[' && c != ']') return false;
    tail_ = separates ? tail_ + c : "";
  }
  raw_ += c;
  if (c == '[') {
    // A bracket in the middle of a box: what stands before it is none. After nothing it nests.
    if (box_ && !trim(*box_).empty()) stray_ = '[' + *box_;
    settleStray(out);
    box_.emplace();
    ++depth_;
    sawBracket_ = true;
  } else if (c == ']' && depth_ > 0) {
    settleBox(out);
    --depth_;
  } else if (box_) {
    *box_ += c;
  } else if (!stray_.empty() || !separates) {
    stray_ += c;
  }
  return true;
}

void BoxListReader::settleBox(BoxListOutput out) {
  if (!box_) return;  // the bracket closes an outer list
  const std::string text = std::move(*box_);
  box_.reset();
  const bool emptyList = depth_ == 1 && trim(text).empty();  // [] says that there is nothing
  if (emptyList) return;
  const ParsedBox parsed = parseBox(text);
  if (parsed.box) out.boxes.push_back(*parsed.box);
  if (!parsed.complaint.empty())
    out.warnings.push_back(sentence(parsed.complaint, '[' + text + ']'));
}

void BoxListReader::settleStray(BoxListOutput out) {
  if (!stray_.empty())
    out.warnings.push_back(sentence("Text among the boxes was left out", stray_));
  stray_.clear();
}

void BoxListReader::finish(BoxListOutput out) {
  settleStray(out);
  if (box_ && !trim(*box_).empty()) {
    out.warnings.push_back(sentence("A box is cut off", '[' + *box_));
  } else if (depth_ > 0) {
    out.warnings.push_back(sentence("A list of boxes has no closing bracket", raw_));
  } else if (trim(raw_).empty()) {
    out.warnings.push_back(sentence("A list of boxes is empty", "<|det|>" + raw_));
  }
  *this = {};
}

}  // namespace vl
