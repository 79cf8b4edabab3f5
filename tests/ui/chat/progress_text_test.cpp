#include "ui/chat/progress_text.h"

#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {

class ProgressTextTest : public QObject {
  Q_OBJECT
 private slots:
  void namesTheTileThatIsBeingLookedAt() {
    ProgressText text;
    text.update({Stage::EncodeTiles, 0, 7});
    QCOMPARE(text.line(), "Looking at the picture: tile 1 of 7");
    text.update({Stage::EncodeTiles, 7, 7});
    QCOMPARE(text.line(), "Looking at the picture: tile 7 of 7");
    QCOMPARE(text.done(), 1.0);
  }

  void countsThePromptAsItIsRead() {
    ProgressText text;
    text.update({Stage::Prefill, 512, 2017});
    QCOMPARE(text.line(), "Reading the prompt: 512 of 2,017 tokens");
    QVERIFY(std::abs(text.done() - 512.0 / 2017) < 1e-9);
  }

  void measuresTheRateFromTheFirstTokenOn() {
    ProgressText text;
    text.update({Stage::Decode, 1, 2048});
    QCOMPARE(text.line(), "Writing: 1 token");
    QVERIFY(text.done() < 0);
    QTest::qWait(500);
    text.update({Stage::Decode, 11, 2048});
    // ten tokens in at least half a second
    const QString rate = text.line().section(QChar(0xB7), 1).trimmed().section(' ', 0, 0);
    QVERIFY2(rate.toDouble() > 1 && rate.toDouble() <= 20, qPrintable(text.line()));
  }

  void nothingToDoIsNoDivision() {
    ProgressText text;
    text.update({Stage::DecodeImages, 0, 0});
    QVERIFY(text.done() < 0);
  }

  void factsTellHowAnAnswerWent() {
    StoredMessage answer;
    answer.role = MessageRole::Assistant;
    QCOMPARE(answerFacts(answer), "");
    AnswerSummary summary;
    summary.completionTokens = 24;
    summary.firstTokenMs = 1200;
    summary.decodeMs = 4600;  // 23 intervals of 200 ms
    answer.summary = summary;
    QCOMPARE(answerFacts(answer),
             QString::fromUtf8("24 tokens · 5.0 tokens/s · first token after 1.2 s"));
    answer.state = MessageState::Stopped;
    QVERIFY(answerFacts(answer).startsWith("Stopped"));
    answer.state = MessageState::Complete;
    answer.summary->end = AnswerEnd::TokenLimit;
    QVERIFY(answerFacts(answer).startsWith("Length limit reached"));
  }

  void detailsNameEveryStageThatTookPlace() {
    StoredMessage answer;
    QCOMPARE(answerDetails(answer), "");
    AnswerSummary summary;
    summary.promptTokens = 1000;
    summary.imageTokens = 421;
    summary.reusedTokens = 200;
    summary.prefillMs = 800;
    summary.firstTokenMs = 1200;
    summary.completionTokens = 24;
    summary.decodeMs = 4600;
    summary.seed = 18446744073709551615ull;
    answer.summary = summary;
    QVERIFY(!answerDetails(answer).contains("tile"));  // all came from the cache
    answer.summary->tiles = 4;
    answer.summary->visionMs = 2000;
    answer.summary->imageMs = 7.5;
    QCOMPARE(answerDetails(answer),
             "Images opened and cut: 7.5 ms\n"
             "Pictures looked at: 2.0 s, 500 ms for each of 4 tiles\n"
             "Prompt: 1,000 tokens, 421 of them of images, 200 known from before\n"
             "Prompt read: 800 ms, 1,000 tokens/s\n"
             "First token after 1.2 s\n"
             "Answer: 24 tokens in 4.6 s\n"
             "Ended: the model had finished\n"
             "Seed: 18446744073709551615");
  }
};

static const Registered<ProgressTextTest> kProgressTextTest;

}  // namespace vl::test

#include "progress_text_test.moc"
