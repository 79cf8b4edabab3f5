#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <vector>

#include "storage/session_store.h"
#include "ui/canvas/image_loader.h"
#include "ui/chat/chat_controller.h"
#include "ui/chat/draft_keeper.h"
#include "ui/composer/attachment_list.h"
#include "ui/composer/image_importer.h"
#include "ui/documents/document_desk.h"
#include "ui/engine/engine_thread.h"
#include "ui/engine/model_loader.h"
#include "ui/history/history_searcher.h"
#include "ui/history/session_transfer.h"
#include "ui/models/model_dialog.h"
#include "ui/models/model_downloads.h"
#include "ui/models/model_library.h"
#include "ui/models/model_work.h"
#include "ui/window/job_notifier.h"
#include "ui/window/main_window.h"
#include "ui/window/recent_files.h"
#include "ui/window/window_memory.h"

namespace vl {

/// Key of the settings file: how many threads the model is loaded with, which the session that is
/// shown says; 0 or none: all there are.
inline constexpr const char* kThreadsSetting = "engine/threads";

/// Everything one window needs, in the order in which it has to be made and to go.
class Desk final : public QObject {
  Q_OBJECT
 public:
  struct Setup {
    std::filesystem::path dataFolder;
    std::vector<QString> samples;  // files
    ModelLoader::Backend backend;
    ModelPlaces models = {};
    std::filesystem::path settingsFile = {};  // none: in the data folder
  };

  Desk(OpenedStore opened, Setup setup);

  MainWindow& window() { return window_; }
  ChatController& controller() { return controller_; }
  ModelLoader& model() { return model_; }
  AttachmentList& attachments() { return attachments_; }
  ModelLibrary& library() { return library_; }
  ModelDialog& models() { return models_; }
  DocumentDesk& documents() { return documents_; }
  RecentFiles& recentFiles() { return recent_; }
  JobNotifier& notifier() { return notifier_; }

  /// Loads the model (an empty folder: none was found) and shows a new session with the files, or,
  /// without files, the session used last.
  /// `modelGiven`: whatever model the session was asked with.
  void begin(const std::filesystem::path& model, const QStringList& files, bool modelGiven = false);
  /// Another start of the app wants the window, with these files.
  void take(const QStringList& files);

 private:
  void keepPromptLanguage();
  void loadModel(const std::filesystem::path& folder);
  void loadModelOfSession();
  /// Notes the threads of the session that is shown. true: the model runs on others.
  bool takeThreads();
  void changeSettings();
  void tellOfLongJobs();

  QSettings settings_;
  SessionStore store_;
  EngineThread engine_;
  ModelLoader model_;
  ImageLoader loader_;
  ImageImporter importer_;
  AttachmentList attachments_;
  ChatController controller_;
  HistorySearcher searcher_;
  SessionTransfer transfer_;
  ModelLibrary library_;
  ModelWork modelWork_;
  ModelDownloads downloads_;
  MainWindow window_;
  DraftKeeper drafts_;
  ModelDialog& models_;  // the window's
  DocumentDesk documents_;
  WindowMemory memory_;
  RecentFiles recent_;
  JobNotifier notifier_;
  QElapsedTimer answering_;  // since the turn that is running began
};

}  // namespace vl
