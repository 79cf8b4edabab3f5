#include "app/desktop/desktop_options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>

#include "inference/engine/feature_store.h"
#include "ui/window/resource_folders.h"

namespace vl {
namespace {

constexpr int kUsageError = 2;

QString tr(const char* text) { return QCoreApplication::translate("Options", text); }

}  // namespace

DesktopOptions readDesktopOptions(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(tr("Ask about images with DeepSeek-VL2, on this computer."));
  const QCommandLineOption help = parser.addHelpOption();
  const QCommandLineOption version = parser.addVersionOption();
  const QCommandLineOption model(
      "model", tr("Folder of the model (default: the bundled one, then the models folder)."),
      tr("DIR"));
  const QCommandLineOption data("data-dir", tr("Folder of the history."), tr("DIR"));
  const QCommandLineOption noCache(
      "no-cache", tr("Keep nothing of the pictures in the cache folder, and use nothing kept."));
  parser.addOptions({model, data, noCache});
  parser.addPositionalArgument("files", tr("Images and PDF documents to ask about."), tr("[FILES...]"));
  if (!parser.parse(application.arguments())) {
    std::fprintf(stderr, "%s\n", qPrintable(parser.errorText()));
    std::exit(kUsageError);
  }
  if (parser.isSet(help)) parser.showHelp();
  if (parser.isSet(version)) parser.showVersion();

  const QStringList resources = resourceFolders(QCoreApplication::applicationDirPath());
  const QString own = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
  DesktopOptions options;
  options.dataFolder = (parser.isSet(data) ? parser.value(data) : own).toStdString();
  if (!parser.isSet(noCache)) options.featureFolder = userFeatureFolder();
  options.settingsFile =
      (parser.isSet(data) ? parser.value(data)
                          : QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation))
          .toStdString() +
      "/desk.ini";
  options.models.own = (own + "/models").toStdString();
  for (const QString& folder : resources) {
    options.models.bundled.emplace_back((folder + "/models").toStdString());
  }
  options.samples = samplePictures(resources);
  if (parser.isSet(model)) {
    options.model = parser.value(model).toStdString();
  } else if (const auto found = defaultModel(resources, own + "/models")) {
    options.model = *found;
  }
  for (const QString& file : parser.positionalArguments()) {
    options.files << QFileInfo(file).absoluteFilePath();
  }
  return options;
}

}  // namespace vl
