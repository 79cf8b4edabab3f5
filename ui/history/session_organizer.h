#pragma once

#include <QObject>
#include <QString>
#include <optional>

#include "storage/session_store.h"

namespace vl {

class SessionListModel;

/// Pins sessions and sorts them into folders: carries out what the list model is asked for, and
/// shows in it what has become of that. GUI thread.
class SessionOrganizer final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive the organizer.
  SessionOrganizer(SessionStore& store, SessionListModel& sessions, QObject* parent = nullptr);

  /// Reads sessions and folders anew.
  void reload();
  void pin(SessionId session, bool pinned);
  void move(SessionId session, std::optional<FolderId> folder);
  /// A folder with a name that is still free; none when it cannot be written.
  std::optional<FolderId> createFolder();
  void renameFolder(FolderId folder, const QString& name);
  /// Its sessions stay.
  void removeFolder(FolderId folder);

 signals:
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  SessionStore& store_;
  SessionListModel& sessions_;
};

}  // namespace vl
