// What the program leaves behind when it is killed: each test lets this program run again as the
// one that will be.

#include <QCoreApplication>
#include <QPlainTextEdit>
#include <QProcess>
#include <QTest>
#include <cstdio>

#include "tests/ui/documents/made_documents.h"
#include "tests/ui/ui_test.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/reading_view.h"

namespace vl::test {
namespace {

constexpr const char* kFolder = "VL_VICTIM";
constexpr int kPages = 4;
constexpr std::size_t kPagesRead = 2;  // before the one in which it is killed

/// Waits for the kill once `happened`, and says so to the one who kills.
void reportAndWait(const std::function<bool()>& happened) {
  if (!waitUntil(happened)) return;
  std::puts("\nready");
  std::fflush(stdout);
  QTest::qWait(60'000);
}

ReadingStore openReadings(const QString& folder) {
  Result<ReadingStore> opened = ReadingStore::open(folder.toStdString());
  if (!opened) qFatal("%s", opened.error().what.c_str());
  return std::move(*opened);
}

ReadingView* shownReading(Desk& desk, ReadingId reading) {
  desk.documents().showPage(reading, 0, {});
  return desk.window().findChild<ReadingView*>();
}

}  // namespace

/// What is killed. Does nothing in a run of all tests.
class VictimTest : public QObject {
  Q_OBJECT
 private slots:
  void readsADocument() {
    if (folder().isEmpty()) QSKIP("runs for KillTest only");
    const auto director = std::make_shared<Director>();
    const auto asked = std::make_shared<std::size_t>(0);  // the engine's thread only
    director->setScript([asked](const GenerateRequest& request, const GenerateCallbacks& on,
                                const std::stop_token& stop) -> Result<GenerateSummary> {
      if (++*asked > kPagesRead) return writeUntilStopped(request, on, stop);
      return summaryOf("Scan " + std::to_string(*asked) + " was read.");
    });
    const auto desk = openDesk(folder(), director);
    const ReadingId reading = openReadings(folder()).list()->front().id;
    ReadingView* view = shownReading(*desk, reading);
    QVERIFY(waitUntil([&] { return view->reading().state() == DocumentReading::State::Paused; }));
    view->reading().resume();
    reportAndWait([&] {
      return view->reading().current() == kPagesRead && !view->reading().currentText().empty();
    });
  }

  void writesAnAnswer() {
    if (folder().isEmpty()) QSKIP("runs for KillTest only");
    const auto director = std::make_shared<Director>();
    director->setScript(describeWithBox);
    const auto desk = openDesk(folder(), director);
    ChatController& controller = desk->controller();
    QVERIFY(controller.ask("What is this?", {}));
    QVERIFY(waitUntil([&] { return !controller.isAnswering(); }));
    director->setScript(writeUntilStopped);
    QVERIFY(controller.ask("And where?", {}));
    const SessionId session = *controller.shownSession();
    reportAndWait([&] {  // what is stored while the answer streams
      const Result<StoredSession> stored = controller.store().loadSession(session);
      return stored && stored->messages.size() == 4 && !stored->messages[3].raw.empty();
    });
  }

 private:
  static QString folder() { return qEnvironmentVariable(kFolder); }
};

class KillTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void killWhileADocumentIsReadLosesNoPage() {
    const QString pdf = writePdf(*folder_, "scans.pdf", kPages, 1);
    ReadingId reading{};
    {
      const SessionStore sessions = openStore(data()).store;
      const std::vector<std::size_t> pages = {0, 1, 2, 3};
      reading = openReadings(data()).begin(pdf.toStdString(), "scans.pdf", pages)->id;
    }
    runAndKill("readsADocument");
    if (QTest::currentTestFailed()) return;

    const auto director = std::make_shared<Director>();
    director->setScript(
        [](const GenerateRequest&, const GenerateCallbacks&,
           const std::stop_token&) -> Result<GenerateSummary> { return summaryOf("Later."); });
    const auto desk = openDesk(data(), director);
    ReadingView* view = shownReading(*desk, reading);
    QVERIFY(waitUntil([&] { return view->reading().state() == DocumentReading::State::Paused; }));
    QCOMPARE(view->reading().readCount(), kPagesRead);
    QCOMPARE(view->text().toPlainText(), "Scan 1 was read.");
    QCOMPARE(desk->controller().store().search("scan", 10, {})->size(), kPagesRead + 1);  // name
    view->reading().resume();
    QVERIFY(waitUntil([&] { return view->reading().state() == DocumentReading::State::Finished; }));
    const std::vector<ReadingPage> pages = *openReadings(data()).pages(reading);
    QCOMPARE(QString::fromStdString(pages[1].text), "Scan 2 was read.");
    QCOMPARE(QString::fromStdString(pages[2].text), "Later.");
    QCOMPARE(QString::fromStdString(pages[3].text), "Later.");
  }

  void killWhileAnAnswerIsWrittenLosesNoMessage() {
    runAndKill("writesAnAnswer");
    if (QTest::currentTestFailed()) return;
    const auto desk = openDesk(data(), std::make_shared<Director>());
    const auto& items = desk->controller().conversation().items();
    QCOMPARE(items.size(), std::size_t{4});
    QCOMPARE(items[1].message.state, MessageState::Complete);
    QCOMPARE(QString::fromStdString(items[2].message.raw), "And where?");
    QCOMPARE(items[3].message.state, MessageState::Stopped);
    QVERIFY(items[3].message.raw.starts_with("Partial"));
    QCOMPARE(items[3].message.boxes.size(), std::size_t{1});
  }

 private:
  QString data() const { return folder_->filePath("data"); }

  void runAndKill(const QString& function) const {
    QProcess victim;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(kFolder, data());
    victim.setProcessEnvironment(environment);
    victim.start(QCoreApplication::applicationFilePath(), {"VictimTest", function});
    QByteArray said;
    while (!said.contains("\nready\n")) {
      QVERIFY2(victim.waitForReadyRead(30'000), said.constData());
      said += victim.readAllStandardOutput();
    }
    victim.kill();  // SIGKILL
    QVERIFY(victim.waitForFinished());
    QCOMPARE(victim.exitStatus(), QProcess::CrashExit);
  }

  std::unique_ptr<QTemporaryDir> folder_;
};

static const Registered<VictimTest> kVictimTest;
static const Registered<KillTest> kKillTest;

}  // namespace vl::test

#include "kill_test.moc"
