#pragma once

#include <QObject>
#include <QString>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/session_store.h"

namespace vl {

class AnswerRecorder;
class SessionListModel;
class SessionOrganizer;

/// Puts sessions into the history and takes them out of it, whichever is shown; keeps the list of
/// sessions up to date. Each call says whether it went well, and `problem` why not; what cannot be
/// done as a whole is not done. GUI thread.
class SessionShelf final : public QObject {
  Q_OBJECT
 public:
  /// All outlive the shelf.
  SessionShelf(SessionStore& store, AnswerRecorder& recorder, SessionListModel& sessions,
               SessionOrganizer& organizer, QObject* parent = nullptr);

  /// The model that answers from now on; noted in new sessions, and in `shown`.
  void setModel(const std::filesystem::path& folder, const QString& name,
                std::optional<SessionId> shown);
  /// A session without messages. `answers`: none, those that most have.
  std::optional<SessionId> create(const QString& title, const std::string& systemPrompt,
                                  const std::optional<AnswerSettings>& answers,
                                  const SessionContext& context);
  /// A session of one question with its answer.
  std::optional<SessionId> add(const QString& title, const QString& question,
                               const QString& answer);
  void rename(SessionId session, const QString& title);
  /// Into the trash, from where it can be restored; its title.
  std::optional<QString> trash(SessionId session);
  bool restore(SessionId session);
  /// For good.
  bool remove(SessionId session);
  std::vector<SessionRecord> trashed();

 signals:
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  bool fill(SessionId session, const std::string& question, const std::string& answer);

  SessionStore& store_;
  AnswerRecorder& recorder_;
  SessionListModel& sessions_;
  SessionOrganizer& organizer_;
  std::string modelFolder_;
  std::string modelName_;
};

}  // namespace vl
