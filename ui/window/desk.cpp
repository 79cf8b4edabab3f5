#include "ui/window/desk.h"

#include <QLocale>
#include <system_error>
#include <utility>

#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/settings/session_settings_dialog.h"

namespace vl {
namespace {

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
      window_(controller_, model_, attachments_, loader_, searcher_, transfer_, setup.samples),
      drafts_(store_, controller_, window_.chat()),
      models_(*new ModelDialog(library_, model_, modelWork_, &window_)),
      documents_(setup.dataFolder, {attachments_, model_, engine_, controller_}, window_) {
  connect(&window_, &MainWindow::documentsWanted, &documents_, &DocumentDesk::showReadings);
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
  Composer& composer = window_.chat().composer();
  const bool chinese = settings_.value(kKey, QLocale().language() == QLocale::Chinese).toBool();
  composer.setPromptLanguage(chinese ? PromptLanguage::Chinese : PromptLanguage::English);
  connect(&composer, &Composer::promptLanguageChanged, this, [this](PromptLanguage language) {
    settings_.setValue(kKey, language == PromptLanguage::Chinese);
  });
}

void Desk::begin(const std::filesystem::path& model, const QStringList& files, bool modelGiven) {
  if (files.isEmpty() && !drafts_.hasNewQuestion()) controller_.openLatest();
  window_.attachFiles(files);
  const bool loading = model_.state() != ModelLoader::State::NoModel;  // that of the session
  if (!model.empty() && (modelGiven || !loading)) loadModel(model);
}

void Desk::loadModelOfSession() {
  const auto& shown = controller_.shownSession();
  const auto row = shown ? controller_.sessions().rowOf(*shown) : std::nullopt;
  if (!row) return;
  const std::filesystem::path folder = controller_.sessions().at(*row).settings.modelFolder;
  std::error_code ignored;
  const bool isThere = std::filesystem::is_regular_file(folder / "config.json", ignored);
  if (isThere && !isSameFolder(folder, model_.folder())) loadModel(folder);
}

void Desk::changeSettings() {
  SessionSettingsDialog::Values values{controller_.answerSettings(), controller_.systemPrompt(),
                                       settings_.value(kThreadsSetting).toUInt()};
  SessionSettingsDialog dialog(values, controller_.lastSeed(), &window_);
  if (dialog.exec() != QDialog::Accepted) return;
  const unsigned threadsBefore = values.threads;
  values = dialog.values();
  controller_.setAnswerSettings(values.answers, values.systemPrompt);
  if (values.threads == threadsBefore) return;
  settings_.setValue(kThreadsSetting, values.threads);
  if (model_.state() == ModelLoader::State::Ready) model_.loadAgain(true);
}

void Desk::loadModel(const std::filesystem::path& folder) {
  model_.load(folder);
  controller_.setModel(folder, model_.name());
}

}  // namespace vl
