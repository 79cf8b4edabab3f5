#include "ui/window/main_window.h"

#include <QAction>
#include <QDropEvent>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include "tests/ui/ui_test.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/picture_drag.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/chat/message_text.h"
#include "ui/chat/message_widget.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/history/session_groups_model.h"
#include "ui/history/session_list_view.h"
#include "ui/history/sidebar.h"
#include "ui/widgets/thumbnail_button.h"
#include "ui/window/notice_bar.h"

namespace vl::test {

class MainWindowTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    desk_ = openDesk(data(), director_);
  }

  void cleanup() { desk_.reset(); }

  void aDroppedImageGetsAnAnswerWithABox() {
    drop(writePicture(*folder_, "dog.png", {400, 300}));
    ask("Describe this.");
    QVERIFY(waitUntil([&] { return !canvas().boxes().empty(); }));
    QVERIFY(waitUntil([&] { return shownText().contains("with one box."); }));
    QCOMPARE(shownText(), "A dog with one box.");
    // 0..999 on 400 x 300: 100 / 999 * 400 and so on
    const QRectF box = canvas().boxes()[0].rect;
    QVERIFY(std::abs(box.left() - 40.04) < 0.01 && std::abs(box.bottom() - 210.21) < 0.01);
    QCOMPARE(canvas().boxes()[0].label, "dog");
    QVERIFY(attachments().isEmpty());
  }

  void boxesAppearWhileTheAnswerIsWrittenAndStopKeepsThem() {
    director_->setScript(writeUntilStopped);
    drop(writePicture(*folder_, "dog.png"));
    ask("Go on");
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 1; }));
    QVERIFY(desk_->controller().isAnswering());
    QTest::mouseClick(askButton(), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    QCOMPARE(shownText(), "Partial dog");
    QCOMPARE(canvas().boxes().size(), std::size_t{1});
  }

  void aRestartShowsTheSessionWithImageAndBox() {
    drop(writePicture(*folder_, "dog.png"));
    ask("Describe this.");
    QVERIFY(
        waitUntil([&] { return !desk_->controller().isAnswering() && !shownText().isEmpty(); }));
    desk_->window().close();
    desk_.reset();
    desk_ = openDesk(data(), director_);
    QVERIFY(waitUntil([&] { return canvas().hasImage(); }));
    QCOMPARE(canvas().boxes().size(), std::size_t{1});
    QCOMPARE(shownText(), "A dog with one box.");
    QVERIFY(desk_->window().windowTitle().startsWith("Describe this."));
  }

  void theWindowIsNamedAfterItsSession() {
    ask("First");
    QVERIFY(desk_->window().windowTitle().startsWith("First"));
    desk_->controller().renameSession(*desk_->controller().shownSession(), "Other");
    QVERIFY(desk_->window().windowTitle().startsWith("Other"));
  }

  void menusOfferWhatCanBeDone() {
    director_->setScript(writeUntilStopped);
    const auto isEnabled = [this](const QString& text) {
      for (QAction* entry : desk_->window().menuBar()->actions()) {
        if (entry->text() == "&Session") emit entry->menu()->aboutToShow();
      }
      for (const QAction* action : desk_->window().findChildren<QAction*>()) {
        if (action->text().remove('&') == text) return action->isEnabled();
      }
      return false;
    };
    QVERIFY(!isEnabled("Stop the answer"));
    QVERIFY(!isEnabled("Rename") && !isEnabled("Delete"));
    ask("Go on");
    QVERIFY(isEnabled("Stop the answer"));
    QVERIFY(isEnabled("Rename") && isEnabled("Delete"));
    desk_->controller().stop();
    QVERIFY(waitUntil([&] { return !isEnabled("Stop the answer"); }));
  }

  void everyFileThatIsRefusedIsNamed() {
    for (const char* name : {"bad.png", "empty.png", "none.png"}) {
      desk_->window().attachFiles({folder_->filePath(name)});
    }
    QVERIFY(waitUntil([&] { return attachments().isReady(); }));
    QCOMPARE(visibleNotices().size(), 1);
    for (const char* name : {"bad.png", "empty.png", "none.png"}) {
      QVERIFY(visibleNotices().first().contains(name));
    }
    desk_->window().showProblem("Another.");
    QCOMPARE(visibleNotices(), QStringList("Another."));
    for (int file = 0; file < 9; ++file) {
      desk_->window().attachFiles({folder_->filePath(QString("%1.png").arg(file))});
    }
    QVERIFY(waitUntil([&] { return attachments().isReady(); }));
    QVERIFY(!visibleNotices().first().contains("Another."));
    QVERIFY(visibleNotices().first().contains("0.png"));
    QVERIFY(visibleNotices().first().contains("5 more"));
    QCOMPARE(visibleNotices().first().count('\n'), 4);
  }

  void sessionsAreOpenedFromTheList() {
    ask("First");
    desk_->controller().newSession();
    ask("Second");
    SessionListView& list = desk_->window().sidebar().list();
    QCOMPARE(desk_->controller().sessions().rowCount(), 2);
    const QModelIndex older = list.groups().indexOf(desk_->controller().sessions().at(1).id);
    const QRect first = list.visualRect(older);
    QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, first.center());
    QVERIFY(desk_->window().windowTitle().startsWith("First"));
  }

  void anEngineErrorIsShownAndTheQuestionStays() {
    director_->setScript([](const auto&, const auto&, const auto&) -> Result<GenerateSummary> {
      return Error{ErrorCode::ContextFull, "<b>Too long</b>: 5000 of 4096 tokens."};
    });
    drop(writePicture(*folder_, "dog.png"));
    ask("My question");
    QVERIFY(waitUntil([&] { return button("Edit the question") != nullptr; }));
    QVERIFY(visibleNotices().contains("<b>Too long</b>: 5000 of 4096 tokens."));
    QTest::mouseClick(button("Edit the question"), Qt::LeftButton);
    QCOMPARE(composer().text(), "My question");
    QCOMPARE(attachments().entries().size(), std::size_t{1});
    QCOMPARE(desk_->controller().conversation().rowCount(), 0);
    director_->setScript(describeWithBox);
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(waitUntil([&] { return shownText() == "A dog with one box."; }));
  }

  void aModelThatDoesNotFitCanBeLoadedAnyway() {
    desk_.reset();
    const auto backend = [this](const std::filesystem::path&, bool force) -> EngineFactory {
      if (force) return scripted(director_);
      return [](const std::stop_token&) -> Result<std::unique_ptr<Engine>> {
        return Error{ErrorCode::OutOfMemory, "The model needs 30 GB and 8 GB are free."};
      };
    };
    desk_ =
        std::make_unique<Desk>(openStore(data()), Desk::Setup{data().toStdString(), {}, backend});
    desk_->begin("/models/large", {});
    desk_->window().show();
    QVERIFY(waitUntil([&] { return button("Load anyway") != nullptr; }));
    QVERIFY(visibleNotices().contains("The model needs 30 GB and 8 GB are free."));
    QTest::mouseClick(button("Load anyway"), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return desk_->model().state() == ModelLoader::State::Ready; }));
    QVERIFY(visibleNotices().isEmpty());
  }

  void withoutAModelTheWindowSaysWhatToDo() {
    desk_.reset();
    desk_ = std::make_unique<Desk>(
        openStore(data()), Desk::Setup{data().toStdString(), {}, scriptedBackend(director_)});
    desk_->begin({}, {});
    desk_->window().show();
    QVERIFY(visibleNotices().first().startsWith("No model is loaded"));
    QVERIFY(button(QString::fromUtf8("Models…")) != nullptr);
  }

  void aBadImageIsRefusedInTheWindow() {
    QFile bad(folder_->filePath("bad.png"));
    QVERIFY(bad.open(QIODevice::WriteOnly));
    bad.write("\x89PNG\r\n\x1a\n and no more");
    bad.close();
    drop(bad.fileName());
    QVERIFY(waitUntil([&] { return !visibleNotices().isEmpty(); }));
    QVERIFY(visibleNotices().first().startsWith("bad.png was not added."));
    QVERIFY(attachments().isEmpty());
  }

  void aSampleIsAttachedWithOneClick() {
    desk_.reset();
    desk_ = openDesk(data(), director_, {writePicture(*folder_, "sample.png")});
    auto* sample = desk_->window().findChild<ThumbnailButton*>();
    QVERIFY(sample != nullptr);
    QTest::mouseClick(sample, Qt::LeftButton);
    QVERIFY(waitUntil([&] { return canvas().hasImage(); }));
    QCOMPARE(attachments().entries().size(), std::size_t{1});
  }

  void theWindowClosesWhileAnAnswerIsWritten() {
    director_->setScript(writeUntilStopped);
    drop(writePicture(*folder_, "dog.png"));
    ask("Go on");
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 1; }));
    desk_->window().close();
    desk_.reset();
    director_->setScript(describeWithBox);
    desk_ = openDesk(data(), director_);
    QCOMPARE(shownText(), "Partial dog");
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 1; }));
  }

  void pointingAtAPhraseAndPickingItReachesTheCanvas() {
    drop(writePicture(*folder_, "dog.png"));
    ask("Describe this.");
    QVERIFY(waitUntil([&] { return !canvas().boxes().empty() && canvas().hasImage(); }));
    const QImage before = canvas().grab().toImage();
    emit desk_->window().chat().conversation().phrasePointed(
        desk_->controller().conversation().items().back().message.id, BoxRange{0, 1});
    QVERIFY(canvas().grab().toImage() != before);
  }

  void aPictureThatIsDroppedWhereItCameFromIsNotAttached() {
    MainWindow& window = desk_->window();
    QMimeData data;
    QImage picture(200, 100, QImage::Format_RGB32);
    picture.fill(Qt::red);
    data.setImageData(picture);
    data.setData(kPictureMime, "1");
    const auto middleOf = [&](QWidget& part) { return part.mapTo(&window, part.rect().center()); };
    drop(data, middleOf(window.canvas()));
    QVERIFY(attachments().entries().empty());
    drop(data, middleOf(window.chat()));
    QCOMPARE(attachments().entries().size(), std::size_t{1});
  }

 private:
  QString data() { return folder_->filePath("data"); }
  Composer& composer() { return desk_->window().chat().composer(); }
  ImageCanvas& canvas() { return desk_->window().canvas().canvas(); }
  AttachmentList& attachments() { return desk_->attachments(); }
  QToolButton* askButton() { return composer().findChild<QToolButton*>("askButton"); }

  void drop(const QString& file) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    drop(data, desk_->window().rect().center());
  }

  void drop(const QMimeData& data, QPoint where) {
    QDragEnterEvent enter(where, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&desk_->window(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(where, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&desk_->window(), &event);
  }

  void ask(const QString& text) {
    QVERIFY(waitUntil([&] { return attachments().isReady(); }));
    QTest::keyClicks(&composer().edit(), text);
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(desk_->controller().conversation().rowCount() >= 2);
  }

  /// What the last message widget shows.
  QString shownText() {
    const auto& widgets = desk_->window().chat().conversation().widgets();
    if (widgets.empty()) return {};
    return widgets.rbegin()->second->findChild<MessageText*>()->toPlainText();
  }

  QStringList visibleNotices() {
    QStringList texts;
    for (const NoticeBar* notice : desk_->window().findChildren<NoticeBar*>()) {
      if (notice->isVisible()) texts << notice->text();
    }
    return texts;
  }

  QPushButton* button(const QString& text) {
    for (QPushButton* button : desk_->window().findChildren<QPushButton*>()) {
      if (button->isVisible() && button->text() == text) return button;
    }
    return nullptr;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<MainWindowTest> kMainWindowTest;

}  // namespace vl::test

#include "main_window_test.moc"
