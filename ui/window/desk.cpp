#include "ui/window/desk.h"

#include <QLocale>
#include <utility>

#include "inference/weights/model_folders.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/task_row.h"
#include "ui/history/search_results_model.h"
#include "ui/settings/session_settings_dialog.h"

namespace vl {
namespace {

constexpr const char* kSessionKey = "window/session";
constexpr const char* kModelKey = "models/last";

QString settingsFile(const Desk::Setup& setup) {
  const std::filesystem::path& file = setup.settingsFile;
  return QString::fromStdString((file.empty() ? setup.dataFolder / "desk.ini" : file).string());
}

}  // namespace

Desk::Desk(OpenedStore opened, Setup setup)
    : settings_(settingsFile(setup), QSettings::IniFormat),
      store_(std::move(opened.store)),
      model_(engine_, std::move(setup.backend)),
      importer_(setup.dataFolder, loader_),
      attachments_(importer_),
      controller_(store_, engine_),
      searcher_(setup.dataFolder),
      transfer_(setup.dataFolder),
      library_(std::move(setup.models), settings_),
      downloads_(library_.places().own),
      window_(controller_, model_, attachments_, loader_, searcher_, transfer_, setup.samples),
      drafts_(store_, controller_, window_.chat()),
      models_(*new ModelDialog(library_, model_, modelWork_, downloads_, &window_)),
      documents_(setup.dataFolder, {attachments_, model_, engine_, controller_}, window_),
      memory_(window_, settings_),
      recent_(window_.recentMenu(), settings_),
      notifier_(window_) {
  connect(&window_, &MainWindow::filesOpened, &recent_, &RecentFiles::add);
  connect(&recent_, &RecentFiles::picked, this,
          [this](const QString& file) { window_.attachFiles({file}); });
  connect(&controller_, &ChatController::sessionShown, this, [this] {
    const std::optional<SessionId> shown = controller_.shownSession();
    settings_.setValue(kSessionKey, shown ? static_cast<qint64>(*shown) : 0);
  });
  tellOfLongJobs();
  connect(&window_, &MainWindow::documentsWanted, &documents_, &DocumentDesk::showReadings);
  connect(&window_, &MainWindow::documentHitOpened, this, [this](const SearchHit& hit) {
    documents_.showPage(*hit.reading, hit.page, emphasisedText(hit.snippet).words());
  });
  connect(&window_, &MainWindow::modelsWanted, &models_, &ModelDialog::open);
  connect(&window_, &MainWindow::modelFolderWanted, &models_, &ModelDialog::chooseFolder);
  connect(&models_, &ModelDialog::modelChosen, this,
          [this](const QString& folder) { loadModel(folder.toStdString()); });
  connect(&window_, &MainWindow::settingsWanted, this, &Desk::changeSettings);
  connect(&controller_, &ChatController::sessionShown, this, &Desk::loadModelOfSession);
  keepPromptLanguage();
  if (opened.setAside) {
    window_.showProblem(tr("The history could not be read and was set aside as %1. %2")
                            .arg(QString::fromStdString(opened.setAside->file.string()),
                                 QString::fromStdString(opened.setAside->reason)));
  }
}

/// As last chosen; at first that of the window.
void Desk::keepPromptLanguage() {
  static const QString kKey = "composer/promptsInChinese";
  TaskRow& tasks = window_.chat().composer().tasks();
  const bool chinese = settings_.value(kKey, QLocale().language() == QLocale::Chinese).toBool();
  tasks.setLanguage(chinese ? PromptLanguage::Chinese : PromptLanguage::English);
  connect(&tasks, &TaskRow::languageChanged, this, [this](PromptLanguage language) {
    settings_.setValue(kKey, language == PromptLanguage::Chinese);
  });
}

void Desk::begin(const std::filesystem::path& model, const QStringList& files, bool modelGiven) {
  if (files.isEmpty() && !drafts_.hasNewQuestion()) {
    const SessionId last{settings_.value(kSessionKey).toLongLong()};
    if (controller_.sessions().rowOf(last)) {
      controller_.openSession(last);
    } else {
      controller_.openLatest();
    }
  }
  window_.attachFiles(files);
  const bool loading = model_.state() != ModelLoader::State::NoModel;  // that of the session
  takeThreads();
  const std::filesystem::path last = settings_.value(kModelKey).toString().toStdString();
  const std::filesystem::path& first = !modelGiven && isModelFolder(last) ? last : model;
  if (!first.empty() && (modelGiven || !loading)) loadModel(first);
}

void Desk::take(const QStringList& files) {
  window_.attachFiles(files);
  window_.setWindowState(window_.windowState() & ~Qt::WindowMinimized);
  window_.raise();
  window_.activateWindow();
}

void Desk::tellOfLongJobs() {
  connect(&engine_, &EngineThread::turnStarted, this, [this] { answering_.start(); });
  connect(&engine_, &EngineThread::finished, this,
          [this](quint64, const Result<GenerateSummary>& outcome) {
            if (!answering_.hasExpired(JobNotifier::kLongMs)) return;
            notifier_.say(outcome ? tr("The answer is written.")
                                  : QString::fromStdString(outcome.error().what));
          });
  connect(&modelWork_, &ModelWork::ended, this, [this](const QString& problem) {
    notifier_.say(problem.isEmpty() ? tr("%1: done").arg(modelWork_.text()) : problem);
  });
  connect(&downloads_, &ModelDownloads::ended, this, [this](const ModelDownload* download) {
    const QString& problem = download->problem();
    const QString& title = download->manifest().title;
    notifier_.say(problem.isEmpty() ? tr("%1 is downloaded.").arg(title) : problem);
  });
}

bool Desk::takeThreads() {
  const quint64 threads = controller_.answerSettings().threads;
  if (settings_.value(kThreadsSetting).toULongLong() == threads) return false;
  settings_.setValue(kThreadsSetting, threads);
  return model_.state() == ModelLoader::State::Ready ||
         model_.state() == ModelLoader::State::Loading;
}

void Desk::loadModelOfSession() {
  const bool again = takeThreads();
  const auto& shown = controller_.shownSession();
  const auto row = shown ? controller_.sessions().rowOf(*shown) : std::nullopt;
  const std::filesystem::path folder =
      row ? controller_.sessions().at(*row).settings.modelFolder : std::string();
  if (!folder.empty() && isModelFolder(folder) && !isSameFolder(folder, model_.folder())) {
    loadModel(folder);
  } else if (again) {
    model_.loadAgain(true);
  }
}

void Desk::changeSettings() {
  SessionSettingsDialog dialog({controller_.answerSettings(), controller_.systemPrompt()},
                               controller_.lastSeed(), &window_);
  if (dialog.exec() != QDialog::Accepted) return;
  const SessionSettingsDialog::Values values = dialog.values();
  controller_.setAnswerSettings(values.answers, values.systemPrompt);
  if (takeThreads()) model_.loadAgain(true);
}

void Desk::loadModel(const std::filesystem::path& folder) {
  model_.load(folder);
  controller_.setModel(folder, model_.name());
  settings_.setValue(kModelKey, QString::fromStdString(folder.string()));
}

}  // namespace vl
