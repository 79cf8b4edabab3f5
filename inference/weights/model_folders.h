#pragma once

#include <filesystem>
#include <vector>

namespace vl {

/// Whether the folder looks like one of a model. That it can be used, only its files tell.
bool isModelFolder(const std::filesystem::path& folder);

/// The models directly in a folder, by name. Hidden ones are still being written and do not count;
/// of a folder that holds very much only a part is looked at.
std::vector<std::filesystem::path> modelFoldersIn(const std::filesystem::path& folder);

}  // namespace vl
