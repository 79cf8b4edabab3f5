#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/composer.h"

namespace vl::test {

/// What is being written when something else comes first.
class DraftsTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript([](const auto&, const GenerateCallbacks& on, const auto&) {
      on.text("Yes.");
      return Result<GenerateSummary>(summaryOf("Yes."));
    });
    restart();
  }

  void cleanup() { desk_.reset(); }

  void aHalfWrittenQuestionSurvivesARestartWithItsImages() {
    attach("first.png");
    attach("second.png");
    composer().setText("What do these");
    restart();
    QCOMPARE(composer().text(), "What do these");
    QCOMPARE(names(), QStringList({"first.png", "second.png"}));
    composer().clear();
    restart();
    QCOMPARE(composer().text(), "");
    QVERIFY(desk_->attachments().isEmpty());
  }

  void aDraftIsOnTheDiskAMomentAfterTheLastKey() {
    composer().setText("Before the power failed");
    QVERIFY(waitUntil([&] { return stored(std::nullopt).text == "Before the power failed"; }));
  }

  void everySessionHasItsOwn() {
    ask("One?");
    const SessionId one = *desk_->controller().shownSession();
    composer().setText("More about one");
    desk_->controller().newSession();
    QCOMPARE(composer().text(), "");
    composer().setText("Something new");
    attach("new.png");
    desk_->controller().openSession(one);
    QCOMPARE(composer().text(), "More about one");
    QVERIFY(desk_->attachments().isEmpty());
    desk_->controller().newSession();
    QCOMPARE(composer().text(), "Something new");
    QCOMPARE(names(), QStringList({"new.png"}));
  }

  void whatWasAskedIsNoDraftAnyMore() {
    composer().setText("One?");
    QVERIFY(waitUntil([&] { return !stored(std::nullopt).isEmpty(); }));
    ask("One?");
    const SessionId one = *desk_->controller().shownSession();
    restart();
    QCOMPARE(desk_->controller().shownSession(), std::optional(one));
    QCOMPARE(composer().text(), "");
    QVERIFY(stored(std::nullopt).isEmpty());
  }

  void whatCannotBeSavedIsNotLostWhenAnotherSessionIsShown() {
    ask("One?");
    const SessionId one = *desk_->controller().shownSession();
    execute(
        "CREATE TRIGGER broken BEFORE INSERT ON drafts"
        " BEGIN SELECT RAISE(ABORT, 'no space'); END");
    composer().setText("A long thought");
    desk_->controller().newSession();
    QCOMPARE(composer().text(), "");
    execute("DROP TRIGGER broken");
    desk_->controller().openSession(one);
    QCOMPARE(composer().text(), "A long thought");
    QVERIFY(waitUntil([&] { return stored(one).text == "A long thought"; }));
  }

  void aDraftThatCannotBeReadIsNotThatOfAnotherSession() {
    ask("One?");
    const SessionId one = *desk_->controller().shownSession();
    composer().setText("About one");
    desk_->controller().newSession();
    composer().setText("Something new");
    execute("ALTER TABLE drafts RENAME COLUMN text TO words");
    desk_->controller().openSession(one);
    QCOMPARE(composer().text(), "");
    execute("ALTER TABLE drafts RENAME COLUMN words TO text");
    QCOMPARE(stored(one).text, "About one");
  }

  void aQuestionThatIsTakenBackBringsItsImagesBesideThoseOfTheNextOne() {
    attach("first.png");
    director_->setScript([](const auto&, const auto&, const auto&) -> Result<GenerateSummary> {
      return Error{ErrorCode::Internal, "It did not work."};
    });
    ask("One?");
    attach("second.png");
    composer().setText("Two?");
    auto& conversation = desk_->window().chat().conversation();
    emit conversation.takeBackWanted();
    QCOMPARE(composer().text(), "One?\nTwo?");
    QCOMPARE(names(), QStringList({"first.png", "second.png"}));
  }

  void anImageOfADraftIsNotTidiedAway() {
    attach("kept.png");
    restart();
    restart();
    QCOMPARE(names(), QStringList({"kept.png"}));
    ask("What is it?");
    QCOMPARE(desk_->controller().images().size(), std::size_t{1});
  }

 private:
  void execute(const std::string& sql) {
    const std::string folder = folder_->filePath("data").toStdString();
    Result<Database> database = Database::open(historyDatabasePath(folder));
    QVERIFY(database && database->execute(sql));
  }
  void restart() {
    desk_.reset();
    desk_ = openDesk(folder_->filePath("data"), director_);
  }
  Composer& composer() { return desk_->window().chat().composer(); }
  void attach(const QString& name) {
    desk_->attachments().addFile(writePicture(*folder_, name));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
  }
  QStringList names() {
    QStringList names;
    for (const AttachmentList::Entry& entry : desk_->attachments().entries()) names << entry.name;
    return names;
  }
  Draft stored(std::optional<SessionId> session) {
    OpenedStore opened = openStore(folder_->filePath("data"));
    Result<Draft> draft = opened.store.loadDraft(session);
    return draft ? *draft : Draft{"unreadable", {}};
  }
  void ask(const QString& question) {
    composer().setText(question);
    emit composer().asked();
    QVERIFY(waitUntil(
        [&] { return desk_->controller().shownSession() && !desk_->controller().isAnswering(); }));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<DraftsTest> kDraftsTest;

}  // namespace vl::test

#include "drafts_test.moc"
