#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/text/regex.h"

namespace vl {

/// What becomes of the matches of a split; names and meaning as in Hugging Face tokenizers.
enum class SplitBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

/// Cuts text into the pieces that BPE works on: the `pre_tokenizer` of tokenizer.json, a sequence
/// of Split and Digits steps that ends with ByteLevel. A step sees one piece of the step before, so
/// that `$` and look-around end at the edges of the piece.
/// Immutable: safe to use from several threads. Movable.
class PreTokenizer {
 public:
  /// Errors: Corrupt, Unsupported (other types, options or expressions we do not run).
  static Result<PreTokenizer> parse(const nlohmann::json& preTokenizer);

  /// Hands the pieces of valid UTF-8 `text` to `sink`, in order; a view is good during the call.
  /// A piece on which an expression gives up is left whole by that step: no text is lost.
  void split(std::string_view text, RegexSearch& search,
             const std::function<void(std::string_view)>& sink) const;

 private:
  struct Step {
    Regex regex;
    SplitBehavior behavior;
    bool invert;  // what lies between the matches counts as the match
  };
  /// A stretch of text, and whether the step's expression matched it.
  struct Part {
    std::string_view text;
    bool isMatch;
  };

  Status add(const nlohmann::json& step);
  Status addSplit(const nlohmann::json& step);
  Status addDigits(const nlohmann::json& step);
  Status addByteLevel(const nlohmann::json& step);

  static void findParts(const Step& step, std::string_view piece, RegexSearch& search,
                        std::vector<Part>& parts);
  static void applyBehavior(SplitBehavior behavior, const std::vector<Part>& parts,
                            std::vector<std::string_view>& pieces);

  std::vector<Step> steps_;
  bool hasByteLevel_ = false;
  bool addPrefixSpace_ = false;        // ByteLevel: a piece that does not begin with ' ' gets one
  std::optional<Step> byteLevelStep_;  // ByteLevel's own expression, when it uses it
};

}  // namespace vl
