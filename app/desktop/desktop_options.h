#pragma once

#include <QString>
#include <QStringList>
#include <filesystem>
#include <optional>
#include <vector>

#include "ui/models/model_library.h"
#include "ui/widgets/translation.h"

class QCoreApplication;

namespace vl {

/// What the command line of vl2-desk says, with the defaults filled in.
struct DesktopOptions {
  std::filesystem::path model;                         // empty: none was found
  bool modelGiven = false;                             // by the person
  std::filesystem::path dataFolder;                    // history and images
  std::optional<std::filesystem::path> featureFolder;  // vision features between runs
  std::vector<QString> samples;                        // pictures to try
  ModelPlaces models;
  std::filesystem::path settingsFile;
  QStringList files;  // images to open
};

/// The language that the command line asks for, else the system's.
Language requestedLanguage(const QStringList& arguments);

/// Prints and ends the process on --help, --version and a wrong command line (exit 2), as
/// QCommandLineParser does.
DesktopOptions readDesktopOptions(const QCoreApplication& application);

}  // namespace vl
