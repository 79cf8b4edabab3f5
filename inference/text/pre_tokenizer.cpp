#include "inference/text/pre_tokenizer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "inference/text/json_text.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr std::size_t kMaxSteps = 32;

/// GPT-2's own expression, used by ByteLevel with use_regex.
constexpr std::string_view kByteLevelRegex =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

Error unsupported(std::string what) {
  return Error{ErrorCode::Unsupported, "tokenizer.json: " + std::move(what)};
}

Error corrupt(std::string what) {
  return Error{ErrorCode::Corrupt, "tokenizer.json: " + std::move(what)};
}

std::optional<SplitBehavior> behaviorNamed(std::string_view name) {
  constexpr std::pair<std::string_view, SplitBehavior> kNames[] = {
      {"Removed", SplitBehavior::Removed},
      {"Isolated", SplitBehavior::Isolated},
      {"MergedWithPrevious", SplitBehavior::MergedWithPrevious},
      {"MergedWithNext", SplitBehavior::MergedWithNext},
      {"Contiguous", SplitBehavior::Contiguous}};
  for (const auto& [known, behavior] : kNames) {
    if (known == name) return behavior;
  }
  return std::nullopt;
}

/// A and B lie side by side in one text.
std::string_view join(std::string_view a, std::string_view b) {
  return {a.data(), static_cast<std::size_t>(b.data() + b.size() - a.data())};
}

void keepNonEmpty(std::string_view piece, std::vector<std::string_view>& pieces) {
  if (!piece.empty()) pieces.push_back(piece);
}

}  // namespace

Result<PreTokenizer> PreTokenizer::parse(const nlohmann::json& preTokenizer) {
  PreTokenizer parsed;
  Status added = parsed.add(preTokenizer);
  if (!added) return added.error();
  if (!parsed.hasByteLevel_) return unsupported("the pre-tokenizer has no ByteLevel step.");
  return parsed;
}

Status PreTokenizer::add(const nlohmann::json& step) {
  const std::string* type = stringMember(step, "type");
  if (type == nullptr) return corrupt("a pre-tokenizer step has no type.");
  if (*type == "Sequence") {
    const nlohmann::json* list = member(step, "pretokenizers");
    if (list == nullptr || !list->is_array()) return corrupt("a Sequence has no pretokenizers.");
    for (const nlohmann::json& inner : *list) {
      Status added = add(inner);
      if (!added) return added;
    }
    return {};
  }
  if (hasByteLevel_) return unsupported("a pre-tokenizer step after ByteLevel is not supported.");
  if (steps_.size() == kMaxSteps) {
    return unsupported("the pre-tokenizer has more than " + std::to_string(kMaxSteps) + " steps.");
  }
  if (*type == "Split") return addSplit(step);
  if (*type == "Digits") return addDigits(step);
  if (*type == "ByteLevel") return addByteLevel(step);
  return unsupported("the pre-tokenizer " + inQuotes(*type) +
                     " is not supported; Split, Digits and ByteLevel are.");
}

Status PreTokenizer::addSplit(const nlohmann::json& step) {
  const nlohmann::json* pattern = member(step, "pattern");
  const std::string* expression = pattern ? stringMember(*pattern, "Regex") : nullptr;
  const std::string* text = pattern ? stringMember(*pattern, "String") : nullptr;
  if (expression == nullptr && text == nullptr) {
    return corrupt("a Split has neither a Regex nor a String pattern.");
  }
  const std::string* name = stringMember(step, "behavior");
  if (name == nullptr) return corrupt("a Split has no behavior.");
  const std::optional<SplitBehavior> behavior = behaviorNamed(*name);
  if (!behavior) return unsupported("the split behavior " + inQuotes(*name) + " is not known.");
  Result<Regex> regex = expression ? Regex::compile(*expression) : Regex::literal(*text);
  if (!regex) return unsupported(regex.error().what);
  steps_.push_back({std::move(*regex), *behavior, flagMember(step, "invert")});
  return {};
}

Status PreTokenizer::addDigits(const nlohmann::json& step) {
  // Rust's char::is_numeric, which upstream asks, is the whole category N: also ½ and Ⅳ.
  Result<Regex> regex = Regex::compile("\\p{N}");
  if (!regex) return unsupported(regex.error().what);
  const bool individual = flagMember(step, "individual_digits");
  steps_.push_back(
      {std::move(*regex), individual ? SplitBehavior::Isolated : SplitBehavior::Contiguous, false});
  return {};
}

