#include "ui/history/session_organizer.h"

#include <algorithm>
#include <utility>

#include "ui/history/session_list_model.h"
#include "ui/widgets/succeeded.h"

namespace vl {

SessionOrganizer::SessionOrganizer(SessionStore& store, SessionListModel& sessions, QObject* parent)
    : QObject(parent), store_(store), sessions_(sessions) {}

void SessionOrganizer::reload() {
  Result<std::vector<FolderRecord>> folders = store_.listFolders();
  Result<std::vector<SessionRecord>> sessions = store_.listSessions();
  if (succeeded(*this, folders) && succeeded(*this, sessions)) {
    sessions_.setFolders(std::move(*folders));
    sessions_.setSessions(std::move(*sessions));
  }
}

void SessionOrganizer::pin(SessionId session, bool pinned) {
  if (succeeded(*this, store_.pinSession(session, pinned))) reload();
}

void SessionOrganizer::move(SessionId session, std::optional<FolderId> folder) {
  if (succeeded(*this, store_.moveSession(session, folder))) reload();
}

std::optional<FolderId> SessionOrganizer::createFolder() {
  const std::vector<FolderRecord>& folders = sessions_.folders();
  QString name = tr("New folder");
  const auto taken = [&folders](const QString& wanted) {
    return std::any_of(folders.begin(), folders.end(), [&](const FolderRecord& folder) {
      return folder.name == wanted.toStdString();
    });
  };
  for (int number = 2; taken(name); ++number) name = tr("New folder %1").arg(number);
  const Result<FolderRecord> created = store_.createFolder(name.toStdString());
  if (!succeeded(*this, created)) return std::nullopt;
  reload();
  return created->id;
}

void SessionOrganizer::renameFolder(FolderId folder, const QString& name) {
  if (succeeded(*this, store_.renameFolder(folder, name.toStdString()))) reload();
}

void SessionOrganizer::removeFolder(FolderId folder) {
  if (succeeded(*this, store_.removeFolder(folder))) reload();
}

}  // namespace vl
