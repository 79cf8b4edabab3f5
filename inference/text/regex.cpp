#include "inference/text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>

#include "inference/text/oniguruma.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

/// The longest pattern seen in the wild (letter ranges of the V2 family) has 1 KB.
constexpr std::size_t kMaxPatternBytes = std::size_t{64} << 10;

/// Backtracking steps of one search: the patterns of both families need at most two per byte.
constexpr std::size_t kBaseSteps = 100'000;
constexpr std::size_t kStepsPerByte = 64;

static_assert(PCRE2_MAJOR > 10 || PCRE2_MINOR >= 40, "\\p{White_Space} came with PCRE2 10.40");

/// Memory of one search without machine code, in KiB.
constexpr std::uint32_t kMaxHeapKib = 64 * 1024;

std::string pcre2Message(int code) {
  PCRE2_UCHAR text[256];
  if (pcre2_get_error_message(code, text, sizeof text) < 0) return "error " + std::to_string(code);
  return reinterpret_cast<const char*>(text);
}

}  // namespace

void Regex::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

Result<Regex> Regex::compile(std::string_view pattern) {
  if (pattern.size() > kMaxPatternBytes) {
    return Error{ErrorCode::Unsupported, "A regular expression has " +
                                             std::to_string(pattern.size()) + " bytes; at most " +
                                             std::to_string(kMaxPatternBytes) + " are supported."};
  }
  const Result<std::string> rewritten = pcre2FromOniguruma(pattern);
  if (!rewritten) {
    return Error{rewritten.error().code, inQuotes(pattern) + ": " + rewritten.error().what};
  }
  return compilePcre2(*rewritten,
                      PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C);
}

Result<Regex> Regex::literal(std::string_view text) {
  if (text.size() > kMaxPatternBytes) {
    return Error{ErrorCode::Unsupported, "A split string has " + std::to_string(text.size()) +
                                             " bytes; at most " + std::to_string(kMaxPatternBytes) +
                                             " are supported."};
  }
  return compilePcre2(text, PCRE2_UTF | PCRE2_LITERAL);
}

Result<Regex> Regex::compilePcre2(std::string_view pattern, std::uint32_t options) {
  const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
      pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
  if (!context) throw std::bad_alloc();
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);  // Oniguruma's only line end
  int failure = 0;
  PCRE2_SIZE offset = 0;
  Regex regex(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options,
                            &failure, &offset, context.get()));
  if (!regex.code_) {
    return Error{ErrorCode::Unsupported, "The regular expression " + inQuotes(pattern) +
                                             " cannot be used: " + pcre2Message(failure) + "."};
  }
  // Without machine code (a hardened kernel) pcre2_match interprets: slower, same matches.
  pcre2_jit_compile(regex.code_.get(), PCRE2_JIT_COMPLETE);
  return regex;
}

void RegexSearch::Free::operator()(pcre2_real_match_data_8* data) const {
  pcre2_match_data_free(data);
}

void RegexSearch::Free::operator()(pcre2_real_match_context_8* context) const {
  pcre2_match_context_free(context);
}

RegexSearch::RegexSearch()
    : data_(pcre2_match_data_create(1, nullptr)), context_(pcre2_match_context_create(nullptr)) {
  if (!data_ || !context_) throw std::bad_alloc();
  pcre2_set_heap_limit(context_.get(), kMaxHeapKib);
}

RegexSearch::Outcome RegexSearch::find(const Regex& regex, std::string_view text,
                                       std::size_t from) {
  const std::size_t steps = std::min<std::size_t>(kBaseSteps + kStepsPerByte * (text.size() - from),
                                                  std::numeric_limits<std::uint32_t>::max());
  pcre2_set_match_limit(context_.get(), static_cast<std::uint32_t>(steps));
  const auto match = [&](std::uint32_t options) {
    return pcre2_match(regex.code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                       from, PCRE2_NO_UTF_CHECK | options, data_.get(), context_.get());
  };
  int outcome = match(0);
  // The interpreter keeps its stack on the heap, up to kMaxHeapKib.
  if (outcome == PCRE2_ERROR_JIT_STACKLIMIT) outcome = match(PCRE2_NO_JIT);
  if (outcome == PCRE2_ERROR_NOMEMORY) throw std::bad_alloc();
  if (outcome == PCRE2_ERROR_NOMATCH) return Outcome::None;
  if (outcome < 0) return Outcome::GaveUp;
  const PCRE2_SIZE* span = pcre2_get_ovector_pointer(data_.get());
  begin_ = span[0];
  end_ = span[1];
  return Outcome::Found;
}

}  // namespace vl
