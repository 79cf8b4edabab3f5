#include "ui/answer/answer_document.h"

#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextTable>
#include <QUrl>
#include <memory>

#include "tests/ui/ui_test.h"
#include "ui/answer/document_builder.h"
#include "ui/answer/grounded_document.h"
#include "ui/answer/markdown_formats.h"

namespace vl::test {
namespace {

struct Link {
  QString text;
  BoxRange boxes;
};

std::vector<Link> linksOf(const QTextDocument& document) {
  std::vector<Link> links;
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
    for (auto it = block.begin(); !it.atEnd(); ++it) {
      const auto boxes = boxesOfLink(QUrl(it.fragment().charFormat().anchorHref()));
      if (boxes) links.push_back({it.fragment().text(), *boxes});
    }
  }
  return links;
}

/// Everything that Markdown brings, with phrases in each of its places.
const std::string kRich =
    "# A <|ref|>dog<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n\nSome *soft* and **strong** words,\n"
    "on two lines with `code`.\n\n- one\n- two <|ref|>cats<|/ref|><|det|>[[1, 2, 3, 4], "
    "[5, 6, 7, 8]]<|/det|>\n  - inner\n\n  more of two\n\n7. seven\n8. eight\n\n"
    "```py\nif a:\n\n    b()\n```\n\n| what | n |\n| :--- | ---: |\n| <|ref|>pen<|/ref|><|det|>[["
    "9, 9, 10, 10]]<|/det|> | 1 |\n| ink | 22 |\n\n> quoted\n\n---\n\n- [x] done\n- [ ] "
    "open\n\nThe "
    "end: https://example.org/a.";

/// Texts, formats and structure of a document.
QString dump(const QTextDocument& document) { return document.toHtml(); }

}  // namespace

class AnswerDocumentTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    document_ = std::make_unique<QTextDocument>();
    answer_ = std::make_unique<AnswerDocument>(*document_, palette_);
  }

  void phrasesAreLinksToTheirBoxesAndCoordinatesAreHidden() {
    write(
        "Two <|ref|>dogs<|/ref|><|det|>[[1, 2, 3, 4], [5, 6, 7, 8]]<|/det|> and a "
        "<|ref|>ball<|/ref|><|det|>[[9, 9, 20, 20]]<|/det|>.");
    QCOMPARE(document_->toPlainText(), QString::fromUtf8("Two dogs ×2 and a ball."));
    const std::vector<Link> links = linksOf(*document_);
    QCOMPARE(links.size(), std::size_t{2});
    QCOMPARE(links[0].text, "dogs");
    QCOMPARE(links[0].boxes.first, std::size_t{0});
    QCOMPARE(links[0].boxes.count, std::size_t{2});
    QCOMPARE(links[1].boxes.first, std::size_t{2});
  }

  void hostileTextStaysText_data() {
    QTest::addColumn<QString>("text");
    QTest::addRow("tag") << "<b>bold</b><img src='file:///etc/passwd'><script>x</script>";
    QTest::addRow("link") << "<a href='boxes:0,99'>click</a> &amp; &#x41;";
    QTest::addRow("style") << "</p></body></html><style>*{color:red}</style>";
  }

  void hostileTextStaysText() {
    QFETCH(const QString, text);
    write(text.toStdString());
    QCOMPARE(document_->toPlainText(), text);
    QVERIFY(linksOf(*document_).empty());
    QCOMPARE(document_->blockCount(), 1);
  }

  void hostileLabelsStayText() {
    write("<|ref|><i>x</i>\"'<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>");
    QCOMPARE(document_->toPlainText(), "<i>x</i>\"'");
    QCOMPARE(linksOf(*document_).size(), std::size_t{1});
  }

  void structureAndControlCharactersAreReplaced() {
    write(
        "a\xEF\xBF\xBC"
        "b\xEF\xB7\x90"
        "c\x01"
        "d\ne\tf");
    const QChar bad = QChar::ReplacementCharacter;
    QCOMPARE(document_->toPlainText(), QString("a%1b%1c%1d\ne\tf").arg(bad));
  }

  void neighbouringPhrasesAreKeptApart() {
    write(
        "<|ref|>a<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|><|ref|>b<|/ref|><|det|>[[1, 2, 3, 4]]"
        "<|/det|>");
    QCOMPARE(document_->toPlainText(), "a b");
  }

  void theSpaceThatModelsBeginWithIsDropped() {
    write("  Hello\nWorld");
    QCOMPARE(document_->toPlainText(), "Hello\nWorld");
  }

  void anUnfinishedAnswerCanBeShown() {
    const std::string whole =
        "A <|ref|>dog<|/ref|><|det|>[[100, 200, 500, 700]]<|/det|> with one box.";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      GroundingParser parser;
      parser.feed(std::string_view(whole).substr(0, length));
      answer_->show(parser.result());
      QVERIFY(!document_->toPlainText().contains("<|"));
      QVERIFY(!document_->toPlainText().contains("[["));
    }
  }

  void markdownIsShownAsItsStructure() {
    write(kRich);
    QCOMPARE(plainText(*document_),
             QString::fromUtf8("A dog\n\nSome soft and strong words,\non two lines with code.\n\n"
                               "•\tone\n\n•\ttwo cats ×2\n•\tinner\n\nmore of two\n\n7.\tseven\n"
                               "8.\teight\n\nif a:\n\n    b()\n\nwhat\tn\npen\t1\nink\t22\n\nquoted"
                               "\n\n☑\tdone\n☐\topen\n\nThe end: https://example.org/a."));
    const std::vector<Link> links = linksOf(*document_);
    QCOMPARE(links.size(), std::size_t{3});
    QCOMPARE(links[2].text, "pen");
    QCOMPARE(links[2].boxes.first, std::size_t{3});
  }

  void everyStepOfAGrowingAnswerLooksAsIfWrittenAtOnce() {
    GroundingParser parser;
    for (std::size_t i = 0; i < kRich.size(); ++i) {
      parser.feed(std::string_view(kRich).substr(i, 1));
      answer_->show(parser.result());
      QTextDocument fresh;
      AnswerDocument(fresh, palette_).show(parser.result());
      QVERIFY2(dump(*document_) == dump(fresh), kRich.substr(0, i + 1).c_str());
    }
  }

  void onlyTheLastBlockIsWrittenAgain() {
    write("First.\n\nSecond.\n\nThird");
    QTextCursor selected(document_.get());
    selected.setPosition(6, QTextCursor::KeepAnchor);
    document_->documentLayout();  // without one no changes are told
    int first = 1000;
    connect(document_.get(), &QTextDocument::contentsChange, this,
            [&](int from) { first = std::min(first, from); });
    write("First.\n\nSecond.\n\nThird and more.");
    QCOMPARE(first, int(QString("First.\nSecond.").size()));
    QCOMPARE(selected.selectedText(), "First.");
  }

  void aPhraseThatGetsItsBoxesLateBecomesALink() {
    GroundingParser parser;
    parser.feed("The <|ref|>dog<|/ref|> is here.\n\nNext: ");
    answer_->show(parser.result());
    QVERIFY(linksOf(*document_).empty());
    parser.feed("<|det|>[[1, 2, 3, 4]]<|/det|> end.");
    answer_->show(parser.result());
    QCOMPARE(linksOf(*document_).size(), std::size_t{1});
    QCOMPARE(linksOf(*document_)[0].text, "dog");
  }

  void onlyWebAddressesBecomeLinks_data() {
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<bool>("isLink");
    QTest::addRow("https") << "[x](https://example.org)" << true;
    QTest::addRow("bare") << "http://example.org/a" << true;
    for (const char* target : {"file:///etc/passwd", "javascript:alert(1)", "boxes:0,9",
                               "ftp://a.b", "mailto:a@b.c", "/etc", "x"}) {
      QTest::addRow("%s", target) << QString("[x](%1)").arg(target) << false;
    }
  }

  void onlyWebAddressesBecomeLinks() {
    QFETCH(const QString, markdown);
    QFETCH(const bool, isLink);
    write(markdown.toStdString());
    QCOMPARE(document_->begin().begin().fragment().charFormat().isAnchor(), isLink);
    QVERIFY(linksOf(*document_).empty());
  }

  void noPictureIsLoaded() {
    write("![a picture](file:///etc/passwd) <img src=\"x\">");
    QCOMPARE(document_->toPlainText(), "a picture <img src=\"x\">");
  }

  void whatWouldExplodeIsShownAsText_data() {
    QTest::addColumn<QByteArray>("markdown");
    QByteArray rows = QByteArray("|a").repeated(100) + "\n" + QByteArray("|-").repeated(100) + "\n";
    QTest::addRow("cells") << rows + QByteArray("|\n").repeated(3000);
    QTest::addRow("quotes") << QByteArray(">").repeated(3000) + " x";
    QTest::addRow("lists") << QByteArray("- ").repeated(3000) + "x";
    QTest::addRow("brackets") << QByteArray("[").repeated(5000);
    QTest::addRow("stars") << QByteArray("*a **a ").repeated(1500);
  }

  void whatWouldExplodeIsShownAsText() {
    QFETCH(const QByteArray, markdown);
    write(markdown.toStdString());
    QVERIFY(document_->rootFrame()->childFrames().isEmpty());
    QCOMPARE(document_->toPlainText().size(), markdown.trimmed().size());
  }

  void redrawingChangesNothing() {
    write(kRich);
    const QString before = dump(*document_);
    answer_->redraw();
    QCOMPARE(dump(*document_), before);
  }

  void codeIsColouredByItsLanguage() {
    write("```python\nreturn 1\n```");
    QTextCursor cursor(document_.get());
    cursor.setPosition(1 + int(document_->toPlainText().indexOf("return")));
    const QColor keyword = cursor.charFormat().foreground().color();
    QCOMPARE(keyword, codeTokenFormat(CodeToken::Keyword).foreground().color());
    cursor.setPosition(1 + int(document_->toPlainText().indexOf("1")));
    QCOMPARE(cursor.charFormat().foreground().color(),
             codeTokenFormat(CodeToken::Number).foreground().color());
  }

  void codeIsKeptToTheLetter() {
    write("```\n  a &amp; <b>\n\nc\t*d*\n```");
    const auto* table = qobject_cast<QTextTable*>(document_->rootFrame()->childFrames().value(0));
    QVERIFY(table != nullptr && isCode(*table));
    QCOMPARE(codeOf(*table), "  a &amp; <b>\n\nc\t*d*");
  }

  void markdownCanBeTakenAlongWithoutTags() {
    QCOMPARE(
        answerMarkdown(parseGrounding("- **A** <|ref|>dog<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>")),
        "- **A** dog");
  }

 private:
  void write(const std::string& raw) { answer_->show(parseGrounding(raw)); }

  LabelPalette palette_;
  std::unique_ptr<QTextDocument> document_;
  std::unique_ptr<AnswerDocument> answer_;
};

static const Registered<AnswerDocumentTest> kAnswerDocumentTest;

}  // namespace vl::test

#include "answer_document_test.moc"
