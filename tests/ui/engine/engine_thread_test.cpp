#include "ui/engine/engine_thread.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <new>

#include "tests/ui/ui_test.h"

namespace vl::test {
namespace {

using Outcome = Result<GenerateSummary>;

/// The outcome that a `finished` carried. QVariant::value() would need one without a value.
const Outcome& outcomeOf(const QList<QVariant>& finished) {
  return *static_cast<const Outcome*>(finished[1].constData());
}

}  // namespace

class EngineThreadTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
  }

  void everyTurnEndsWithExactlyOneFinished() {
    EngineThread engine;
    const QSignalSpy finished(&engine, &EngineThread::finished);
    engine.load(scripted(director_));
    for (quint64 turn = 1; turn <= 5; ++turn) engine.submit(turn, {});
    QVERIFY(waitUntil([&] { return finished.count() == 5; }));
    QTest::qWait(50);
    QCOMPARE(finished.count(), 5);
    for (int i = 0; i < 5; ++i) QCOMPARE(finished[i][0].toULongLong(), quint64(i + 1));
  }

  void textArrivesWholeAndBeforeTheEnd() {
    EngineThread engine;
    QString text;
    bool ended = false;
    bool late = false;
    connect(&engine, &EngineThread::textArrived, this, [&](quint64, const QString& piece) {
      text += piece;
      late = late || ended;
    });
    connect(&engine, &EngineThread::finished, this, [&] { ended = true; });
    engine.load(scripted(director_));
    engine.submit(1, {});
    QVERIFY(waitUntil([&] { return ended; }));
    QVERIFY(!late);
    QCOMPARE(text, "A <|ref|>dog<|/ref|><|det|>[[100, 200, 500, 700]]<|/det|> with one box.");
  }

  void textIsHandedOverAboutThirtyTimesASecond() {
    constexpr int kTokens = 400;
    director_->setScript([](const auto&, const GenerateCallbacks& on, const auto&) {
      for (int i = 0; i < kTokens; ++i) {
        on.text("x");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      return summaryOf(std::string(kTokens, 'x'));
    });
    EngineThread engine;
    const QSignalSpy texts(&engine, &EngineThread::textArrived);
    const QSignalSpy finished(&engine, &EngineThread::finished);
    engine.load(scripted(director_));
    QElapsedTimer clock;
    clock.start();
    engine.submit(1, {});
    QVERIFY(waitUntil([&] { return finished.count() == 1; }));
    // one hand-over per 33 ms, one when the first text comes and one with the end
    QVERIFY2(texts.count() <= clock.elapsed() / 33 + 2, qPrintable(QString::number(texts.count())));
    QVERIFY(texts.count() >= 3);
  }

  void textIsNotHeldBackWhenNoTokenFollows() {
    director_->setScript(writeUntilStopped);
    EngineThread engine;
    const QSignalSpy texts(&engine, &EngineThread::textArrived);
    engine.load(scripted(director_));
    std::stop_source stop = engine.submit(1, {});
    QVERIFY(waitUntil([&] { return texts.count() == 1; }));
    stop.request_stop();
  }

  void aTurnStoppedBeforeItBeganNeverReachesTheEngine() {
    director_->setScript(writeUntilStopped);
    EngineThread engine;
    const QSignalSpy finished(&engine, &EngineThread::finished);
    engine.load(scripted(director_));
    std::stop_source first = engine.submit(1, {});
    engine.submit(2, {}).request_stop();
    QVERIFY(waitUntil([&] { return director_->requests().size() == 1; }));
    first.request_stop();
    QVERIFY(waitUntil([&] { return finished.count() == 2; }));
    QCOMPARE(director_->requests().size(), std::size_t{1});
    const Outcome& outcome = outcomeOf(finished[1]);
    QVERIFY(outcome);
    QCOMPARE(outcome->stopReason, StopReason::Cancelled);
  }

  void aQuestionWithoutAModelFailsWithTheReason() {
    EngineThread engine;
    const QSignalSpy failed(&engine, &EngineThread::loadFailed);
    const QSignalSpy finished(&engine, &EngineThread::finished);
    engine.load([](const std::stop_token&) -> Result<std::unique_ptr<Engine>> {
      return Error{ErrorCode::Corrupt, "The model is damaged."};
    });
    engine.submit(1, {});
    QVERIFY(waitUntil([&] { return finished.count() == 1; }));
    QCOMPARE(failed.count(), 1);
    const Outcome& outcome = outcomeOf(finished[0]);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().what, "The model is damaged.");
  }

  void whatALibraryThrowsEndsTheTurnAndNotTheThread() {
    director_->setScript([](const auto&, const auto&, const auto&) -> Result<GenerateSummary> {
      throw std::bad_alloc();
    });
    EngineThread engine;
    const QSignalSpy finished(&engine, &EngineThread::finished);
    engine.load(scripted(director_));
    engine.submit(1, {});
    QVERIFY(waitUntil([&] { return finished.count() == 1; }));
    QCOMPARE(outcomeOf(finished[0]).error().code, ErrorCode::OutOfMemory);
    director_->setScript(describeWithBox);
    engine.submit(2, {});
    QVERIFY(waitUntil([&] { return finished.count() == 2; }));
    QVERIFY(outcomeOf(finished[1]));
  }

  void signalsComeOnTheGuiThread() {
    EngineThread engine;
    bool elsewhere = false;
    int seen = 0;
    const auto look = [&] {
      ++seen;
      elsewhere = elsewhere || QThread::currentThread() != qApp->thread();
    };
    // without a context object the functors run on the emitting thread
    connect(&engine, &EngineThread::textArrived, look);
    connect(&engine, &EngineThread::boxArrived, look);
    connect(&engine, &EngineThread::progressed, look);
    connect(&engine, &EngineThread::finished, look);
    engine.load(scripted(director_));
    engine.submit(1, {});
    QVERIFY(waitUntil([&] { return seen >= 4; }));
    QVERIFY(!elsewhere);
  }

  void destructionStopsWhatRuns() {
    director_->setScript(writeUntilStopped);
    EngineThread engine;
    engine.load(scripted(director_));
    engine.submit(1, {});
    engine.submit(2, {});
    QVERIFY(waitUntil([&] { return !director_->requests().empty(); }));
    // the end of this function would wait for ever
  }

  void destructionStopsALoad() {
    std::atomic<bool> loading = false;
    EngineThread engine;
    engine.load([&](const std::stop_token& stop) -> Result<std::unique_ptr<Engine>> {
      loading = true;
      waitForStop(stop);
      return Error{ErrorCode::Cancelled, "stopped"};
    });
    QVERIFY(waitUntil([&] { return loading.load(); }));
  }

 private:
  std::shared_ptr<Director> director_;
};

static const Registered<EngineThreadTest> kEngineThreadTest;

}  // namespace vl::test

#include "engine_thread_test.moc"
