#pragma once

#include <QString>
#include <QStringView>
#include <vector>

namespace vl {

enum class CodeToken { Keyword, String, Number, Comment };

/// A part of a piece of code, in UTF-16 units.
struct CodeSpan {
  qsizetype begin = 0;
  qsizetype length = 0;
  CodeToken token = CodeToken::Keyword;
  bool operator==(const CodeSpan&) const = default;
};

/// What of the code to show in another colour, in order. Looks at words, strings, numbers and
/// comments only, by the habits that the language shares with others of its family; nothing for a
/// language it does not know.
///   language  the first word behind the fence: "cpp", "Python"
std::vector<CodeSpan> codeTokens(QStringView code, QStringView language);

}  // namespace vl
