#pragma once

#include <QObject>
#include <QString>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inference/engine/request.h"
#include "storage/session_store.h"
#include "ui/chat/conversation_model.h"
#include "ui/composer/prompt_meter.h"

namespace vl {

class AnswerRecorder;

/// An image of the session that is shown.
struct SessionImage {
  Attachment attachment;
  std::filesystem::path path;  // empty: the file is missing
};

/// A question that is to be changed.
struct QuestionDraft {
  QString text;
  std::vector<SessionImage> images;
};

/// The session that the window shows, which may be a new one that the history does not have yet:
/// its messages, what of them the model reads, and how its answers are made. GUI thread.
class ShownSession final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive it.
  ShownSession(SessionStore& store, const AnswerRecorder& recorder, QObject* parent = nullptr);

  /// None: a new session.
  std::optional<SessionId> id() const { return id_; }
  ConversationModel& conversation() { return conversation_; }
  const ConversationModel& conversation() const { return conversation_; }
  /// All images, in the order the model counts them.
  std::vector<SessionImage> images() const;
  std::optional<QuestionDraft> draftOf(MessageId question) const;
  std::optional<MessageId> lastQuestion() const;
  /// Of the last answer that has one: with it and the same settings it comes out the same.
  std::optional<std::uint64_t> lastSeed() const;

  // What the model reads.

  const SessionContext& context() const { return context_; }
  /// Before the next question, or before one that is being edited.
  std::vector<MeteredTurn> promptTurns(std::optional<MessageId> end = std::nullopt) const;
  /// How many images that has.
  std::size_t promptImages(std::optional<MessageId> end = std::nullopt) const;
  /// Everything it reads, for the next answer.
  GenerateRequest request() const;
  /// Of the images it reads, the name of one whose file is gone.
  std::optional<QString> missingImage() const;
  /// The model no longer reads the oldest `turns` questions, of those it does, and their answers.
  void leaveOutOldest(std::size_t turns);
  void readEverything();
  void setTiling(bool tiling);

  // How answers are made from now on.

  const AnswerSettings& answerSettings() const { return answers_; }
  const std::string& systemPrompt() const { return systemPrompt_; }
  void setAnswerSettings(const AnswerSettings& settings, const std::string& systemPrompt);
  /// Whether a new session has got other settings than most.
  bool hasOwnAnswers() const { return ownAnswers_; }

  // For those who have changed the history: what it has now.

  void showNew();
  void show(StoredSession stored, const AnswerSettings& answers);
  /// The new session is in the history now.
  void becomeStored(SessionId session);
  void append(StoredMessage message);
  /// Another branch: other messages from this row on.
  void showFrom(int row, std::vector<StoredMessage> messages);
  /// Text and progress of an answer that is being written.
  void showProgress(MessageId answer);
  /// The model begins with this question, and the history notes that, where it was to begin with
  /// the next one or with the one whose place this takes.
  void beginContextWith(MessageId question, std::optional<MessageId> inPlaceOf);
  /// The message that the model began with may be gone; the history has noticed already.
  void forgetLostStart();

 signals:
  /// What the model reads or how it answers has changed, other than by a message.
  void contextChanged();
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  void setContext(const SessionContext& context);
  /// Row of the first message that the model reads.
  int contextRow() const;
  /// What the model reads, up to `end` where that is shown.
  std::span<const ConversationItem> contextItems(std::optional<MessageId> end = std::nullopt) const;
  ConversationItem itemOf(StoredMessage message, std::size_t firstImage) const;

  SessionStore& store_;
  const AnswerRecorder& recorder_;
  ConversationModel conversation_;
  std::optional<SessionId> id_;
  SessionContext context_;
  bool beginsWithNext_ = false;  // the model reads nothing before the next question
  AnswerSettings answers_;
  bool ownAnswers_ = false;
  std::string systemPrompt_;
};

}  // namespace vl
