#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/documents/made_documents.h"
#include "tests/ui/ui_test.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/reading_view.h"
#include "ui/history/search_panel.h"
#include "ui/history/search_results_model.h"
#include "ui/history/sidebar.h"

namespace vl::test {

/// Searching the text of documents from the window: three pages, of which the second has been read
/// and the third waits.
class DocumentHitsTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(
        [](const GenerateRequest&, const GenerateCallbacks&,
           const std::stop_token&) -> Result<GenerateSummary> { return summaryOf("By a model."); });
    const QString pdf = writePdf(*folder_, "report.pdf", 3, 3);
    const SessionStore sessions = openStore(data()).store;
    ReadingStore store = openReadings();
    reading_ =
        store.begin(pdf.toStdString(), "Report 2025.pdf", std::vector<std::size_t>{0, 1, 2})->id;
    std::string text;
    for (int line = 0; line < 200; ++line) text += "A line of many.\n";
    save(store, {0, PageState::Done, PageSource::TextLayer, "Nothing of it.", {}});
    save(store, {1,
                 PageState::Done,
                 PageSource::Model,
                 text + "The fire of the\nLighthouse in the fog.\n" + text,
                 {}});
    desk_ = openDesk(data(), director_);
    QVERIFY(QTest::qWaitForWindowActive(&desk_->window()));
  }

  void cleanup() {
    desk_.reset();
    folder_.reset();
  }

  void aHitSaysDocumentAndPage() {
    search("lighthouse");
    QCOMPARE(hit(0).data().toString(), "Report 2025.pdf");
    QVERIFY(hit(0).data(SearchResultsModel::FactsRole).toString().startsWith("Page 2 · "));
    QVERIFY(hit(0).data(Qt::AccessibleTextRole).toString().contains("Page 2"));
    const auto snippet = hit(0).data(SearchResultsModel::SnippetRole).value<EmphasisedText>();
    QCOMPARE(snippet.words(), QStringList{"Lighthouse"});
  }

  void enterOpensThePageWithTheHitSelected() {
    search("fog lighth");
    QTest::keyClick(field(), Qt::Key_Return);
    QVERIFY(view() != nullptr);
    QCOMPARE(view()->findChild<QListView*>("readingPages")->currentIndex().row(), 1);
    QPlainTextEdit& text = view()->text();
    QCOMPARE(text.textCursor().selectedText(), "Lighthouse");
    QVERIFY(text.viewport()->rect().contains(text.cursorRect()));
    QCOMPARE(view()->findChild<QLineEdit*>("readingSearch")->text(), "Lighthouse");
  }

  void aHitOfAViewThatIsOpenIsShownInIt() {
    search("nothing");
    QTest::keyClick(field(), Qt::Key_Return);
    const ReadingView* opened = view();
    QCOMPARE(view()->text().textCursor().selectedText(), "Nothing");
    search("lighthouse");
    QTest::keyClick(field(), Qt::Key_Return);
    QCOMPARE(desk_->window().findChildren<ReadingView*>().size(), 1);
    QCOMPARE(view(), opened);
    QCOMPARE(view()->text().textCursor().selectedText(), "Lighthouse");
  }

  void theNameOfADocumentOpensIt() {
    search("report");
    QVERIFY(hit(0).data(SearchResultsModel::FactsRole).toString().startsWith("Document · "));
    QTest::keyClick(field(), Qt::Key_Return);
    QCOMPARE(view()->findChild<QListView*>("readingPages")->currentIndex().row(), 0);
  }

  void openingAHitDoesNotGoOnWithReading() {
    search("lighthouse");
    QTest::keyClick(field(), Qt::Key_Return);
    DocumentReading& reading = view()->reading();
    QVERIFY(waitUntil([&] { return reading.state() != DocumentReading::State::Opening; }));
    QCOMPARE(reading.state(), DocumentReading::State::Paused);
    QVERIFY(director_->requests().empty());
    reading.resume();
    QVERIFY(waitUntil([&] { return reading.state() == DocumentReading::State::Finished; }));
    QCOMPARE(QString::fromStdString(reading.pages()[2].text), "By a model.");
    search("by a model");  // what was read meanwhile
    QCOMPARE(panel().results().at(0).page, std::optional<std::size_t>(2));
  }

  void aDocumentThatIsGoneIsSaid() {
    search("lighthouse");
    ReadingStore store = openReadings();
    QVERIFY(store.remove(reading_).has_value());
    const QSignalSpy said(&desk_->controller(), &ChatController::problem);
    QTest::keyClick(field(), Qt::Key_Return);
    QVERIFY(view() == nullptr);
    QCOMPARE(said.count(), 1);
  }

 private:
  QString data() const { return folder_->filePath("data"); }

  ReadingStore openReadings() const {
    Result<ReadingStore> opened = ReadingStore::open(data().toStdString());
    if (!opened) qFatal("%s", opened.error().what.c_str());
    return std::move(*opened);
  }

  void save(ReadingStore& store, const ReadingPage& page) const {
    if (!store.savePage(reading_, page)) qFatal("page");
  }

  /// Waits until something was found.
  void search(const QString& typed) {
    field()->clear();
    field()->setFocus();
    field()->insert(typed);
    QVERIFY(waitUntil([&] { return panel().results().rowCount() > 0; }));
  }

  QModelIndex hit(int row) { return panel().results().index(row); }
  QLineEdit* field() { return desk_->window().sidebar().findChild<QLineEdit*>(); }
  SearchPanel& panel() { return desk_->window().sidebar().searchPanel(); }
  ReadingView* view() { return desk_->window().findChild<ReadingView*>(); }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
  ReadingId reading_{};
};

static const Registered<DocumentHitsTest> kDocumentHitsTest;

}  // namespace vl::test

#include "document_hits_test.moc"
