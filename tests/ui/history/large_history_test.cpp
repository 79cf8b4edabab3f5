#include <QElapsedTimer>
#include <QScrollBar>
#include <QTest>
#include <algorithm>

#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"

namespace vl::test {
namespace {

constexpr int kMessages = 5000;

/// A session of many messages with Markdown and boxes, as a model writes them.
SessionId writeLongSession(SessionStore& store) {
  const SessionId session = store.createSession({"Long", "", "", ""})->id;
  const GroundedBox box{"red circle", 0, {10, 20, 30, 40}, {}};
  for (int i = 0; i < kMessages / 2; ++i) {
    const std::string number = std::to_string(i);
    if (!store.appendUserMessage(session, "Question " + number, {})) qFatal("question");
    std::string answer = "Answer " + number +
                         " with a **bold** word.\n\n* a list\n* of `things`\n\n" +
                         "| a | b |\n| - | - |\n| 1 | 2 |\n\n" +
                         "A <|ref|>red circle<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>.";
    for (int words = 0; words < (i * 37) % 150; ++words) answer += " word";
    const MessageId id = *store.beginAnswer(session);
    if (!store.finishAnswer(id, answer, {&box, 1}, {})) qFatal("answer");
  }
  return session;
}

}  // namespace

/// A session of 5,000 messages in the window. The promises are 300 ms to open it and 50 ms for a
/// step; sanitizers and busy machines take their share, so that the tests allow four times that.
class LargeHistoryTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    SessionStore store = openStore(folder_.path()).store;
    long_ = writeLongSession(store);
    QTest::qSleep(3);  // longer than the clock's resolution
    other_ = store.createSession({"Short", "", "", ""})->id;
    desk_ = openDesk(folder_.path(), std::make_shared<Director>());
    QVERIFY(QTest::qWaitForWindowActive(&desk_->window()));
    desk_->controller().openSession(other_);
  }
  void cleanupTestCase() { desk_.reset(); }

  void opensWithin300Ms() {
    const qint64 ms = longest(1, [&](int) { desk_->controller().openSession(long_); });
    qInfo("opened in %lld ms", static_cast<long long>(ms));
    QVERIFY(ms < 4 * 300);
    QCOMPARE(desk_->controller().conversation().rowCount(), kMessages);
  }

  void scrollsWithoutStalls() {
    QScrollBar* bar = desk_->window().chat().conversation().verticalScrollBar();
    const qint64 pages =
        longest(100, [&](int) { bar->triggerAction(QAbstractSlider::SliderPageStepSub); });
    const qint64 jumps = longest(50, [&](int i) { bar->setValue(bar->maximum() * (i % 50) / 50); });
    qInfo("a page up %lld ms, a jump %lld ms", static_cast<long long>(pages),
          static_cast<long long>(jumps));
    QVERIFY(pages < 4 * 50);
    QVERIFY(jumps < 4 * 50);
  }

  void typingDoesNotStall() {
    ComposerEdit& edit = desk_->window().chat().composer().edit();
    const qint64 ms = longest(30, [&](int) { QTest::keyClick(&edit, Qt::Key_A); });
    qInfo("a key %lld ms", static_cast<long long>(ms));
    QVERIFY(ms < 4 * 50);
    edit.clear();
  }

 private:
  /// The longest of `times` steps, each with the events it causes.
  template <typename Step>
  static qint64 longest(int times, Step step) {
    qint64 most = 0;
    for (int i = 0; i < times; ++i) {
      QElapsedTimer clock;
      clock.start();
      step(i);
      QCoreApplication::processEvents();
      most = std::max(most, clock.elapsed());
    }
    return most;
  }

  QTemporaryDir folder_;
  std::unique_ptr<Desk> desk_;
  SessionId long_{};
  SessionId other_{};
};

static const Registered<LargeHistoryTest> kLargeHistoryTest;

}  // namespace vl::test

#include "large_history_test.moc"
