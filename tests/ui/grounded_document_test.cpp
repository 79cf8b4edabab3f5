#include "ui/grounded_document.h"

#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QUrl>

#include "tests/ui/ui_test.h"

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

}  // namespace

class GroundedDocumentTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { document_.clear(); }

  void phrasesAreLinksToTheirBoxesAndCoordinatesAreHidden() {
    write(
        "Two <|ref|>dogs<|/ref|><|det|>[[1, 2, 3, 4], [5, 6, 7, 8]]<|/det|> and a "
        "<|ref|>ball<|/ref|><|det|>[[9, 9, 20, 20]]<|/det|>.");
    QCOMPARE(document_.toPlainText(), QString::fromUtf8("Two dogs ×2 and a ball."));
    const std::vector<Link> links = linksOf(document_);
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
    QTest::addRow("markdown") << "# no **markdown** [x](http://example.org)";
  }

  void hostileTextStaysText() {
    QFETCH(const QString, text);
    write(text.toStdString());
    QCOMPARE(document_.toPlainText(), text);
    QVERIFY(linksOf(document_).empty());
    QCOMPARE(document_.blockCount(), 1);
  }

  void hostileLabelsStayText() {
    write("<|ref|><i>x</i>\"'<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>");
    QCOMPARE(document_.toPlainText(), "<i>x</i>\"'");
    QCOMPARE(linksOf(document_).size(), std::size_t{1});
  }

  void structureAndControlCharactersAreReplaced() {
    write(
        "a\xEF\xBF\xBC"
        "b\xEF\xB7\x90"
        "c\x01"
        "d\n\te");
    const QChar bad = QChar::ReplacementCharacter;
    QCOMPARE(document_.toPlainText(), QString("a%1b%1c%1d\n\te").arg(bad));
  }

  void neighbouringPhrasesAreKeptApart() {
    write(
        "<|ref|>a<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|><|ref|>b<|/ref|><|det|>[[1, 2, 3, 4]]"
        "<|/det|>");
    QCOMPARE(document_.toPlainText(), "a b");
  }

  void theSpaceThatModelsBeginWithIsDropped() {
    write("  Hello\nWorld");
    QCOMPARE(document_.toPlainText(), "Hello\nWorld");
  }

  void anUnfinishedAnswerCanBeShown() {
    const std::string whole =
        "A <|ref|>dog<|/ref|><|det|>[[100, 200, 500, 700]]<|/det|> with one box.";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      GroundingParser parser;
      parser.feed(std::string_view(whole).substr(0, length));
      writeAnswer(document_, parser.result(), palette_);
      QVERIFY(!document_.toPlainText().contains("<|"));
      QVERIFY(!document_.toPlainText().contains("[["));
    }
  }

  void questionsReadWithoutTags() {
    writeQuestion(document_, "<|ref|>the red car<|/ref|>");
    QCOMPARE(document_.toPlainText(), "Locate: the red car");
    writeQuestion(document_, "<|grounding|>Describe <b>this</b>.");
    QCOMPARE(document_.toPlainText(), "With boxes: Describe <b>this</b>.");
    writeQuestion(document_, "Plain question");
    QCOMPARE(document_.toPlainText(), "Plain question");
  }

  void titlesAreOneLineWithoutTags() {
    QCOMPARE(questionTitle("<|grounding|>Two\nlines"), "Two lines");
    QCOMPARE(questionTitle("<|ref|>the dog<|/ref|>"), "the dog");
  }

  void otherLinksAreNoBoxes_data() {
    QTest::addColumn<QString>("link");
    for (const char* link : {"", "http://example.org/1,2", "boxes:", "boxes:1", "boxes:a,b",
                             "boxes:-1,2", "boxes:1,2,3"}) {
      QTest::addRow("%s", link) << link;
    }
  }

  void otherLinksAreNoBoxes() {
    QFETCH(const QString, link);
    QVERIFY(!boxesOfLink(QUrl(link)));
  }

 private:
  void write(const std::string& raw) { writeAnswer(document_, parseGrounding(raw), palette_); }

  QTextDocument document_;
  LabelPalette palette_;
};

static const Registered<GroundedDocumentTest> kGroundedDocumentTest;

}  // namespace vl::test

#include "grounded_document_test.moc"
