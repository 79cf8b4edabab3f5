#include "ui/answer/code_tokens.h"

#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/answer/markdown_formats.h"
#include "ui/widgets/theme.h"

namespace vl::test {

class CodeTokensTest : public QObject {
  Q_OBJECT
 private slots:
  void findsTheParts_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("parts");
    QTest::addRow("C++") << "cpp"
                         << "int x = 0x1f; // one\nreturn \"a\\\"b\";"
                         << "k:int n:0x1f c:// one k:return s:\"a\\\"b\"";
    QTest::addRow("comment over lines") << "js"
                                        << "/* let\n1 */ let"
                                        << "c:/* let\n1 */ k:let";
    QTest::addRow("Python") << "Python"
                            << "def f(): # no\n  return '''a\n1''' + 2.5"
                            << "k:def c:# no k:return s:'''a\n1''' n:2.5";
    QTest::addRow("SQL in any case") << "sql"
                                     << "Select a -- b\nFROM t"
                                     << "k:Select c:-- b k:FROM";
    QTest::addRow("JSON") << "json"
                          << "{\"a\": [true, 1]}"
                          << "s:\"a\" k:true n:1";
    QTest::addRow("markup") << "html"
                            << "<a b=\"c\"><!-- d -->"
                            << "s:\"c\" c:<!-- d -->";
    QTest::addRow("words are whole") << "cpp"
                                     << "internal int3 x1"
                                     << "";
    QTest::addRow("not closed") << "cpp"
                                << "\"ab\nint"
                                << "s:\"ab k:int";
    QTest::addRow("ends in an escape") << "cpp"
                                       << "\"ab\\"
                                       << "s:\"ab\\";
    QTest::addRow("comment not closed") << "cpp"
                                        << "/* ab"
                                        << "c:/* ab";
    QTest::addRow("unknown language") << "klingon"
                                      << "int \"a\" 1"
                                      << "";
    QTest::addRow("no language") << ""
                                 << "int \"a\" 1"
                                 << "";
  }

  void findsTheParts() {
    QFETCH(const QString, language);
    QFETCH(const QString, code);
    QFETCH(const QString, parts);
    QStringList found;
    for (const CodeSpan& span : codeTokens(code, language)) {
      const QChar kind = QString("ksnc")[static_cast<int>(span.token)];
      found << kind + QString(":") + code.mid(span.begin, span.length);
    }
    QCOMPARE(found.join(' '), parts);
  }

  void everyColourIsReadableOnCode() {
    for (const Appearance appearance : {Appearance::Dark, Appearance::Light}) {
      const Theme theme(*qApp, appearance);
      for (const CodeToken token :
           {CodeToken::Keyword, CodeToken::String, CodeToken::Number, CodeToken::Comment}) {
        const QColor colour = codeTokenFormat(token).foreground().color();
        QVERIFY2(contrast(colour, Theme::colours().code) >= 4.5, qPrintable(colour.name()));
      }
    }
  }
};

static const Registered<CodeTokensTest> kCodeTokensTest;

}  // namespace vl::test

#include "code_tokens_test.moc"
