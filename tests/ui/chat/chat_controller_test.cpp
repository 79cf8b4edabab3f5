#include "ui/chat/chat_controller.h"

#include <QSignalSpy>
#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {

class ChatControllerTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    open();
  }

  void cleanup() { close(); }

  void aQuestionMakesASessionAndItsAnswerIsKept() {
    QVERIFY(controller_->ask("<|grounding|>Describe this.", {image()}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    const StoredSession stored = reload();
    QCOMPARE(stored.session.settings.title, "Describe this.");
    QCOMPARE(stored.messages.size(), std::size_t{2});
    QCOMPARE(stored.messages[0].attachments.size(), std::size_t{1});
    QCOMPARE(stored.messages[1].state, MessageState::Complete);
    QCOMPARE(stored.messages[1].boxes.size(), std::size_t{1});
    QCOMPARE(stored.messages[1].boxes[0].label, "dog");
    QVERIFY(stored.messages[1].summary);
  }

  void theWholeConversationIsSentWithRawAnswers() {
    ask("First");
    ask("Second");
    const GenerateRequest request = director_->requests().back();
    QCOMPARE(request.conversation.size(), std::size_t{3});
    QCOMPARE(request.conversation[1].role, ChatRole::Assistant);
    const auto& raw = std::get<std::string>(request.conversation[1].parts.back());
    QVERIFY(raw.find("<|det|>") != std::string::npos);
  }

  void anAnswerIsSavedWhileItIsWritten() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {image()}));
    SessionStore other = std::move(openStore(folder_->filePath("data")).store);
    const SessionId session = *controller_->shownSession();
    QVERIFY(waitUntil([&] {
      const Result<StoredSession> read = other.loadSession(session);
      return read && read->messages.size() == 2 && read->messages[1].boxes.size() == 1 &&
             read->messages[1].raw.starts_with("Partial");
    }));
    QCOMPARE((*other.loadSession(session)).messages[1].state, MessageState::Streaming);
    controller_->stop();
  }

  void stopKeepsWhatWasWritten() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {}));
    QVERIFY(waitUntil([&] { return lastItem().message.boxes.size() == 1; }));
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(lastItem().message.state, MessageState::Stopped);
    QVERIFY(lastItem().message.raw.starts_with("Partial"));
    QCOMPARE(reload().messages[1].state, MessageState::Stopped);
  }

  void aStopBeforeTheEngineBeganIsNotLost() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {}));
    controller_->stop();  // the engine thread may not even have seen it
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(lastItem().message.state, MessageState::Stopped);
  }

  void anAnswerThatWaitsForAnotherOneIsStoppedAtOnce() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("This takes long", {}));
    const SessionId first = *controller_->shownSession();
    QVERIFY(waitUntil([&] { return lastItem().message.boxes.size() == 1; }));
    controller_->newSession();
    QVERIFY(controller_->ask("This waits", {}));
    controller_->stop();
    QVERIFY(!controller_->isAnswering());
    QCOMPARE(lastItem().message.state, MessageState::Stopped);
    QCOMPARE(reload().messages[1].state, MessageState::Stopped);
    controller_->openSession(first);
    QVERIFY(controller_->isAnswering());
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(director_->requests().size(), std::size_t{1});
  }

  void aFailedQuestionStaysAndCanBeAskedAgain() {
    director_->setScript([](const auto&, const auto&, const auto&) -> Result<GenerateSummary> {
      return Error{ErrorCode::ContextFull, "The question is too long."};
    });
    ask("Too long");
    QCOMPARE(lastItem().message.state, MessageState::Failed);
    QCOMPARE(lastItem().message.error, "The question is too long.");
    director_->setScript(describeWithBox);
    controller_->answerAgain(lastItem().message.id);
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(controller_->conversation().rowCount(), 2);
    QCOMPARE(lastItem().message.state, MessageState::Complete);
    QCOMPARE(reload().messages.size(), std::size_t{2});
  }

  void aQuestionCanBeTakenBackWithItsImages() {
    ask("First");
    QVERIFY(controller_->ask("Second", {image()}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    const std::optional<QuestionDraft> taken = controller_->takeBackQuestion();
    QVERIFY(taken);
    QCOMPARE(taken->text, "Second");
    QCOMPARE(taken->images.size(), std::size_t{1});
    QCOMPARE(controller_->conversation().rowCount(), 2);
    QCOMPARE(controller_->images().size(), std::size_t{0});
    QCOMPARE(reload().messages.size(), std::size_t{2});
  }

  void anAnswerGoesOnWhileAnotherSessionIsShown() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Long", {}));
    const SessionId first = *controller_->shownSession();
    controller_->newSession();
    QVERIFY(!controller_->isAnswering());
    QTest::qWait(100);  // text arrives meanwhile
    QCOMPARE(controller_->conversation().rowCount(), 0);
    controller_->openSession(first);
    QVERIFY(controller_->isAnswering());
    QVERIFY(waitUntil([&] { return lastItem().message.raw.starts_with("Partial"); }));
    QCOMPARE(lastItem().message.boxes.size(), std::size_t{1});
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
  }

  void aSessionCanBeDeletedWhileItsAnswerIsWritten() {
    director_->setScript(writeUntilStopped);
    QSignalSpy problem(controller_.get(), &ChatController::problem);
    QVERIFY(controller_->ask("Go on", {}));
    controller_->deleteSession(*controller_->shownSession());
    QVERIFY(!controller_->shownSession());
    QCOMPARE(controller_->sessions().rowCount(), 0);
    QTest::qWait(600);  // longer than saving waits
    QCOMPARE(problem.count(), 0);
  }

  void sessionsCanBeRenamedAndTheLastUsedComesFirst() {
    ask("First");
    const SessionId first = *controller_->shownSession();
    controller_->newSession();
    ask("Second");
    QCOMPARE(controller_->sessions().at(0).settings.title, "Second");
    controller_->sessions().setData(controller_->sessions().index(1), "  Other\nname ",
                                    Qt::EditRole);
    QCOMPARE(controller_->sessions().at(1).settings.title, "Other name");
    QCOMPARE(controller_->sessions().at(1).id, first);
  }

  void whatIsBeingWrittenIsSavedWhenTheProgramEnds() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {image()}));
    QVERIFY(waitUntil([&] { return lastItem().message.boxes.size() == 1; }));
    controller_->finish();
    close();
    open();
    controller_->openLatest();
    QCOMPARE(lastItem().message.state, MessageState::Stopped);
    QVERIFY(lastItem().message.raw.starts_with("Partial"));
    QCOMPARE(lastItem().message.boxes.size(), std::size_t{1});
    QVERIFY(!lastItem().isRunning());
  }

  void aMissingImageDoesNotKeepTheSessionFromOpening() {
    QVERIFY(controller_->ask("What is it?", {image()}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    const std::filesystem::path file = controller_->images()[0].path;
    close();
    std::filesystem::remove(file);
    open();
    controller_->openLatest();
    QCOMPARE(controller_->images().size(), std::size_t{1});
    QVERIFY(controller_->images()[0].path.empty());
    QSignalSpy problem(controller_.get(), &ChatController::problem);
    QVERIFY(!controller_->ask("And now?", {}));
    QCOMPARE(problem.count(), 1);
  }

  void boxesOfAShorterContextBelongToTheImagesOfTheSession() {
    QVERIFY(controller_->ask("First", {image()}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    controller_->leaveOutOldest(1);
    QCOMPARE(controller_->promptTurns().size(), std::size_t{0});
    QCOMPARE(controller_->promptImages(), std::size_t{0});
    QVERIFY(controller_->ask("Second", {image()}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(director_->requests().back().conversation.size(), std::size_t{1});
    QCOMPARE(lastItem().message.boxes[0].image, std::size_t{1});
    QCOMPARE(reload().messages[3].boxes[0].image, std::size_t{1});
    QCOMPARE(controller_->promptImages(), std::size_t{1});
    QVERIFY(controller_->conversation().at(2).beginsContext);

    ask("Third");
    QCOMPARE(director_->requests().back().conversation.size(), std::size_t{3});
    QCOMPARE(lastItem().message.boxes[0].image, std::size_t{1});
    controller_->readEverything();
    ask("Fourth");
    QCOMPARE(director_->requests().back().conversation.size(), std::size_t{7});
    QCOMPARE(lastItem().message.boxes[0].image, std::size_t{0});
  }

  void aQuestionThatCannotBeStoredLeavesNoSessionBehind() {
    AnswerSettings settings;
    settings.sampling.topK = 7;
    controller_->setAnswerSettings(settings, "Be brief.");
    QSignalSpy problems(controller_.get(), &ChatController::problem);
    QSignalSpy shown(controller_.get(), &ChatController::sessionShown);
    breakHistory("INSERT ON messages");
    QVERIFY(!controller_->ask("Too much for the disk", {}));
    QCOMPARE(problems.size(), 1);
    QVERIFY(!controller_->shownSession());
    QCOMPARE(controller_->sessions().rowCount(), 0);
    mendHistory();
    QVERIFY(controller_->ask("Now it fits", {}));
    QCOMPARE(shown.size(), 1);
    QCOMPARE(controller_->sessions().rowCount(), 1);
    QCOMPARE(store_->answerSettings(*controller_->shownSession())->sampling.topK, std::size_t{7});
  }

  void aSessionWhoseSettingsCannotBeStoredIsNotBegun() {
    controller_->setAnswerSettings({}, {});
    breakHistory("INSERT ON answer_settings");
    QVERIFY(!controller_->ask("Too much for the disk", {}));
    QVERIFY(!controller_->shownSession());
    QVERIFY(store_->listSessions()->empty());
  }

  void aReadTextThatCannotBeStoredLeavesNoSessionBehind() {
    breakHistory("UPDATE OF state ON messages");
    controller_->addSession("Report", "Read it", "Text");
    QVERIFY(store_->listSessions()->empty());
  }

  void aSessionThatCannotBeDeletedKeepsItsAnswer() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {}));
    QVERIFY(waitUntil([&] { return lastItem().message.boxes.size() == 1; }));
    breakHistory("DELETE ON sessions");
    controller_->deleteSession(*controller_->shownSession());
    QVERIFY(controller_->isAnswering());
    mendHistory();
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(reload().messages[1].state, MessageState::Stopped);
    QVERIFY(reload().messages[1].raw.starts_with("Partial"));
  }

  void anEarlierAnswerGivenAgainTakesTheImagesOfWhatFollowedAlong() {
    ask("First");
    const MessageId answer = lastItem().message.id;
    QVERIFY(controller_->ask("Second", {image()}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QSignalSpy images(controller_.get(), &ChatController::imagesChanged);
    controller_->answerAgain(answer);
    QVERIFY(controller_->images().empty());
    QCOMPARE(images.size(), 1);
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
  }

  void anAnswerWhoseBoxesAreOnAnImageThatIsGoneCanBeContinued() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {image()}));
    const MessageId answer = lastItem().message.id;
    QVERIFY(waitUntil([&] { return lastItem().message.boxes.size() == 1; }));
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QVERIFY(store_->placeBoxes(answer, 1'000'000));  // as a damaged or imported history has it
    const SessionId session = *controller_->shownSession();
    controller_->newSession();
    controller_->openSession(session);
    controller_->continueAnswer();
    QVERIFY(controller_->isAnswering());
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
  }

  void anAnswerGivenAgainAfterAllWasLeftOutReadsItsQuestion() {
    ask("First");
    ask("Second");
    controller_->leaveOutOldest(2);  // the next question is to be read alone
    QVERIFY(controller_->promptTurns().empty());
    controller_->answerAgain(lastItem().message.id);
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    const std::vector<ChatMessage> read = director_->requests().back().conversation;
    QCOMPARE(read.size(), std::size_t{1});
    QCOMPARE(std::get<std::string>(read[0].parts.back()), std::string("Second"));
  }

  void anAnswerContinuedAfterAllWasLeftOutReadsItsQuestion() {
    director_->setScript(writeUntilStopped);
    QVERIFY(controller_->ask("Go on", {}));
    QVERIFY(waitUntil([&] { return lastItem().message.boxes.size() == 1; }));
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    controller_->leaveOutOldest(1);
    controller_->continueAnswer();
    QVERIFY(waitUntil([&] { return director_->requests().size() == 2; }));
    QCOMPARE(director_->requests().back().conversation.size(), std::size_t{2});
    controller_->stop();
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
  }

  void anEditBeforeTheFirstMessageThatIsReadIsMeasuredAsItWillBeRead() {
    ask("First");
    ask("Second");
    const MessageId second = *controller_->lastQuestion();
    ask("Third");
    controller_->leaveOutOldest(2);
    QCOMPARE(controller_->promptTurns().size(), std::size_t{2});
    QCOMPARE(controller_->promptTurns(second).size(), std::size_t{2});
    QVERIFY(controller_->ask("Instead of the second", {}, second));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
    QCOMPARE(director_->requests().back().conversation.size(), std::size_t{3});
  }

  void takingBackTheFirstQuestionThatIsReadLiftsTheLimit() {
    ask("First");
    controller_->leaveOutOldest(1);
    ask("Second");
    QVERIFY(controller_->takeBackQuestion());
    QCOMPARE(controller_->context(), SessionContext{});
    QCOMPARE(controller_->promptTurns().size(), std::size_t{2});
    QCOMPARE(reload().session.context, SessionContext{});
  }

 private:
  void open() {
    store_.emplace(std::move(openStore(folder_->filePath("data")).store));
    engine_ = std::make_unique<EngineThread>();
    engine_->load(scripted(director_));
    controller_ = std::make_unique<ChatController>(*store_, *engine_);
  }

  void close() {
    controller_.reset();
    engine_.reset();
    store_.reset();
  }

  void ask(const QString& text) {
    QVERIFY(controller_->ask(text, {}));
    QVERIFY(waitUntil([&] { return !controller_->isAnswering(); }));
  }

  Attachment image() {
    const QString path = writePicture(*folder_, "picture.png", {400, 300});
    Result<ImageRecord> record = store_->importImage(path.toStdString(), {400, 300});
    return {*record, "picture.png"};
  }

  /// From now on the history refuses this, as when the disk is full.
  void breakHistory(const char* what) {
    execute(std::string("CREATE TRIGGER broken BEFORE ") + what +
            " BEGIN SELECT RAISE(ABORT, 'no space'); END");
  }
  void mendHistory() { execute("DROP TRIGGER broken"); }
  void execute(const std::string& sql) {
    const std::filesystem::path file = historyDatabasePath(folder_->filePath("data").toStdString());
    Result<Database> database = Database::open(file);
    QVERIFY(database && database->execute(sql));
  }

  const ConversationItem& lastItem() { return controller_->conversation().items().back(); }
  StoredSession reload() { return *store_->loadSession(*controller_->shownSession()); }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::optional<SessionStore> store_;
  std::unique_ptr<EngineThread> engine_;
  std::unique_ptr<ChatController> controller_;
};

static const Registered<ChatControllerTest> kChatControllerTest;

}  // namespace vl::test

#include "chat_controller_test.moc"
