#pragma once

#include <filesystem>
#include <stop_token>

#include "inference/base/result.h"

namespace vl {

/// Deletes a model: the files a checkpoint consists of, then the folder when nothing else is in it.
/// Files of other kinds and folders stay; links are deleted, not what they lead to. config.json
/// goes first, so that half a model is not taken for one. Of a folder that is a link only the link
/// goes. Errors: NotFound (no model there), Io, Cancelled (between two files).
Status deleteModelFiles(const std::filesystem::path& folder, const std::stop_token& stop);

/// A folder beside others that does not exist yet: `name`, or "name-2", "name-3" and so on.
std::filesystem::path freeFolder(const std::filesystem::path& place, const std::string& name);

}  // namespace vl
