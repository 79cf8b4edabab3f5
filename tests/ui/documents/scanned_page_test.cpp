#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include "inference/engine/local_engine.h"
#include "tests/ui/documents/made_documents.h"
#include "tests/ui/ui_test.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/page_list_view.h"
#include "ui/documents/page_picker.h"
#include "ui/documents/reading_view.h"

namespace vl::test {
namespace {

constexpr int kReadMs = 120'000;  // under a sanitizer on a busy machine

EngineFactory bundledModel(const std::filesystem::path& folder, bool /*force*/) {
  return [folder](const std::stop_token& stop) -> Result<std::unique_ptr<Engine>> {
    LoadOptions options;
    options.folder = folder;
    Result<std::unique_ptr<LocalEngine>> engine = LocalEngine::load(options, stop);
    if (!engine) return engine.error();
    return std::unique_ptr<Engine>(std::move(*engine));
  };
}

}  // namespace

/// The whole path: a scanned PDF, the window, the bundled model, its text in the history.
class ScannedPageTest : public QObject {
  Q_OBJECT
 private slots:
  void theBundledModelReadsAScannedPage() {
    const QTemporaryDir folder;
    const QString data = folder.filePath("data");
    Desk desk(openStore(data), {data.toStdString(), {}, bundledModel});
    desk.begin(std::filesystem::path(VL_SOURCE_DIR) / "resources/models/starter",
               {writePdf(folder, "scan.pdf", 1, 1)});
    desk.window().show();
    PagePicker* picker = nullptr;
    QVERIFY(waitUntil([&] {
      picker = desk.window().findChild<PagePicker*>();
      return picker != nullptr && picker->pages().isVisible();
    }));
    for (QPushButton* button : picker->findChildren<QPushButton*>()) {
      if (button->text() == "Read the text…") button->click();
    }
    ReadingView* view = nullptr;
    QVERIFY(waitUntil([&] {
      view = desk.window().findChild<ReadingView*>();
      return view != nullptr;
    }));
    QVERIFY(QTest::qWaitFor(
        [&] { return view->reading().state() == DocumentReading::State::Finished; }, kReadMs));
    const ReadingPage& page = view->reading().pages()[0];
    QCOMPARE(page.error, "");
    QCOMPARE(page.source, PageSource::Model);
    QVERIFY2(page.text.find("page 1 of the document") != std::string::npos, page.text.c_str());
  }
};

static const Registered<ScannedPageTest> kScannedPageTest;

}  // namespace vl::test

#include "scanned_page_test.moc"
