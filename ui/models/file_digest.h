#pragma once

#include <filesystem>
#include <stop_token>

#include "inference/base/result.h"
#include "ui/models/download_manifest.h"

namespace vl {

/// Reads a file and says whether it is the one that the list means. Errors: Corrupt (another
/// length or digest), Io, Cancelled (noticed within a megabyte).
Status checkFile(const std::filesystem::path& path, const DownloadFile& expected,
                 const std::stop_token& stop);

}  // namespace vl
