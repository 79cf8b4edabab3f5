#include "ui/composer/composer.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "tests/ui/ui_test.h"
#include "ui/composer/composer_edit.h"
#include "ui/composer/task_row.h"
#include "ui/widgets/thumbnail_button.h"

namespace vl::test {

class ComposerTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    loader_ = std::make_unique<ImageLoader>();
    importer_ = std::make_unique<ImageImporter>(folder_->filePath("data").toStdString(), *loader_);
    attachments_ = std::make_unique<AttachmentList>(*importer_);
    composer_ = std::make_unique<Composer>(*attachments_, *loader_);
    composer_->resize(500, 200);
    composer_->show();
  }

  void cleanup() {
    composer_.reset();
    attachments_.reset();
    importer_.reset();
    loader_.reset();
  }

  void enterAsksAndShiftEnterBreaksTheLine() {
    const QSignalSpy asked(composer_.get(), &Composer::asked);
    QTest::keyClicks(&edit(), "one");
    QTest::keyClick(&edit(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(&edit(), "two");
    QCOMPARE(asked.count(), 0);
    QCOMPARE(composer_->text(), "one\ntwo");
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
    QTest::keyClick(&edit(), Qt::Key_Enter);
    QCOMPARE(asked.count(), 2);
  }

  void enterBelongsToTheInputMethodWhileItComposes() {
    const QSignalSpy asked(composer_.get(), &Composer::asked);
    QTest::keyClicks(&edit(), "a");
    QInputMethodEvent composing("ni", {});
    QCoreApplication::sendEvent(&edit(), &composing);
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 0);
    QInputMethodEvent committed("", {});
    committed.setCommitString(QString::fromUtf8("你"));
    QCoreApplication::sendEvent(&edit(), &committed);
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
  }

  void nothingIsAskedWithoutWordsOrWhileAnAnswerIsWritten() {
    const QSignalSpy asked(composer_.get(), &Composer::asked);
    const QSignalSpy stopped(composer_.get(), &Composer::stopWanted);
    QTest::keyClick(&edit(), Qt::Key_Return);
    QTest::keyClicks(&edit(), "  ");
    QTest::keyClick(&edit(), Qt::Key_Return);
    QVERIFY(!askButton()->isEnabled());
    QTest::keyClicks(&edit(), "x");
    composer_->setAnswering(true);
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 0);
    QTest::mouseClick(askButton(), Qt::LeftButton);
    QCOMPARE(stopped.count(), 1);
    QCOMPARE(asked.count(), 0);
  }

  void aFormIsNotAskedBeforeItsPhraseIsWritten() {
    const QSignalSpy asked(composer_.get(), &Composer::asked);
    click("task-locate");
    QVERIFY(!askButton()->isEnabled());
    QTest::keyClicks(&edit(), "  ");
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 0);
    QTest::keyClicks(&edit(), "cat");
    QVERIFY(askButton()->isEnabled());
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
  }

  void tasksInsertTheOfficialForms() {
    click("task-describe");
    QCOMPARE(composer_->text(), "Describe this image in detail.");
    click("task-boxes");
    QCOMPARE(composer_->text(), "<|grounding|>Describe this image in detail.");
    click("task-locate");
    QTest::keyClicks(&edit(), "red car");
    QCOMPARE(composer_->text(), "<|ref|>red car<|/ref|>");
  }

  void theMenuHasTheOtherTasksAndTheLanguageOfAllOfThem() {
    action("task-compare")->trigger();
    QCOMPARE(composer_->text(),
             "What are the differences between the first image and the second image?");
    const QSignalSpy changed(&composer_->tasks(), &TaskRow::languageChanged);
    for (QAction* language : composer_->findChildren<QAction*>()) {
      if (language->text() == "中文") language->trigger();
    }
    QCOMPARE(changed.count(), 1);
    click("task-describe");
    QCOMPARE(composer_->text(), "请详细描述这张图片。");
    composer_->tasks().setLanguage(PromptLanguage::English);
    click("task-describe");
    QCOMPARE(composer_->text(), "Describe this image in detail.");
  }

  void tasksThatDoNotFitTheRowStandInTheMenu() {
    const auto isButton = [&](const char* task) {
      const auto* button = composer_->findChild<QToolButton*>(task);
      const bool isEntry = action(task)->isVisible();
      if (button->isVisible() == isEntry) qFatal("at both places or at none");
      return !isEntry;
    };
    composer_->resize(1200, 200);
    QVERIFY(isButton("task-describe") && isButton("task-read"));
    const int height = composer_->tasks().height();
    composer_->resize(300, 200);
    QVERIFY(!isButton("task-read"));
    QCOMPARE(composer_->tasks().height(), height);
    QVERIFY(composer_->findChild<QToolButton*>("moreTasks")->isVisible());
    action("task-read")->trigger();
    QCOMPARE(composer_->text(), "Read the text in the image.");
  }

  void findingAllTakesThePhraseOfAnotherForm() {
    QTest::keyClicks(&edit(), "stars");
    click("task-locate");
    action("task-find-all")->trigger();
    QCOMPARE(composer_->text(), "<|grounding|>Find all <|ref|>stars<|/ref|> in the image.");
    click("task-locate");
    QCOMPARE(composer_->text(), "<|ref|>stars<|/ref|>");
  }

  void locatingTakesWhatWasTypedAsThePhrase() {
    QTest::keyClicks(&edit(), "the dog");
    click("task-locate");
    QCOMPARE(composer_->text(), "<|ref|>the dog<|/ref|>");
    click("task-locate");
    QCOMPARE(composer_->text(), "<|ref|>the dog<|/ref|>");
    edit().undo();
    QCOMPARE(composer_->text(), "the dog");
  }

  void pastedTextStaysTextAndAPastedPictureIsAttached() {
    auto words = std::make_unique<QMimeData>();
    words->setHtml("<b>bold</b>");
    words->setText("bold");
    QGuiApplication::clipboard()->setMimeData(words.release());
    edit().paste();
    QCOMPARE(composer_->text(), "bold");
    QImage picture(40, 30, QImage::Format_RGB32);
    picture.fill(Qt::green);
    QGuiApplication::clipboard()->setImage(picture);
    edit().paste();
    QCOMPARE(composer_->text(), "bold");
    QCOMPARE(attachments_->entries().size(), std::size_t{1});
    QVERIFY(waitUntil([&] { return attachments_->isReady(); }));
    QCOMPARE(attachments_->entries()[0].image->attachment.image.size, (ImageSize{40, 30}));
  }

  void askingWaitsForAnImageThatIsBeingRead() {
    const QSignalSpy asked(composer_.get(), &Composer::asked);
    QTest::keyClicks(&edit(), "What is this?");
    attachments_->addFile(writePicture(*folder_, "a.png"));
    QTest::keyClick(&edit(), Qt::Key_Return);
    QCOMPARE(asked.count(), 0);
    QVERIFY(waitUntil([&] { return asked.count() == 1; }));
    QVERIFY(attachments_->isReady());
  }

  void thumbnailsChangePlacesByMouseAndByKey() {
    for (const char* name : {"a.png", "b.png", "c.png"}) {
      attachments_->addFile(writePicture(*folder_, name));
    }
    QVERIFY(waitUntil([&] { return attachments_->isReady(); }));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    QTest::qWait(10);
    const QSignalSpy picked(composer_.get(), &Composer::attachmentPicked);
    ThumbnailButton& first = thumbnail("a.png");
    const QPoint middle = first.rect().center();
    const QPoint farRight(middle.x() + 1000, middle.y());
    QTest::mousePress(&first, Qt::LeftButton, {}, middle);
    QMouseEvent way(QEvent::MouseMove, farRight, first.mapToGlobal(farRight), Qt::NoButton,
                    Qt::LeftButton, {});
    QCoreApplication::sendEvent(&first, &way);
    QTest::mouseRelease(&first, Qt::LeftButton, {}, middle);
    QCOMPARE(order(), "bca");
    QCOMPARE(picked.count(), 0);
    QTest::keyClick(&thumbnail("a.png"), Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(order(), "bac");
    QVERIFY(composer_->focusWidget() == &thumbnail("a.png"));
    QTest::keyClick(&thumbnail("b.png"), Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(order(), "bac");
    QTest::mouseClick(&thumbnail("b.png"), Qt::LeftButton);
    QCOMPARE(picked.count(), 1);
  }

  void theTextGrowsWithItsLinesUpToALimit() {
    const int oneLine = edit().height();
    composer_->setText("1\n2\n3");
    QVERIFY(edit().height() > 2 * edit().fontMetrics().lineSpacing());
    composer_->setText(QString("line\n").repeated(500));
    QVERIFY(edit().height() <= oneLine + 7 * edit().fontMetrics().lineSpacing() + 2);
    composer_->setText("");
    QCOMPARE(edit().height(), oneLine);
  }

 private:
  ComposerEdit& edit() { return composer_->edit(); }
  /// The one that is shown: another of the name may be on its way out.
  ThumbnailButton& thumbnail(const QString& name) {
    ThumbnailButton* found = nullptr;
    for (ThumbnailButton* button : composer_->findChildren<ThumbnailButton*>()) {
      if (button->accessibleName() == name && !button->isHidden()) found = button;
    }
    return *found;
  }
  QString order() const {
    QString names;
    for (const AttachmentList::Entry& entry : attachments_->entries()) names += entry.name[0];
    return names;
  }
  QToolButton* askButton() { return composer_->findChild<QToolButton*>("askButton"); }
  QAction* action(const char* name) { return composer_->findChild<QAction*>(name); }
  void click(const char* name) {
    QTest::mouseClick(composer_->findChild<QToolButton*>(name), Qt::LeftButton);
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<ImageLoader> loader_;
  std::unique_ptr<ImageImporter> importer_;
  std::unique_ptr<AttachmentList> attachments_;
  std::unique_ptr<Composer> composer_;
};

static const Registered<ComposerTest> kComposerTest;

}  // namespace vl::test

#include "composer_test.moc"
