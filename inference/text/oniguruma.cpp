#include "inference/text/oniguruma.h"

#include <algorithm>
#include <optional>

#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr std::string_view kGeneralCategories[] = {
    "C",  "Cc", "Cf", "Cn", "Co", "Cs", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",
    "Mc", "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf", "Pi",
    "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs"};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isHexDigit(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// One walk over a pattern. Every step consumes from rest_ and appends to out_; a step that meets
/// something it does not know leaves a reason in refused_ and the walk ends.
class Rewriter {
 public:
  explicit Rewriter(std::string_view pattern) : rest_(pattern) {}

  Result<std::string> run() {
    while (!rest_.empty() && !refused_) step();
    if (refused_) {
      return Error{ErrorCode::Unsupported, "The regular expression uses " + *refused_ + "."};
    }
    return keepOutOfFailedRuns();
  }

 private:
  void refuse(std::string what) { refused_ = std::move(what); }

  bool startsWith(std::string_view prefix) const {
    return rest_.substr(0, prefix.size()) == prefix;
  }

  void copy(std::size_t bytes) {
    out_.append(rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
  }

  void step() {
    const bool first = out_.empty();
    switch (rest_.front()) {
      case '(':
        return group();
      case ')':
        depth_ -= depth_ > 0 ? 1 : 0;
        return copy(1);
      case '|':
        topLevelBar_ |= depth_ == 0;
        return copy(1);
      case '{':
        return interval();
      case '*':
      case '+':
      case '?':
      case '^':
      case '$':
        return copy(1);
      case '[':
        set();
        break;
      case '\\':
        escape();
        break;
      default:
        copy(readUtf8(rest_).length);
    }
    if (first) firstAtomBytes_ = out_.size();
  }

  void group() {
    for (const std::string_view opening : {"(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!", "(?i:"}) {
      if (startsWith(opening)) {
        ++depth_;
        return copy(opening.size());
      }
    }
    if (startsWith("(?") || startsWith("(*"))
      return refuse("the group " + inQuotes(rest_.substr(0, 4)));
    ++depth_;
    copy(1);
  }

  /// {n}, {n,} and {n,m}. Oniguruma also knows {,n}, and reads a + or ? after it as another repeat.
  void interval() {
    std::size_t end = 1;
    while (end < rest_.size() && isDigit(rest_[end])) ++end;
    const bool hasMinimum = end > 1;
    if (end < rest_.size() && rest_[end] == ',') ++end;
    while (end < rest_.size() && isDigit(rest_[end])) ++end;
    const bool closed = end < rest_.size() && rest_[end] == '}';
    const bool suffixed =
        end + 1 < rest_.size() && (rest_[end + 1] == '+' || rest_[end + 1] == '?');
    if (!hasMinimum || !closed || suffixed)
      return refuse("the repeat " + inQuotes(rest_.substr(0, 8)));
    copy(end + 1);
  }

  void set() {
    copy(startsWith("[^") ? 2 : 1);
    if (startsWith("]")) return refuse("an empty set");
    while (!rest_.empty() && rest_.front() != ']' && !refused_) {
      if (rest_.front() == '[') return refuse("a set inside a set");
      if (startsWith("&&")) return refuse("an intersection of sets");
      if (rest_.front() == '\\') {
        escape();
      } else {
        copy(readUtf8(rest_).length);
      }
    }
    if (refused_) return;
    if (rest_.empty()) return refuse("a set without an end");
    copy(1);
  }

  void escape() {
    if (rest_.size() < 2) return refuse("a backslash at its end");
    const char c = rest_[1];
    if (c == 's' || c == 'S') {
      out_ += c == 's' ? "\\p{White_Space}" : "\\P{White_Space}";
      return rest_.remove_prefix(2);
    }
    if (c == 'p' || c == 'P') return category();
    if (c == 'u' || c == 'x') return codePoint();
    if (c == 'v') {
      out_ += "\\x{0B}";
      return rest_.remove_prefix(2);
    }
    if (std::string_view("dDnrtfea").find(c) != std::string_view::npos) return copy(2);
    if (isLetter(c) || isDigit(c)) return refuse("the escape " + inQuotes(rest_.substr(0, 2)));
    if (static_cast<unsigned char>(c) < 0x80) return copy(2);
    rest_.remove_prefix(1);  // a backslash before a non-ASCII code point means nothing
    copy(readUtf8(rest_).length);
  }

  /// \p{Lu}, \P{Lu}, \p{^Lu}
  void category() {
    const std::size_t end = rest_.find('}');
    std::string_view name = rest_.substr(2, end == std::string_view::npos ? 0 : end - 2);
    if (name.substr(0, 1) == "{") name.remove_prefix(1);
    if (name.substr(0, 1) == "^") name.remove_prefix(1);
    if (std::find(std::begin(kGeneralCategories), std::end(kGeneralCategories), name) ==
        std::end(kGeneralCategories)) {
      return refuse("the property " + inQuotes(rest_.substr(0, 16)));
    }
    copy(end + 1);
  }

  /// \uHHHH, \x{H...} and \xHH up to 7F (more would be a raw byte in Oniguruma).
  void codePoint() {
    const bool braced = startsWith("\\x{");
    const std::size_t begin = braced ? 3 : 2;
    const std::size_t most = braced ? 6 : rest_[1] == 'u' ? 4 : 2;
    std::size_t end = begin;
    while (end < rest_.size() && end < begin + most && isHexDigit(rest_[end])) ++end;
    const std::string_view digits = rest_.substr(begin, end - begin);
    const bool wellFormed = braced ? !digits.empty() && rest_.substr(end, 1) == "}"
                                   : digits.size() == most && (most == 4 || digits[0] < '8');
    if (!wellFormed) return refuse("the escape " + inQuotes(rest_.substr(0, 8)));
    out_.append("\\x{").append(digits).append("}");
    rest_.remove_prefix(end + (braced ? 1 : 0));
  }

  /// See the header. \G is where the search began: inside a run that an earlier match cut.
  std::string keepOutOfFailedRuns() {
    const std::string_view tail = std::string_view(out_).substr(firstAtomBytes_);
    const bool runFirst = firstAtomBytes_ > 0 && tail.size() > 1 && tail[0] == '+' &&
                          tail[1] != '+' && tail[1] != '?' && tail[1] != '*' && tail[1] != '{';
    if (!runFirst || topLevelBar_) return std::move(out_);
    return "(?:\\G|(?<!" + out_.substr(0, firstAtomBytes_) + "))" + out_;
  }

  std::string_view rest_;
  std::string out_;
  std::optional<std::string> refused_;
  std::size_t depth_ = 0;  // open groups
  std::size_t firstAtomBytes_ =
      0;  // of out_, when the pattern begins with a set, escape or literal
  bool topLevelBar_ = false;
};

}  // namespace

Result<std::string> pcre2FromOniguruma(std::string_view pattern) { return Rewriter(pattern).run(); }

}  // namespace vl
