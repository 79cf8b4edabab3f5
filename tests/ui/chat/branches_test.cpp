#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <algorithm>
#include <atomic>

#include "tests/ui/ui_test.h"
#include "ui/chat/branch_switch.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/chat/message_text.h"
#include "ui/chat/message_widget.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/history/session_list_view.h"
#include "ui/history/sidebar.h"
#include "ui/history/trash_dialog.h"
#include "ui/window/notice_bar.h"
#include "ui/window/toast.h"

namespace vl::test {

/// Versions of questions and answers, and the trash, as a person uses them.
class BranchesTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    number_ = 0;
    director_->setScript([this](const auto&, const GenerateCallbacks& on, const auto&) {
      const std::string raw = "Answer " + std::to_string(++number_);
      on.text(raw);
      return Result<GenerateSummary>(summaryOf(raw));
    });
    desk_ = openDesk(folder_->filePath("data"), director_);
  }

  void cleanup() { desk_.reset(); }

  void anAnswerGivenAgainIsAnotherVersion() {
    ask("First");
    click(widget(1), "Answer again");
    QVERIFY(waitUntil([&] { return texts() == QStringList({"First", "Answer 2"}); }));
    QCOMPARE(position(1), "2 / 2");
    QVERIFY(!button(widget(1), "Next version")->isEnabled());
    click(widget(1), "Previous version");
    QCOMPARE(texts(), QStringList({"First", "Answer 1"}));
    QCOMPARE(position(1), "1 / 2");
    QCOMPARE(position(0), "");  // there is one question
    QCOMPARE(director_->requests()[1].conversation.size(), std::size_t{1});
  }

  void anEditedQuestionBeginsABranchWithItsImages() {
    desk_->attachments().addFile(writePicture(*folder_, "dog.png"));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    ask("First");
    ask("Second");
    click(widget(0), "Edit this question");
    QCOMPARE(composer().text(), "First");
    QCOMPARE(desk_->attachments().entries().size(), std::size_t{1});
    QCOMPARE(texts().size(), 4);  // nothing is gone
    ask(" changed");
    QCOMPARE(texts(), QStringList({"First changed", "Answer 3"}));
    QCOMPARE(position(0), "2 / 2");
    QCOMPARE(director_->requests().back().conversation.size(), std::size_t{1});
    QCOMPARE(desk_->controller().images().size(), std::size_t{1});
    QVERIFY(desk_->attachments().isEmpty());

    click(widget(0), "Previous version");
    QCOMPARE(texts(), QStringList({"First", "Answer 1", "Second", "Answer 2"}));
    desk_->window().close();
    desk_.reset();
    desk_ = openDesk(folder_->filePath("data"), director_);
    QCOMPARE(texts(), QStringList({"First", "Answer 1", "Second", "Answer 2"}));
    QCOMPARE(position(0), "1 / 2");
  }

  void editingCanBeCancelledAndLeavesTheSession() {
    ask("First");
    composer().setText("Sec");
    click(widget(0), "Edit this question");
    QCOMPARE(composer().text(), "First");
    QVERIFY(waitUntil([&] { return pushButton("Cancel") != nullptr; }));
    QTest::mouseClick(pushButton("Cancel"), Qt::LeftButton);
    QCOMPARE(composer().text(), "Sec");  // what was being written is not lost
    ask("ond");
    QCOMPARE(texts().size(), 4);
    click(widget(2), "Edit this question");
    desk_->controller().newSession();
    QVERIFY(pushButton("Cancel") == nullptr);
  }

  void upInAnEmptyQuestionEditsTheLastOne() {
    ask("First");
    ask("Second");
    QTest::keyClick(&composer().edit(), Qt::Key_Up);
    QCOMPARE(composer().text(), "Second");
    QCOMPARE(desk_->controller().promptTurns(desk_->controller().lastQuestion()).size(),
             std::size_t{2});
    ask(" thoughts");
    QCOMPARE(texts(), QStringList({"First", "Answer 1", "Second thoughts", "Answer 3"}));
  }

  void aStoppedAnswerIsContinuedAcrossABox() {
    director_->setScript([](const auto&, const GenerateCallbacks& on, const std::stop_token& stop) {
      const std::string raw = "A <|ref|>dog<|/ref|><|det|>[[100, 2";
      on.text(raw);
      waitForStop(stop);
      return Result<GenerateSummary>(summaryOf(raw, {}, StopReason::Cancelled));
    });
    desk_->attachments().addFile(writePicture(*folder_, "dog.png", {400, 300}));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    composer().setText("Where?");
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(waitUntil([&] { return texts().value(1).startsWith("A "); }));
    desk_->controller().stop();
    QVERIFY(waitUntil([&] { return pushButton("Continue") != nullptr; }));

    director_->setScript([](const auto&, const GenerateCallbacks& on, const auto&) {
      const std::string raw = "00, 500, 700]]<|/det|> runs.";
      on.text(raw);
      return Result<GenerateSummary>(summaryOf(raw));
    });
    pushButton("Continue")->setFocus();
    QTest::mouseClick(pushButton("Continue"), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return texts() == QStringList({"Where?", "A dog runs."}); }));
    QVERIFY(composer().edit().hasFocus());  // not the list of sessions, where Delete deletes
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    const GenerateRequest request = director_->requests().back();
    QCOMPARE(request.conversation.back().role, ChatRole::Assistant);
    const auto& boxes = desk_->controller().conversation().items().back().message.boxes;
    QCOMPARE(boxes.size(), std::size_t{1});
    QCOMPARE(boxes[0].grid, (GridBox{100, 200, 500, 700}));
    QVERIFY(std::abs(boxes[0].pixels.x1 - 100.0 / 999 * 400) < 1e-9);
    QVERIFY(pushButton("Continue") == nullptr);
  }

  void aDeletedSessionCanBeBroughtBackAtOnceOrFromTheTrash() {
    ask("First");
    const SessionId session = *desk_->controller().shownSession();
    SessionListView& list = desk_->window().sidebar().list();
    QTest::keyClick(&list, Qt::Key_Delete);
    QVERIFY(!desk_->controller().shownSession());
    QCOMPARE(list.model()->rowCount(), 0);
    Toast* toast = desk_->window().findChild<Toast*>();
    QVERIFY(toast->isVisible());
    QTest::mouseClick(toast->findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(!toast->isVisible());
    QCOMPARE(texts(), QStringList({"First", "Answer 1"}));

    desk_->controller().trashSession(session);
    TrashDialog trash(desk_->controller());
    QCOMPARE(trash.findChild<QListWidget*>()->count(), 1);
    press(trash, "Restore");
    QCOMPARE(trash.findChild<QListWidget*>()->count(), 0);
    QCOMPARE(texts(), QStringList({"First", "Answer 1"}));
  }

  void enterInTheTrashDeletesNothing() {
    ask("First");
    desk_->controller().trashSession(*desk_->controller().shownSession());
    TrashDialog trash(desk_->controller());
    trash.show();
    QTest::keyClick(&trash, Qt::Key_Return);
    QVERIFY(!trash.isVisible());
    QCOMPARE(desk_->controller().trash().size(), std::size_t{1});
  }

  void theTrashAsksBeforeItDeletesForGood() {
    ask("First");
    desk_->controller().trashSession(*desk_->controller().shownSession());
    TrashDialog trash(desk_->controller());
    trash.show();
    answerQuestion("Cancel");
    press(trash, "Delete for good");
    QCOMPARE(desk_->controller().trash().size(), std::size_t{1});
    answerQuestion("Delete for good");
    press(trash, "Delete for good");
    QCOMPARE(desk_->controller().trash().size(), std::size_t{0});
  }

  void openingTheTrashEndsWhatTheToastOffers() {
    ask("First");
    desk_->controller().trashSession(*desk_->controller().shownSession());
    Toast* toast = desk_->window().findChild<Toast*>();
    QVERIFY(toast->isVisible());
    QTimer::singleShot(0, this, [] { QApplication::activeModalWidget()->close(); });
    for (QAction* action : desk_->window().findChildren<QAction*>()) {
      if (action->text().remove('&') == QString::fromUtf8("Trash…")) action->trigger();
    }
    QVERIFY(!toast->isVisible());
  }

  void theTrashTellsTheDayOfALongTitle() {
    ask(QString("very long words ").repeated(20));
    desk_->controller().trashSession(*desk_->controller().shownSession());
    TrashDialog trash(desk_->controller());
    trash.show();
    const auto* list = trash.findChild<QListWidget*>();
    QVERIFY(!list->horizontalScrollBar()->isVisible());
    QCOMPARE(list->textElideMode(), Qt::ElideMiddle);
  }

  void aToastCoversNoNotice() {
    Toast* toast = desk_->window().findChild<Toast*>();
    toast->show("Saved", "Close", [] {});
    desk_->window().showProblem("It could not be read.");
    const auto covers = [&] {
      const auto notices = desk_->window().chat().findChildren<NoticeBar*>();
      return std::any_of(notices.begin(), notices.end(), [&](const NoticeBar* notice) {
        const QRect taken(notice->mapTo(&desk_->window(), QPoint()), notice->size());
        return notice->isVisible() && taken.intersects(toast->geometry());
      });
    };
    QVERIFY(waitUntil([&] { return !covers(); }));
    QTest::qWait(20);  // the window is laid out in between
    QVERIFY(!covers());
    QVERIFY(toast->isVisible());
    toast->hide();
  }

  void aToastIsNoWiderThanTheConversation() {
    Toast* toast = desk_->window().findChild<Toast*>();
    toast->show(QString("very long words ").repeated(20), "Undo", [] {});
    QVERIFY(toast->width() <= composer().width());
    toast->hide();
  }

  void aToastLeavesTheComposerFree() {
    Composer& composer = desk_->window().chat().composer();
    Toast* toast = desk_->window().findChild<Toast*>();
    toast->show("Gone", "Undo", [] {});
    const auto isFree = [&] {
      const QRect taken(composer.mapTo(&desk_->window(), QPoint()), composer.size());
      return !taken.intersects(toast->geometry()) &&
             desk_->window().rect().contains(toast->geometry());
    };
    QVERIFY(isFree());
    composer.setText("a\nb\nc\nd\ne");
    desk_->window().resize(desk_->window().width() - 60, desk_->window().height() - 40);
    QVERIFY(waitUntil(isFree));
    toast->hide();
  }

  void aToastGoesByItself() {
    Toast* toast = desk_->window().findChild<Toast*>();
    toast->setDuration(50);
    bool undone = false;
    toast->show("Gone", "Undo", [&] { undone = true; });
    QVERIFY(toast->isVisible());
    QVERIFY(waitUntil([&] { return !toast->isVisible(); }));
    QVERIFY(!undone);
  }

 private:
  Composer& composer() { return desk_->window().chat().composer(); }

  MessageWidget& widget(int row) {
    return *desk_->window().chat().conversation().widgets().at(row);
  }

  QStringList texts() {
    QStringList texts;
    for (const auto& [row, widget] : desk_->window().chat().conversation().widgets()) {
      texts << widget->findChild<MessageText*>()->toPlainText();
    }
    return texts;
  }

  QString position(int row) {
    const auto* branches = widget(row).findChild<BranchSwitch*>();
    return branches->isVisible() ? branches->findChild<QLabel*>()->text() : QString();
  }

  static QToolButton* button(const QWidget& parent, const QString& name) {
    for (QToolButton* button : parent.findChildren<QToolButton*>()) {
      if (button->accessibleName() == name) return button;
    }
    return nullptr;
  }

  static void click(const QWidget& parent, const QString& name) {
    QVERIFY(button(parent, name) != nullptr);
    QTest::mouseClick(button(parent, name), Qt::LeftButton);
  }

  QPushButton* pushButton(const QString& text) {
    for (QPushButton* button : desk_->window().chat().findChildren<QPushButton*>()) {
      if (button->isVisible() && button->text() == text) return button;
    }
    return nullptr;
  }

  static void press(const QWidget& parent, const QString& text) {
    for (QAbstractButton* candidate : parent.findChildren<QAbstractButton*>()) {
      if (candidate->text().remove('&') == text) return candidate->click();
    }
    QFAIL("there is no such button");
  }

  /// Presses a button of the message box that will be open in a moment.
  void answerQuestion(const QString& text) {
    QTimer::singleShot(0, this, [text] {
      QWidget* question = QApplication::activeModalWidget();
      QVERIFY(question != nullptr);
      press(*question, text);
    });
  }

  /// Adds to what stands in the composer and asks.
  void ask(const QString& text) {
    const std::size_t before = director_->requests().size();
    composer().focusText();
    composer().edit().moveCursor(QTextCursor::End);
    QTest::keyClicks(&composer().edit(), text);
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(waitUntil([&] {
      return director_->requests().size() > before && !desk_->controller().isAnswering();
    }));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::atomic<int> number_ = 0;
  std::unique_ptr<Desk> desk_;
};

static const Registered<BranchesTest> kBranchesTest;

}  // namespace vl::test

#include "branches_test.moc"
