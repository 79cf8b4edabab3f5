#include <QApplication>
#include <QIcon>
#include <QMessageBox>
#include <QSettings>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "app/desktop/desktop_options.h"
#include "inference/engine/local_engine.h"
#include "inference/kernels/blas.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/translation.h"
#include "ui/window/desk.h"
#include "ui/window/single_instance.h"

namespace {

vl::EngineFactory localEngine(const std::filesystem::path& folder, bool force, std::size_t threads,
                              const std::optional<std::filesystem::path>& featureFolder) {
  return [folder, force, threads,
          featureFolder](const std::stop_token& stop) -> vl::Result<std::unique_ptr<vl::Engine>> {
    vl::LoadOptions options;
    options.folder = folder;
    options.force = force;
    options.threads = threads;
    options.featureFolder = featureFolder;
    vl::Result<std::unique_ptr<vl::LocalEngine>> engine = vl::LocalEngine::load(options, stop);
    if (!engine) return engine.error();
    return std::unique_ptr<vl::Engine>(std::move(*engine));
  };
}

int run(QApplication& application) {
  const vl::Translation translation(vl::requestedLanguage(QApplication::arguments()));
  const vl::DesktopOptions options = vl::readDesktopOptions(application);
  const QString socket = vl::SingleInstance::socketFor(options.dataFolder);
  if (vl::SingleInstance::handOver(socket, options.files)) return EXIT_SUCCESS;
  const vl::Theme theme(application);
  QApplication::setWindowIcon(QIcon(":/icons/vl2-desk.svg"));

  vl::Result<vl::OpenedStore> store = vl::SessionStore::open(options.dataFolder);
  if (!store) {
    QMessageBox::critical(nullptr, QApplication::applicationDisplayName(),
                          QString::fromStdString(store.error().what));
    return EXIT_FAILURE;
  }
  if (const std::string& trouble = vl::matrixProductsTrouble(); !trouble.empty()) {
    qWarning("%s", trouble.c_str());
  }
  const QSettings settings(QString::fromStdString(options.settingsFile.string()),
                           QSettings::IniFormat);
  const auto backend = [&](const std::filesystem::path& folder, bool force) {
    const unsigned threads = settings.value(vl::kThreadsSetting).toUInt();
    return localEngine(folder, force, threads, options.featureFolder);
  };
  vl::Desk desk(std::move(*store), {options.dataFolder, options.samples, backend, options.models,
                                    options.settingsFile});
  desk.begin(options.model, options.files, options.modelGiven);
  desk.window().show();
  const vl::SingleInstance instance(socket);
  QObject::connect(&instance, &vl::SingleInstance::wanted, &desk, &vl::Desk::take);
  return QApplication::exec();
}

void nameApplication() {
  QApplication::setApplicationName("vl2-desk");
  QApplication::setApplicationDisplayName("VL2 Desk");
  QApplication::setApplicationVersion(VL_VERSION);
  QApplication::setDesktopFileName("vl2-desk");
}

/// Without one QApplication does not return, but aborts the process.
bool hasDisplay() {
  return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
         qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

/// Answers --help and refuses wrong options as with a display, then says what is missing.
int runWithoutDisplay(int argc, char** argv) {
  const QCoreApplication application(argc, argv);
  nameApplication();
  const vl::Translation translation(vl::requestedLanguage(QCoreApplication::arguments()));
  vl::readDesktopOptions(application);
  std::fputs("vl2-desk: there is no display to open a window on; vl2 works without one.\n", stderr);
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (!hasDisplay()) return runWithoutDisplay(argc, argv);
  QApplication application(argc, argv);
  nameApplication();
  try {
    return run(application);
  } catch (const std::exception& thrown) {  // what no worker loop has caught
    std::fprintf(stderr, "vl2-desk: %s\n", thrown.what());
    return EXIT_FAILURE;
  }
}
