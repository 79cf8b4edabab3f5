#include "ui/documents/reading_view.h"

#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "tests/ui/documents/made_documents.h"
#include "tests/ui/ui_test.h"
#include "ui/canvas/image_canvas.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/page_list_view.h"
#include "ui/documents/page_picker.h"
#include "ui/documents/reading_text.h"
#include "ui/documents/readings_dialog.h"

namespace vl::test {

class ReadingViewTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript([](const GenerateRequest&, const GenerateCallbacks&,
                            const std::stop_token&) -> Result<GenerateSummary> {
      return summaryOf("A table, read by the model.");
    });
    desk_ = openDesk(folder_->filePath("data"), director_);
  }

  void cleanup() { desk_.reset(); }

  void chosenPagesAreReadAndShownBesideTheirPicture() {
    ReadingView& view = read(writePdf(*folder_, "report.pdf", 4, 4), "2-4");
    QCOMPARE(view.windowTitle(), "report.pdf");
    QVERIFY(isFinished(view));
    QCOMPARE(view.text().toPlainText(), "This is page 2 of the document.");
    auto* canvas = view.findChild<ImageCanvas*>();
    QVERIFY(waitUntil([&] { return canvas->hasImage(); }));
    QTest::keyClick(pages(view), Qt::Key_End);
    QCOMPARE(view.text().toPlainText(), "A table, read by the model.");
    QVERIFY(pages(view)->currentIndex().data().toString().startsWith("Page 4"));
  }

  void whatIsCorrectedIsThereAfterARestart() {
    ReadingView& view = read(writePdf(*folder_, "report.pdf", 2), "1-2");
    QVERIFY(isFinished(view));
    view.text().selectAll();
    QTest::keyClicks(&view.text(), "Corrected");
    desk_.reset();  // at once: nothing waits for a timer
    desk_ = openDesk(folder_->filePath("data"), director_);
    desk_->documents().showReadings();
    auto* dialog = desk_->window().findChild<ReadingsDialog*>();
    QCOMPARE(dialog->findChild<QListWidget*>()->count(), 1);
    QVERIFY(dialog->findChild<QListWidget*>()->item(0)->text().startsWith("report.pdf"));
    button(*dialog, "Open")->click();
    ReadingView& again = *shownView();
    QCOMPARE(again.text().toPlainText(), "Corrected");
  }

  void theTextOfAllPagesIsSearched() {
    ReadingView& view = read(writePdf(*folder_, "report.pdf", 4, 4), "");
    QVERIFY(isFinished(view));
    auto* search = view.findChild<QLineEdit*>();
    QTest::keyClicks(search, "TABLE");
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(pages(view)->currentIndex().row(), 3);
    QCOMPARE(view.text().textCursor().selectedText(), "table");
    search->setText("page 2");
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(pages(view)->currentIndex().row(), 1);
  }

  void theTextBecomesASessionOfTheHistory() {
    ReadingView& view = read(writePdf(*folder_, "report.pdf", 2), "");
    QVERIFY(isFinished(view));
    button(view, "Keep as a session")->click();
    const auto& items = desk_->controller().conversation().items();
    QCOMPARE(items.size(), std::size_t{2});
    QVERIFY(items[1].message.raw.find("## Page 2") != std::string::npos);
    QVERIFY(items[1].message.raw.find("This is page 2 of the document.") != std::string::npos);
  }

  void markdownEscapesWhatIsPrintedAndKeepsWhatTheModelWrote() {
    ReadingRecord record;
    record.fileName = "a.pdf";
    const std::vector<ReadingPage> pages = {
        {0, PageState::Done, PageSource::TextLayer, "2 * 3", {}},
        {1, PageState::Skipped, {}, {}, {}},
        {2, PageState::Done, PageSource::Model, "| a | b |", {}},
    };
    QCOMPARE(QString::fromStdString(markdownOf(record, pages)),
             "# a.pdf\n\n## Page 1\n\n2 \\* 3\n\n## Page 3\n\n| a | b |\n");
    QCOMPARE(QString::fromStdString(plainTextOf(pages)), "2 * 3\n\f| a | b |\n");
  }

  void pausingAndContinuingIsOneButton() {
    director_->setScript(writeUntilStopped);
    ReadingView& view = read(writePdf(*folder_, "scan.pdf", 1, 1), "");
    QVERIFY(waitUntil([&] { return view.text().toPlainText().startsWith("Partial"); }));
    QVERIFY(view.text().isReadOnly());
    button(view, "Pause")->click();
    QVERIFY(button(view, "Continue") != nullptr);
    QCOMPARE(view.text().toPlainText(), "");
    director_->setScript(
        [](const GenerateRequest&, const GenerateCallbacks&,
           const std::stop_token&) -> Result<GenerateSummary> { return summaryOf("Whole."); });
    button(view, "Continue")->click();
    QVERIFY(isFinished(view));
    QCOMPARE(view.text().toPlainText(), "Whole.");
  }

  void closingTheProgramWhileReadingDoesNotWaitForTheModel() {
    director_->setScript(writeUntilStopped);
    ReadingView& view = read(writePdf(*folder_, "scan.pdf", 1, 1), "");
    QVERIFY(waitUntil([&] { return !view.text().toPlainText().isEmpty(); }));
    desk_.reset();  // would wait for ever
  }

  void everythingThatTakesTheFocusHasAName() {
    ReadingView& view = read(writePdf(*folder_, "report.pdf", 2), "");
    QVERIFY(isFinished(view));
    for (const QWidget* widget : view.findChildren<QWidget*>()) {
      if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus) continue;
      QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
    }
  }

 private:
  ReadingView* shownView() {
    const auto views = desk_->window().findChildren<ReadingView*>();
    return views.isEmpty() ? nullptr : views.last();
  }

  ReadingView& read(const QString& path, const QString& chosen) {
    desk_->window().attachFiles({path});
    PagePicker* picker = nullptr;
    waitUntil([&] {
      picker = desk_->window().findChild<PagePicker*>();
      return picker != nullptr && picker->pages().isVisible();
    });
    if (chosen.isEmpty()) {
      picker->pages().selectAll();
    } else {
      picker->findChild<QLineEdit*>("writtenPages")->setText(chosen);
      emit picker->findChild<QLineEdit*>("writtenPages")->textEdited(chosen);
    }
    button(*picker, "Read the text…")->click();
    waitUntil([&] { return shownView() != nullptr; });
    return *shownView();
  }

  static bool isFinished(ReadingView& view) {
    return waitUntil([&] { return view.reading().state() == DocumentReading::State::Finished; });
  }

  static QListView* pages(ReadingView& view) { return view.findChild<QListView*>("readingPages"); }

  static QPushButton* button(QWidget& parent, const QString& text) {
    for (QPushButton* button : parent.findChildren<QPushButton*>()) {
      if (button->text() == text) return button;
    }
    return nullptr;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<ReadingViewTest> kReadingViewTest;

}  // namespace vl::test

#include "reading_view_test.moc"