Status PreTokenizer::addByteLevel(const nlohmann::json& step) {
  hasByteLevel_ = true;
  addPrefixSpace_ = flagMember(step, "add_prefix_space");
  const nlohmann::json* useRegex = member(step, "use_regex");
  const bool absent = useRegex == nullptr;  // files older than this option always used it
  if (!absent && !flagMember(step, "use_regex")) return {};
  Result<Regex> regex = Regex::compile(kByteLevelRegex);
  if (!regex) return unsupported(regex.error().what);
  byteLevelStep_ = Step{std::move(*regex), SplitBehavior::Isolated, false};
  return {};
}

void PreTokenizer::findParts(const Step& step, std::string_view piece, RegexSearch& search,
                             std::vector<Part>& parts) {
  parts.clear();
  const auto put = [&](std::size_t begin, std::size_t end, bool isMatch) {
    parts.push_back({piece.substr(begin, end - begin), isMatch != step.invert});
  };
  std::size_t from = 0;    // where the next search starts
  std::size_t placed = 0;  // up to here the piece is in parts
  bool matchedBefore = false;
  while (from <= piece.size() &&
         search.find(step.regex, piece, from) == RegexSearch::Outcome::Found) {
    const std::size_t begin = search.begin();
    const std::size_t end = search.end();
    const bool emptyAtLastMatch = begin == end && matchedBefore && end == placed;
    if (!emptyAtLastMatch) {
      if (placed < begin) put(placed, begin, false);
      put(begin, end, true);
      placed = end;
      matchedBefore = true;
      from = end;
    } else if (end < piece.size()) {
      from = end + readUtf8(piece.substr(end)).length;
    } else {
      break;
    }
  }
  if (placed < piece.size()) put(placed, piece.size(), false);
}

void PreTokenizer::applyBehavior(SplitBehavior behavior, const std::vector<Part>& parts,
                                 std::vector<std::string_view>& pieces) {
  std::vector<std::string_view> merged;
  bool previousMatch = false;
  switch (behavior) {
    case SplitBehavior::Isolated:
      for (const Part& part : parts) keepNonEmpty(part.text, pieces);
      return;
    case SplitBehavior::Removed:
      for (const Part& part : parts) {
        if (!part.isMatch) keepNonEmpty(part.text, pieces);
      }
      return;
    case SplitBehavior::Contiguous:
    case SplitBehavior::MergedWithPrevious:
      for (const Part& part : parts) {
        const bool joins = behavior == SplitBehavior::Contiguous ? part.isMatch == previousMatch
                                                                 : part.isMatch && !previousMatch;
        if (joins && !merged.empty()) {
          merged.back() = join(merged.back(), part.text);
        } else {
          merged.push_back(part.text);
        }
        previousMatch = part.isMatch;
      }
      break;
    case SplitBehavior::MergedWithNext:
      for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (part->isMatch && !previousMatch && !merged.empty()) {
          merged.back() = join(part->text, merged.back());
        } else {
          merged.push_back(part->text);
        }
        previousMatch = part->isMatch;
      }
      std::reverse(merged.begin(), merged.end());
      break;
  }
  for (const std::string_view piece : merged) keepNonEmpty(piece, pieces);
}

void PreTokenizer::split(std::string_view text, RegexSearch& search,
                         const std::function<void(std::string_view)>& sink) const {
  std::vector<std::string_view> pieces;
  std::vector<std::string_view> next;
  std::vector<Part> parts;
  keepNonEmpty(text, pieces);
  for (const Step& step : steps_) {
    next.clear();
    for (const std::string_view piece : pieces) {
      findParts(step, piece, search, parts);
      applyBehavior(step.behavior, parts, next);
    }
    pieces.swap(next);
  }
  std::string prefixed;
  for (std::string_view piece : pieces) {
    if (addPrefixSpace_ && piece.front() != ' ') {
      prefixed = ' ';
      prefixed += piece;
      piece = prefixed;
    }
    if (!byteLevelStep_) {
      sink(piece);
      continue;
    }
    findParts(*byteLevelStep_, piece, search, parts);
    for (const Part& part : parts) sink(part.text);
  }
}

}  // namespace vl
