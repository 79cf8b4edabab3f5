#include "ui/answer/code_tokens.h"

#include <QSet>
#include <QStringList>
#include <algorithm>
#include <array>
#include <utility>

namespace vl {
namespace {

/// What a family of languages has in common.
struct Family {
  QSet<QString> keywords;
  QStringList lineComments;
  std::vector<std::pair<QString, QString>> quotes;  // comments and strings over lines: begin, end
  QString strings;                                  // marks that begin and end a string
  bool ignoresCase = false;
};

QSet<QString> words(const char* list) {
  const QStringList split = QString::fromLatin1(list).split(' ', Qt::SkipEmptyParts);
  return {split.begin(), split.end()};
}

const Family& braces() {
  static const Family family{
      words("abstract as async await auto bool boolean break byte case catch char class const "
            "constexpr continue default def delete do double else enum export extends extern false "
            "final finally float fn for func function go goto if impl implements import in inline "
            "instanceof int interface let long match mod module mut namespace new nil null nullptr "
            "of operator override package private protected pub public return self short signed "
            "sizeof static string struct super switch template this throw throws trait true try "
            "type typedef typename typeof undefined union unsigned use using val var virtual void "
            "volatile when where while yield"),
      {"//"},
      {{"/*", "*/"}},
      "\"'`",
      false};
  return family;
}

const Family& python() {
  static const Family family{
      words("False None True and as assert async await break class continue def del elif else "
            "except finally for from global if import in is lambda match case nonlocal not or pass "
            "raise return self try while with yield"),
      {"#"},
      {{"\"\"\"", "\"\"\""}, {"'''", "'''"}},
      "\"'",
      false};
  return family;
}

const Family& shell() {
  static const Family family{
      words("alias begin break case cd continue def do done echo elif else elsif end esac eval "
            "exec exit export false fi for function if in local module nil require return set "
            "shift source then true unless unset until while yes no null on off"),
      {"#"},
      {},
      "\"'",
      false};
  return family;
}

const Family& sql() {
  static const Family family{
      words("add all alter and as asc begin between by case check commit constraint create "
            "default delete desc distinct drop else end exists foreign from full group having if "
            "in index inner insert into is join key left like limit not null offset on or order "
            "outer primary references right rollback select set table then transaction trigger "
            "union unique update values view when where with"),
      {"--"},
      {{"/*", "*/"}},
      "'\"",
      true};
  return family;
}

const Family& json() {
  static const Family family{words("true false null"), {}, {}, "\"", false};
  return family;
}

const Family& markup() {
  static const Family family{{}, {}, {{"<!--", "-->"}}, "\"", false};
  return family;
}

const Family* familyOf(const QString& language) {
  struct Name {
    const char* names;
    const Family& (*family)();
  };
  static constexpr std::array<Name, 6> kNames{{
      {" c cc cpp c++ cxx h hpp objc java js javascript jsx ts typescript tsx rust rs go golang cs "
       "csharp c# swift kotlin kt php scala dart glsl hlsl cuda css scss qml ",
       braces},
      {" python py python3 ", python},
      {" sh bash zsh shell console fish ruby rb perl pl r yaml yml toml ini make makefile cmake "
       "dockerfile docker ",
       shell},
      {" sql sqlite mysql postgresql plsql ", sql},
      {" json jsonc json5 ", json},
      {" html xml svg xhtml vue ", markup},
  }};
  for (const Name& name : kNames) {
    if (QString::fromLatin1(name.names).contains(' ' + language + ' ')) return &name.family();
  }
  return nullptr;
}

bool isWord(QChar c) { return c.isLetterOrNumber() || c == '_'; }

class Scanner {
 public:
  Scanner(QStringView code, const Family& family) : code_(code), family_(family) {}

  std::vector<CodeSpan> scan() && {
    while (at_ < code_.size()) {
      if (!takeComment() && !takeString() && !takeNumber() && !takeWord()) ++at_;
    }
    return std::move(spans_);
  }

 private:
  bool startsWith(QStringView text) const { return code_.sliced(at_).startsWith(text); }

  /// Up to the next `end`, that included, or to the end of the code.
  void takeTo(QStringView end, qsizetype from, CodeToken token) {
    const qsizetype found = code_.indexOf(end, from);
    take(found < 0 ? code_.size() : found + end.size(), token);
  }
  void take(qsizetype end, CodeToken token) {
    spans_.push_back({at_, end - at_, token});
    at_ = end;
  }

  bool takeComment() {
    for (const auto& [begin, end] : family_.quotes) {
      if (!startsWith(begin)) continue;
      const bool isString = begin.startsWith('"') || begin.startsWith('\'');
      takeTo(end, at_ + begin.size(), isString ? CodeToken::String : CodeToken::Comment);
      return true;
    }
    for (const QString& mark : family_.lineComments) {
      if (!startsWith(mark)) continue;
      const qsizetype line = code_.indexOf('\n', at_);
      take(line < 0 ? code_.size() : line, CodeToken::Comment);
      return true;
    }
    return false;
  }

  /// Ends with its line where it is not closed, as while it is being written.
  bool takeString() {
    const QChar mark = code_[at_];
    if (!family_.strings.contains(mark)) return false;
    qsizetype end = at_ + 1;
    while (end < code_.size() && code_[end] != mark && (code_[end] != '\n' || mark == '`')) {
      end += code_[end] == '\\' ? 2 : 1;
    }
    const bool closed = end < code_.size() && code_[end] == mark;
    take(std::min(closed ? end + 1 : end, code_.size()), CodeToken::String);
    return true;
  }

  bool takeNumber() {
    if (!code_[at_].isDigit()) return false;
    qsizetype end = at_ + 1;
    while (end < code_.size() && (isWord(code_[end]) || code_[end] == '.')) ++end;
    take(end, CodeToken::Number);
    return true;
  }

  bool takeWord() {
    if (!isWord(code_[at_])) return false;
    qsizetype end = at_ + 1;
    while (end < code_.size() && isWord(code_[end])) ++end;
    const QString word = code_.sliced(at_, end - at_).toString();
    if (family_.keywords.contains(family_.ignoresCase ? word.toLower() : word)) {
      take(end, CodeToken::Keyword);
    } else {
      at_ = end;
    }
    return true;
  }

  QStringView code_;
  const Family& family_;
  qsizetype at_ = 0;
  std::vector<CodeSpan> spans_;
};

}  // namespace

std::vector<CodeSpan> codeTokens(QStringView code, QStringView language) {
  const Family* family = familyOf(language.toString().toLower());
  if (family == nullptr) return {};
  return Scanner(code, *family).scan();
}

}  // namespace vl
