#include "ui/answer/grounded_document.h"

#include <QTest>
#include <QTextDocument>
#include <QUrl>

#include "tests/ui/ui_test.h"

namespace vl::test {

class GroundedDocumentTest : public QObject {
  Q_OBJECT
 private slots:
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
  QTextDocument document_;
};

static const Registered<GroundedDocumentTest> kGroundedDocumentTest;

}  // namespace vl::test

#include "grounded_document_test.moc"
