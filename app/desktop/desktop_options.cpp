#include "app/desktop/desktop_options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>

#include "inference/engine/feature_store.h"
#include "ui/window/resource_folders.h"

namespace vl {
namespace {

constexpr int kUsageError = 2;

struct Options {
  Q_DECLARE_TR_FUNCTIONS(Options)
};

QCommandLineOption languageOption() {
  return {"language", Options::tr("Language of the window: en or zh_CN (default: the system's)."),
          Options::tr("LANG")};
}

[[noreturn]] void refuse(const QString& what) {
  std::fprintf(stderr, "%s\n", qPrintable(what));
  std::exit(kUsageError);
}

}  // namespace

Language requestedLanguage(const QStringList& arguments) {
  QCommandLineParser parser;  // knows this one option; readDesktopOptions() looks at the others
  const QCommandLineOption language = languageOption();
  parser.addOption(language);
  parser.parse(arguments);
  return preferredLanguage(parser.isSet(language) ? QStringList(parser.value(language))
                                                  : QLocale::system().uiLanguages());
}

DesktopOptions readDesktopOptions(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      Options::tr("Ask about images with DeepSeek-VL2, on this computer."));
  const QCommandLineOption help = parser.addHelpOption();
  const QCommandLineOption version = parser.addVersionOption();
  const QCommandLineOption model(
      "model",
      Options::tr("Folder of the model (default: that of the session, then the one used last, the "
                  "bundled one, the models folder)."),
      Options::tr("DIR"));
  const QCommandLineOption data("data-dir", Options::tr("Folder of the history."),
                                Options::tr("DIR"));
  const QCommandLineOption noCache(
      "no-cache",
      Options::tr("Keep nothing of the pictures in the cache folder, and use nothing kept."));
  const QCommandLineOption language = languageOption();
  parser.addOptions({model, data, noCache, language});
  parser.addPositionalArgument("files", Options::tr("Images and PDF documents to ask about."),
                               Options::tr("[FILES...]"));
  if (!parser.parse(application.arguments())) refuse(parser.errorText());
  if (parser.isSet(help)) parser.showHelp();
  if (parser.isSet(version)) parser.showVersion();
  if (parser.isSet(language) && !languageNamed(parser.value(language))) {
    refuse(Options::tr("The window does not speak “%1”: choose en or zh_CN.")
               .arg(parser.value(language)));
  }

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
  options.modelGiven = parser.isSet(model);
  if (options.modelGiven) {
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
