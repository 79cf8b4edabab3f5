#include "ui/documents/page_picker.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>

#include "inference/documents/page_image_size.h"
#include "inference/vision/image.h"
#include "tests/inference/documents/made_pdf.h"
#include "tests/ui/documents/made_documents.h"
#include "tests/ui/ui_test.h"
#include "ui/documents/open_document.h"
#include "ui/documents/page_list_model.h"
#include "ui/documents/page_list_view.h"

namespace vl::test {

using Pages = std::vector<std::size_t>;

class PagePickerTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    desk_ = openDesk(folder_->filePath("data"), director_);
  }

  void cleanup() { desk_.reset(); }

  void aPdfIsNotAnImageButAsksForItsPages() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 5));
    QCOMPARE(picker.document().pageCount(), std::size_t{5});
    QCOMPARE(picker.pages().model()->rowCount(), 5);
    QVERIFY(attachments().isEmpty());
    QCOMPARE(picker.pages().chosen(), Pages{0});
    QCOMPARE(written(picker)->text(), "1");
  }

  void chosenPagesBecomeImagesOfTheQuestionInTheModelsSize() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 5));
    write(picker, "2,4-5");
    QCOMPARE(picker.pages().chosen(), (Pages{1, 3, 4}));
    QTest::keyClick(written(picker), Qt::Key_Return);
    QCOMPARE(attachments().entries().size(), std::size_t{3});
    QCOMPARE(attachments().entries()[0].name, "report.pdf, page 2");
    QVERIFY(waitUntil([&] { return attachments().isReady(); }));
    QCOMPARE(attachments().entries().size(), std::size_t{3});
    const ImportedImage& image = *attachments().entries()[2].image;
    QCOMPARE(image.attachment.fileName, "report.pdf, page 5");
    QCOMPARE(image.attachment.image.mediaType, "image/png");
    QCOMPARE(image.attachment.image.size,
             pageImageSize({kPagePoints.width(), kPagePoints.height()}, officialResolutions()));
    QVERIFY(decodeImageFile(image.path).has_value());
  }

  void listAndWrittenPagesFollowEachOther() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 5));
    QTest::keyClick(&picker.pages(), Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(written(picker)->text(), "1-5");
    QTest::keyClick(&picker.pages(), Qt::Key_Home);
    QTest::keyClick(&picker.pages(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(written(picker)->text(), "1-2");
    write(picker, "3-");
    QCOMPARE(picker.pages().chosen(), (Pages{2, 3, 4}));
    button(picker, "&All")->click();
    QCOMPARE(picker.pages().chosen().size(), std::size_t{5});
  }

  void whatNamesNoPageIsSaidAndCannotBeAdded() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 5));
    write(picker, "7");
    QVERIFY(!button(picker, "Add to the question")->isEnabled());
    QVERIFY(says(picker, "There is no page 7"));
    write(picker, "");
    QVERIFY(!button(picker, "Add to the question")->isEnabled());
    write(picker, "2");
    QVERIFY(button(picker, "Add to the question")->isEnabled());
  }

  void morePagesThanAQuestionTakesCanOnlyBeRead() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 40));
    button(picker, "&All")->click();
    QVERIFY(!button(picker, "Add to the question")->isEnabled());
    QVERIFY(button(picker, "Read the text…")->isEnabled());
    QVERIFY(says(picker, "room for 32"));
  }

  void visibleThumbnailsAreMade() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 60));
    const auto& model = static_cast<const PageListModel&>(*picker.pages().model());
    QVERIFY(waitUntil([&] { return model.hasThumbnail(0) && model.hasThumbnail(5); }));
    QVERIFY(!model.hasThumbnail(59));
    picker.pages().scrollToBottom();
    QVERIFY(waitUntil([&] { return model.hasThumbnail(59); }));
  }

  void aLockedDocumentAsksForItsPasswordUntilItIsRight() {
    PagePicker& picker = show(writeFile("locked.pdf", lockedPdf("a secret", "sesame")));
    auto* stack = picker.findChild<QStackedWidget*>();
    auto* password = stack->widget(1)->findChild<QLineEdit*>();
    QVERIFY(waitUntil([&] { return stack->currentIndex() == 1; }));
    QVERIFY(says(picker, "locked.pdf is protected by a password."));
    QTest::keyClicks(password, "barley");
    QTest::keyClick(password, Qt::Key_Return);
    QVERIFY(waitUntil([&] { return says(picker, "This is not the password of locked.pdf."); }));
    QVERIFY(attachments().isEmpty() && picker.isVisible());
    password->setText("sesame");
    QTest::keyClick(password, Qt::Key_Return);
    QVERIFY(waitUntil([&] { return stack->currentIndex() == 2; }));
    button(picker, "Add to the question")->click();
    QVERIFY(waitUntil([&] { return attachments().isReady(); }));
    QCOMPARE(attachments().entries().size(), std::size_t{1});
  }

  void aDamagedDocumentIsSaidAndCanBeClosed() {
    PagePicker& picker = show(writeFile("damaged.pdf", "%PDF-1.4\nno more than this"));
    QVERIFY(waitUntil(
        [&] { return says(picker, "damaged.pdf is not a PDF document, or is damaged."); }));
    QVERIFY(!button(picker, "Add to the question")->isEnabled());
    QTest::keyClick(&picker, Qt::Key_Escape);
    QVERIFY(waitUntil([&] { return shownPicker() == nullptr; }));
  }

  void severalDocumentsAskOneAfterTheOther() {
    const QString first = writePdf(*folder_, "first.pdf", 2);
    const QString second = writePdf(*folder_, "second.pdf", 3);
    desk_->window().attachFiles({first, second});
    QVERIFY(waitUntil([&] { return shownPicker() != nullptr; }));
    QCOMPARE(shownPicker()->document().name(), "first.pdf");
    QCOMPARE(desk_->window().findChildren<PagePicker*>().size(), 1);
    shownPicker()->reject();
    QVERIFY(waitUntil([&] {
      return shownPicker() != nullptr && shownPicker()->document().name() == "second.pdf";
    }));
  }

  void closingTheWindowGivesUpWhatIsBeingRead() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 30));
    button(picker, "&All")->click();
    button(picker, "Add to the question")->click();
    desk_.reset();  // must end by itself
  }

  void everythingThatTakesTheFocusHasAName() {
    PagePicker& picker = open(writePdf(*folder_, "report.pdf", 3));
    for (const QWidget* widget : picker.findChildren<QWidget*>()) {
      if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus) continue;
      QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
    }
  }

 private:
  AttachmentList& attachments() { return desk_->attachments(); }
  PagePicker* shownPicker() {
    for (PagePicker* picker : desk_->window().findChildren<PagePicker*>()) {
      if (picker->isVisible()) return picker;
    }
    return nullptr;
  }

  PagePicker& show(const QString& path) {
    desk_->window().attachFiles({path});
    waitUntil([&] { return shownPicker() != nullptr; });
    return *shownPicker();
  }

  PagePicker& open(const QString& path) {
    PagePicker& picker = show(path);
    waitUntil([&] { return picker.pages().isVisible(); });
    return picker;
  }

  QString writeFile(const QString& name, const std::string& content) {
    QFile file(folder_->filePath(name));
    file.open(QIODevice::WriteOnly);
    file.write(content.data(), static_cast<qint64>(content.size()));
    return file.fileName();
  }

  static QLineEdit* written(PagePicker& picker) {
    return picker.findChild<QLineEdit*>("writtenPages");
  }

  static void write(PagePicker& picker, const QString& pages) {
    written(picker)->setFocus();
    written(picker)->selectAll();
    if (pages.isEmpty()) {
      QTest::keyClick(written(picker), Qt::Key_Delete);
    } else {
      QTest::keyClicks(written(picker), pages);
    }
  }

  static QPushButton* button(PagePicker& picker, const QString& text) {
    for (QPushButton* button : picker.findChildren<QPushButton*>()) {
      if (button->text() == text) return button;
    }
    return nullptr;
  }

  static bool says(PagePicker& picker, const QString& text) {
    const auto labels = picker.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
      return label->isVisible() && label->text().contains(text);
    });
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<PagePickerTest> kPagePickerTest;

}  // namespace vl::test

#include "page_picker_test.moc"
