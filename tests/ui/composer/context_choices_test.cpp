#include <QAction>
#include <QPushButton>
#include <QTest>
#include <algorithm>

#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/context_divider.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/budget_bar.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/window/notice_bar.h"

namespace vl::test {

/// The window with the bundled model's tokenizer, 4096 tokens of context and a scripted engine.
class ContextChoicesTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    open();
  }

  void cleanup() { desk_.reset(); }

  void theBarCountsWhileTheQuestionIsWritten() {
    composer().setText("Hello");
    QVERIFY(waitUntil([&] { return bar().text().contains("of 4,096 tokens"); }));
    const QString before = bar().text();
    desk_->attachments().addFile(writePicture(*folder_, "dog.png", {300, 300}));
    QVERIFY(waitUntil([&] { return bar().text() != before; }));
    QVERIFY(bar().toolTip().contains("Image 1: 421 tokens"));
  }

  void whatIsTooLongIsNotSentAndTheOldestQuestionCanBeLeftOut() {
    ask(words(2000));
    composer().setText(words(2500));
    QTest::keyClick(&composer().edit(), Qt::Key_Return);  // at once: the count waits for nothing
    QVERIFY(waitUntil([&] { return button("Leave out the oldest question") != nullptr; }));
    QCOMPARE(director_->requests().size(), std::size_t{1});
    QCOMPARE(composer().text(), words(2500));
    button("Leave out the oldest question")->setFocus();
    QTest::mouseClick(button("Leave out the oldest question"), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return button("New session") == nullptr; }));
    QVERIFY(composer().edit().hasFocus());  // not the list of sessions, where Delete deletes
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(waitUntil([&] { return director_->requests().size() == 2; }));
    QCOMPARE(director_->requests()[1].conversation.size(), std::size_t{1});
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    QVERIFY(divider().isVisible());

    desk_->window().close();
    desk_.reset();
    open();
    QVERIFY(divider().isVisible());
    QTest::mouseClick(divider().findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(!divider().isVisible());
    QCOMPARE(desk_->controller().promptTurns().size(), std::size_t{4});
  }

  void anAnswerIsNotGivenAgainWhenItNoLongerFits() {
    ask(words(2000));
    AnswerSettings small;
    small.contextTokens = 1000;
    desk_->controller().setAnswerSettings(small, {});
    QVERIFY(waitUntil([&] { return bar().text().contains("of 1,000 tokens"); }));
    ConversationView& view = desk_->window().chat().conversation();
    emit view.retryWanted(desk_->controller().conversation().items().back().message.id);
    QVERIFY(waitUntil([&] { return notice("The answer was not begun"); }));
    QCOMPARE(director_->requests().size(), std::size_t{1});
    QCOMPARE(desk_->controller().conversation().rowCount(), 2);
    desk_->controller().setAnswerSettings({}, {});
    QVERIFY(waitUntil([&] { return bar().text().contains("of 4,096 tokens"); }));
    emit view.retryWanted(desk_->controller().conversation().items().back().message.id);
    QVERIFY(waitUntil([&] { return director_->requests().size() == 2; }));
  }

  void anAnswerIsNotContinuedWhenItNoLongerFits() {
    director_->setScript(writeUntilStopped);
    composer().setText(words(1200));
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    const auto& items = desk_->controller().conversation().items();
    QVERIFY(waitUntil([&] { return items.size() == 2 && !items[1].message.raw.empty(); }));
    desk_->controller().stop();
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    AnswerSettings small;
    small.contextTokens = 1000;
    desk_->controller().setAnswerSettings(small, {});
    QVERIFY(waitUntil([&] { return bar().text().contains("of 1,000 tokens"); }));
    emit desk_->window().chat().conversation().continueWanted();
    QVERIFY(waitUntil([&] { return notice("The answer was not begun"); }));
    QCOMPARE(items[1].message.state, MessageState::Stopped);
    QCOMPARE(director_->requests().size(), std::size_t{1});
  }

  void imagesCanBecomeOverviewsAndTilesAgain() {
    for (const char* name : {"a.png", "b.png"}) {
      desk_->attachments().addFile(writePicture(*folder_, name, {1200, 1200}));
    }
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    composer().setText(words(1500));
    QVERIFY(waitUntil([&] { return button("Images as overviews") != nullptr; }));
    QTest::mouseClick(button("Images as overviews"), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return bar().text().contains("left for the answer"); }));
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(waitUntil([&] { return !director_->requests().empty(); }));
    QVERIFY(!director_->requests()[0].tiling);
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    desk_->controller().setTiling(true);
    desk_->controller().answerAgain(desk_->controller().conversation().items().back().message.id);
    QVERIFY(waitUntil([&] { return director_->requests().size() == 2; }));
    QVERIFY(director_->requests()[1].tiling);
  }

  void aNewSessionKeepsTheQuestion() {
    ask(words(2000));
    composer().setText(words(2500));
    QVERIFY(waitUntil([&] { return button("New session") != nullptr; }));
    QTest::mouseClick(button("New session"), Qt::LeftButton);
    QCOMPARE(composer().text(), words(2500));
    QVERIFY(!desk_->controller().shownSession());
    QVERIFY(waitUntil([&] { return button("New session") == nullptr; }));
  }

  void aQuestionThatIsTooLongByItselfIsToBeShortened() {
    composer().setText(words(5000));
    QVERIFY(waitUntil([&] { return notice("This is too long for the model"); }));
    QVERIFY(button("New session") == nullptr);
    const QString text = visibleNotice();
    QVERIFY(!text.contains("images"));
    QVERIFY(text.contains("Shorten the question"));
  }

  void aThirdImageIsExplainedOnceWithItsChoices() {
    const auto add = [this](const char* name) {
      desk_->attachments().addFile(writePicture(*folder_, name, {64, 64}));
    };
    add("a.png");
    add("b.png");
    QVERIFY(button("Go on") == nullptr);
    add("c.png");
    QVERIFY(waitUntil([&] { return button("Go on") != nullptr; }));
    QVERIFY(button("New session") == nullptr);  // there is nothing to leave behind
    QTest::mouseClick(button("Remove the last image"), Qt::LeftButton);
    QCOMPARE(desk_->attachments().entries().size(), std::size_t{2});
    QVERIFY(button("Go on") == nullptr);
    add("c.png");
    QVERIFY(waitUntil([&] { return button("Go on") != nullptr; }));
    QTest::mouseClick(button("Go on"), Qt::LeftButton);
    QVERIFY(button("Go on") == nullptr);
    add("d.png");
    QVERIFY(button("Go on") == nullptr);
  }

  void aThirdImageOfALaterQuestionCanBeginANewSession() {
    for (const char* name : {"a.png", "b.png"}) {
      desk_->attachments().addFile(writePicture(*folder_, name, {64, 64}));
    }
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    ask("Two of them");
    desk_->attachments().addFile(writePicture(*folder_, "c.png", {64, 64}));
    QVERIFY(waitUntil([&] { return button("New session") != nullptr; }));
    QTest::mouseClick(button("New session"), Qt::LeftButton);
    QCOMPARE(desk_->controller().conversation().rowCount(), 0);
    QCOMPARE(desk_->attachments().entries().size(), std::size_t{1});
    QVERIFY(button("Go on") == nullptr);
  }

 private:
  static QString words(int count) { return QString("word ").repeated(count).trimmed(); }

  void open() {
    const QString data = folder_->filePath("data");
    desk_ = std::make_unique<Desk>(openStore(data),
                                   Desk::Setup{data.toStdString(), {}, scriptedBackend(director_)});
    desk_->begin(std::filesystem::path(VL_SOURCE_DIR) / "resources/models/starter", {});
    desk_->window().resize(1000, 800);
    desk_->window().show();
    QVERIFY(waitUntil([&] { return !bar().text().isEmpty(); }));
  }

  void ask(const QString& text) {
    const std::size_t before = director_->requests().size();
    composer().setText(text);
    QTest::keyClick(&composer().edit(), Qt::Key_Return);
    QVERIFY(waitUntil([&] {
      return director_->requests().size() > before && !desk_->controller().isAnswering();
    }));
  }

  Composer& composer() { return desk_->window().chat().composer(); }
  BudgetBar& bar() { return *desk_->window().findChild<BudgetBar*>(); }
  ContextDivider& divider() { return *desk_->window().findChild<ContextDivider*>(); }

  bool notice(const QString& begin) {
    const auto notices = desk_->window().chat().findChildren<NoticeBar*>();
    return std::any_of(notices.begin(), notices.end(), [&](const NoticeBar* shown) {
      return shown->isVisible() && shown->text().startsWith(begin);
    });
  }

  QString visibleNotice() {
    for (const NoticeBar* shown : desk_->window().chat().findChildren<NoticeBar*>()) {
      if (shown->isVisible()) return shown->text();
    }
    return {};
  }

  QPushButton* button(const QString& text) {
    for (QPushButton* button : desk_->window().chat().findChildren<QPushButton*>()) {
      if (button->isVisible() && button->text() == text) return button;
    }
    return nullptr;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<ContextChoicesTest> kContextChoicesTest;

}  // namespace vl::test

#include "context_choices_test.moc"
