#include "ui/documents/document_reading.h"

#include <QSignalSpy>
#include <QTest>
#include <numeric>

#include "inference/documents/page_image_size.h"
#include "inference/vision/image.h"
#include "tests/inference/documents/made_pdf.h"
#include "tests/ui/documents/made_documents.h"
#include "tests/ui/ui_test.h"
#include "ui/documents/reading_text.h"

namespace vl::test {

using State = DocumentReading::State;

class DocumentReadingTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    sessions_.emplace(openStore(data()).store);
    store_.emplace(openReadings());
    director_ = std::make_shared<Director>();
    director_->setScript([](const GenerateRequest&, const GenerateCallbacks& on,
                            const std::stop_token&) -> Result<GenerateSummary> {
      on.text("Read by the model.");
      return summaryOf("Read by the model.");
    });
    engine_ = std::make_unique<EngineThread>();
    engine_->load(scripted(director_));
  }

  void cleanup() {
    reading_.reset();
    model_ = std::vector<Resolution>(officialResolutions().begin(), officialResolutions().end());
    engine_.reset();
    store_.reset();
    sessions_.reset();
  }

  void textLayersAreTakenAndOtherPagesGoThroughTheModel() {
    begin(writePdf(*folder_, "mixed.pdf", 3, 3));
    QVERIFY(ends());
    QCOMPARE(page(0).text, "This is page 1 of the document.");
    QCOMPARE(page(0).source, PageSource::TextLayer);
    QCOMPARE(page(2).text, "Read by the model.");
    QCOMPARE(page(2).source, PageSource::Model);
    QCOMPARE(director_->requests().size(), std::size_t{1});
    const GenerateRequest request = director_->requests()[0];
    QCOMPARE(request.sampling.temperature, 0.0);
    QCOMPARE(std::get<std::string>(request.conversation[0].parts.back()).empty(), false);
    QCOMPARE(store_->pages(reading_->record().id)->at(2).text, "Read by the model.");
  }

  void theModelIsGivenThePageInItsSize() {
    ImageSize given;
    director_->setScript([&given](const GenerateRequest& request, const GenerateCallbacks&,
                                  const std::stop_token&) -> Result<GenerateSummary> {
      for (const auto& part : request.conversation[0].parts) {
        const auto* image = std::get_if<ImageFile>(&part);
        if (image != nullptr) given = decodeImageFile(image->path)->size();
      }
      return summaryOf("Text.");
    });
    begin(writePdf(*folder_, "scan.pdf", 1, 1));
    QVERIFY(ends());
    QCOMPARE(given,
             pageImageSize({kPagePoints.width(), kPagePoints.height()}, officialResolutions()));
  }

  void aPageThatFailsDoesNotKeepTheOthersFromBeingReadAndCanBeReadAgain() {
    int calls = 0;
    director_->setScript([&calls](const GenerateRequest&, const GenerateCallbacks&,
                                  const std::stop_token&) -> Result<GenerateSummary> {
      if (++calls == 1) return Error{ErrorCode::ContextFull, "It does not fit."};
      return summaryOf("Better.");
    });
    begin(writePdf(*folder_, "scan.pdf", 2, 1));
    QVERIFY(ends());
    QCOMPARE(page(0).state, PageState::Failed);
    QCOMPARE(page(0).error, "It does not fit.");
    QCOMPARE(page(1).text, "Better.");
    reading_->readAgain(0, false);
    QVERIFY(ends());
    QCOMPARE(page(0).text, "Better.");
    QVERIFY(page(0).error.empty());
  }

  void aTextThatWasCutOffIsSaid() {
    director_->setScript([](const GenerateRequest&, const GenerateCallbacks&,
                            const std::stop_token&) -> Result<GenerateSummary> {
      return summaryOf("Endless", {}, StopReason::TokenLimit);
    });
    begin(writePdf(*folder_, "scan.pdf", 1, 1));
    QVERIFY(ends());
    QCOMPARE(page(0).state, PageState::Done);
    QVERIFY(!page(0).error.empty());
  }

  void printedTextCanBeReadAsAPictureAllTheSame() {
    begin(writePdf(*folder_, "printed.pdf", 1));
    QVERIFY(ends());
    reading_->readAgain(0, true);
    QVERIFY(ends());
    QCOMPARE(page(0).source, PageSource::Model);
  }

  void pausingStopsTheModelAndNothingOfThePageIsKept() {
    director_->setScript(writeUntilStopped);
    begin(writePdf(*folder_, "scan.pdf", 2, 1));
    QVERIFY(waitUntil([&] { return !reading_->currentText().empty(); }));
    QSignalSpy finished(engine_.get(), &EngineThread::finished);
    reading_->pause();
    QCOMPARE(reading_->state(), State::Paused);
    QVERIFY(waitUntil([&] { return finished.count() == 1; }));
    QCOMPARE(page(0).state, PageState::Waiting);
    QVERIFY(page(0).text.empty());
  }

  void readingGoesOnWhereItEndedAfterARestart() {
    director_->setScript(stopAfter(1));
    begin(writePdf(*folder_, "scan.pdf", 3, 1));
    QVERIFY(waitUntil([&] { return page(0).state == PageState::Done; }));
    QVERIFY(waitUntil([&] { return !reading_->currentText().empty(); }));
    reading_.reset();  // as closing the program does
    QFile::remove(folder_->filePath("scan.pdf"));
    store_.reset();
    store_.emplace(openReadings());

    director_->setScript(
        [](const GenerateRequest&, const GenerateCallbacks&,
           const std::stop_token&) -> Result<GenerateSummary> { return summaryOf("The rest."); });
    show(store_->list()->at(0));
    QVERIFY(ends());
    QCOMPARE(page(0).text, "Read first.");
    QCOMPARE(page(1).text, "The rest.");
    QCOMPARE(page(2).text, "The rest.");
  }

  void aQuestionGoesFirstAndThePageIsReadAfterIt() {
    director_->setScript(writeUntilStopped);
    begin(writePdf(*folder_, "scan.pdf", 1, 1));
    QVERIFY(waitUntil([&] { return !reading_->currentText().empty(); }));
    bool answered = false;
    director_->setScript([&answered](const GenerateRequest& request, const GenerateCallbacks&,
                                     const std::stop_token&) -> Result<GenerateSummary> {
      const bool question = request.conversation.size() == 2;
      if (question) answered = true;
      return summaryOf(question ? "The answer." : answered ? "After it." : "Before it.");
    });
    GenerateRequest question;
    question.conversation = {textMessage(ChatRole::System, "s"), textMessage(ChatRole::User, "q")};
    engine_->submit(1, question);
    QCOMPARE(reading_->state(), State::Waiting);
    QVERIFY(ends());
    QCOMPARE(page(0).text, "After it.");
  }

  void aSkippedPageIsNotReadUntilItIsWanted() {
    director_->setScript(writeUntilStopped);
    begin(writePdf(*folder_, "scan.pdf", 2, 1));
    QVERIFY(waitUntil([&] { return !reading_->currentText().empty(); }));
    director_->setScript(
        [](const GenerateRequest&, const GenerateCallbacks&,
           const std::stop_token&) -> Result<GenerateSummary> { return summaryOf("Text."); });
    reading_->skip(0);
    QVERIFY(ends());
    QCOMPARE(page(0).state, PageState::Skipped);
    QCOMPARE(page(1).text, "Text.");
    reading_->skip(0);
    QVERIFY(ends());
    QCOMPARE(page(0).text, "Text.");
  }

  void aCorrectionIsKept() {
    begin(writePdf(*folder_, "printed.pdf", 1));
    QVERIFY(ends());
    reading_->edit(0, "What it should say.");
    const ReadingPage stored = store_->pages(reading_->record().id)->at(0);
    QCOMPARE(stored.text, "What it should say.");
    QCOMPARE(stored.source, PageSource::Person);
  }

  void readingAgainKeepsTheTextUntilThereIsAnother() {
    begin(writePdf(*folder_, "printed.pdf", 1));
    QVERIFY(ends());
    reading_->edit(0, "What it should say.");
    model_ = Error{ErrorCode::NotFound, "There is no model."};
    reading_->readAgain(0, true);
    QVERIFY(waitUntil([&] { return reading_->state() == State::Paused; }));
    const ReadingPage stored = store_->pages(reading_->record().id)->at(0);
    QCOMPARE(stored.state, PageState::Waiting);
    QCOMPARE(stored.text, "What it should say.");
    QCOMPARE(stored.source, PageSource::Person);
    QVERIFY(plainTextOf(reading_->pages()).find("should say") != std::string::npos);
    reading_->skip(0);  // it stays as it is
    QCOMPARE(page(0), (ReadingPage{0, PageState::Done, PageSource::Person, stored.text, {}}));
  }

  void readingAgainInVainLeavesTheTextThatThereWas() {
    begin(writePdf(*folder_, "scan.pdf", 1, 1));
    QVERIFY(ends());
    director_->setScript([](const GenerateRequest&, const GenerateCallbacks&,
                            const std::stop_token&) -> Result<GenerateSummary> {
      return Error{ErrorCode::ContextFull, "It does not fit."};
    });
    reading_->readAgain(0, false);
    QVERIFY(ends());
    QCOMPARE(page(0).state, PageState::Failed);
    QCOMPARE(page(0).error, "It does not fit.");
    QCOMPARE(page(0).text, "Read by the model.");
    QCOMPARE(page(0).source, PageSource::Model);
  }

  void whatCannotBeSavedPausesTheReading() {
    begin(writePdf(*folder_, "printed.pdf", 1));
    QVERIFY(ends());
    QVERIFY(store_->remove(reading_->record().id));
    reading_->readAgain(0, false);
    QCOMPARE(reading_->state(), State::Paused);
    QVERIFY(!reading_->problem().isEmpty());
  }

  void withoutAModelReadingPausesAtTheFirstScanAndSaysWhy() {
    model_ = Error{ErrorCode::NotFound, "There is no model."};
    begin(writePdf(*folder_, "mixed.pdf", 2, 2));
    QVERIFY(waitUntil([&] { return reading_->state() == State::Paused; }));
    QCOMPARE(page(0).state, PageState::Done);
    QCOMPARE(page(1).state, PageState::Waiting);
    QCOMPARE(reading_->problem(), "There is no model.");
  }

  void aLockedDocumentWaitsForItsPassword() {
    QFile file(folder_->filePath("locked.pdf"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const std::string content = lockedPdf("a secret line", "sesame");
    file.write(content.data(), static_cast<qint64>(content.size()));
    file.close();
    begin(file.fileName());
    QVERIFY(waitUntil([&] { return reading_->state() == State::Locked; }));
    QVERIFY(reading_->problem().contains("locked.pdf is protected"));
    reading_->unlock("barley");
    QVERIFY(waitUntil([&] { return reading_->problem().contains("not the password"); }));
    reading_->unlock("sesame");
    QVERIFY(ends());
    QCOMPARE(page(0).text, "a secret line");
  }

  void aMissingCopyIsSaid() {
    const ReadingRecord record = copy(writePdf(*folder_, "printed.pdf", 1));
    QFile::remove(QString::fromStdString(store_->documentPath(record)->string()));
    show(record);
    QCOMPARE(reading_->state(), State::Broken);
    QVERIFY(reading_->problem().contains("printed.pdf"));
  }

 private:
  QString data() { return folder_->filePath("data"); }
  ReadingStore openReadings() {
    Result<ReadingStore> store = ReadingStore::open(data().toStdString());
    if (!store) qFatal("%s", store.error().what.c_str());
    return std::move(*store);
  }

  /// Reads that many pages and then goes on with one until it is stopped.
  static Script stopAfter(int pages) {
    return [pages, done = std::make_shared<int>(0)](
               const GenerateRequest& request, const GenerateCallbacks& on,
               const std::stop_token& stop) -> Result<GenerateSummary> {
      if ((*done)++ < pages) return summaryOf("Read first.");
      return writeUntilStopped(request, on, stop);
    };
  }

  ReadingRecord copy(const QString& file) {
    std::vector<std::size_t> all(file.contains("locked") ? 1 : pageCount(file));
    std::iota(all.begin(), all.end(), std::size_t{0});
    const Result<ReadingRecord> record =
        store_->begin(file.toStdString(), QFileInfo(file).fileName().toStdString(), all);
    if (!record) qFatal("%s", record.error().what.c_str());
    return *record;
  }

  static std::size_t pageCount(const QString& file) {
    OpenDocument document(file);
    document.open({});
    waitUntil([&] { return document.pageCount() > 0; });
    return document.pageCount();
  }

  void begin(const QString& file) { show(copy(file)); }

  void show(const ReadingRecord& record) {
    reading_ = std::make_unique<DocumentReading>(record, *store_->pages(record.id), *store_,
                                                 *engine_, [this] { return model_; });
  }

  bool ends() {
    return waitUntil([&] { return reading_->state() == State::Finished; });
  }

  const ReadingPage& page(std::size_t index) { return reading_->pages()[index]; }

  std::unique_ptr<QTemporaryDir> folder_;
  std::optional<SessionStore> sessions_;
  std::optional<ReadingStore> store_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<EngineThread> engine_;
  Result<std::vector<Resolution>> model_{
      std::vector<Resolution>(officialResolutions().begin(), officialResolutions().end())};
  std::unique_ptr<DocumentReading> reading_;
};

static const Registered<DocumentReadingTest> kDocumentReadingTest;

}  // namespace vl::test

#include "document_reading_test.moc"
