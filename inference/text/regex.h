#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "inference/base/result.h"

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

namespace vl {

/// A compiled regular expression: PCRE2 with UTF and UCP, machine code where the platform allows.
/// Immutable: safe to use from several threads, each with its own RegexSearch. Movable.
class Regex {
 public:
  /// `pattern` as tokenizer.json writes it, for Oniguruma. Error: Unsupported.
  static Result<Regex> compile(std::string_view pattern);
  /// Matches `text` itself. Error: Unsupported (too long).
  static Result<Regex> literal(std::string_view text);

 private:
  friend class RegexSearch;
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  explicit Regex(pcre2_real_code_8* code) : code_(code) {}
  static Result<Regex> compilePcre2(std::string_view pattern, std::uint32_t options);

  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

/// Looks for matches; holds what one thread needs for that. Serves any number of expressions.
class RegexSearch {
 public:
  enum class Outcome {
    Found,
    None,
    GaveUp,  // the pattern backtracks too much on this text: only with patterns made for that
  };

  RegexSearch();

  /// The leftmost match at or after `from`. Requires valid UTF-8 with a code point starting (or
  /// the text ending) at `from`. Steps are limited in proportion to the text.
  Outcome find(const Regex& regex, std::string_view text, std::size_t from);

  /// Of the last match: bytes [begin, end) of the text. Requires Outcome::Found.
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }

 private:
  struct Free {
    void operator()(pcre2_real_match_data_8* data) const;
    void operator()(pcre2_real_match_context_8* context) const;
  };
  std::unique_ptr<pcre2_real_match_data_8, Free> data_;
  std::unique_ptr<pcre2_real_match_context_8, Free> context_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace vl
