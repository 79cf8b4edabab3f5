#pragma once

#include <QObject>
#include <QTimer>
#include <map>
#include <optional>

#include "storage/session_store.h"
#include "ui/chat/chat_controller.h"
#include "ui/chat/chat_pane.h"

namespace vl {

/// Keeps what is being written in each session, also over a restart: saves it a moment after the
/// last change, and brings it back when its session is shown. What cannot be saved is kept until
/// the app ends, and tried again. GUI thread.
class DraftKeeper final : public QObject {
  Q_OBJECT
 public:
  /// All outlive the keeper.
  DraftKeeper(SessionStore& store, ChatController& controller, ChatPane& pane,
              QObject* parent = nullptr);
  ~DraftKeeper() override;

  /// Whether a question for a new session is being written.
  bool hasNewQuestion();

 private:
  void showDraft();
  void showStored();
  void save();

  SessionStore& store_;
  ChatController& controller_;
  ChatPane& pane_;
  QTimer quiet_;
  std::optional<SessionId> session_;                           // whose draft is in the composer
  std::map<std::optional<SessionId>, QuestionDraft> unsaved_;  // the disk was full, say
};

}  // namespace vl
