#pragma once

#include <QString>
#include <QStringList>
#include <filesystem>
#include <optional>
#include <vector>

namespace vl {

/// Where the app's own files may lie, the best place first: beside an installed binary
/// (<prefix>/share/vl2-desk), or in the source tree a binary was built in (<tree>/resources).
QStringList resourceFolders(const QString& binaryFolder);

/// The model to begin with: the bundled one, else the first in the models folder that looks like a
/// checkpoint. none: there is no model.
std::optional<std::filesystem::path> defaultModel(const QStringList& resources,
                                                  const QString& modelsFolder);

/// Pictures of the samples folder, by name.
std::vector<QString> samplePictures(const QStringList& resources);

}  // namespace vl
