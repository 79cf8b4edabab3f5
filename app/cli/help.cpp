#include "app/cli/help.h"

#include <algorithm>
#include <string_view>

#include "inference/kernels/blas.h"
#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kExplanationColumn = 28;

/// Breaks at spaces, before kColumns; lines after the first begin with `indent` spaces, and the
/// first one stands there already. Line breaks in the text stay.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const bool afterBreak = begin > 0 && text[begin - 1] == '\n';
    if (begin > 0 && (afterBreak || column + 1 + word.size() > kColumns)) {
      result += '\n';
      if (!word.empty()) result.append(indent, ' ');
      column = indent;
    } else if (begin > 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    begin = end + 1;
  }
  return result;
}

/// "  left      explanation", the explanation on a line of its own when left is long.
std::string row(const std::string& left, std::string_view explanation) {
  std::string line = "  " + left;
  if (line.size() + 2 > kExplanationColumn) {
    line += '\n' + std::string(kExplanationColumn, ' ');
  } else {
    line.resize(kExplanationColumn, ' ');
  }
  return line + wrapped(explanation, kExplanationColumn) + '\n';
}

}  // namespace

std::string generalHelp() {
  std::string text =
      "usage: vl2 VERB [OPTION]... [OPERAND]...\n\n"
      "Asks DeepSeek-VL2 about images, on this computer.\n\nVerbs:\n";
  for (const Verb* verb : verbs()) text += row(std::string(verb->name), verb->summary);
  text +=
      "\n`vl2 VERB --help` explains a verb. Options stand behind the verb; -- ends them.\n"
      "Results go to stdout, progress and errors to stderr.\n\n"
      "Exit codes: 0 done, 1 internal error, 2 wrong usage, 3 bad input or model,\n"
      "4 not enough memory, 130 interrupted by Ctrl+C (what was answered is kept).\n";
  return text;
}

std::string helpOf(const Verb& verb) {
  std::string text = "usage: vl2 " + std::string(verb.name) + " [OPTION]...";
  if (!verb.operands.empty()) text += ' ' + std::string(verb.operands);
  text += "\n\n" + wrapped(verb.description, 0) + "\n\nOptions:\n";
  for (const Option& option : verb.options) {
    std::string left(option.name);
    if (!option.value.empty()) left += ' ' + std::string(option.value);
    text += row(left, option.help);
  }
  return text;
}

std::string versionText() {
  std::string text = std::string("vl2 " VL_VERSION ", instruction set ") + kernels().isa + '\n';
  if (!matrixProductsTrouble().empty()) text += matrixProductsTrouble() + '\n';
  return text;
}

}  // namespace vl
