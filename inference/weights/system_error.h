#pragma once

#include <filesystem>

#include "inference/base/result.h"

namespace vl {

/// "PATH: cannot ACTION: REASON" for an errno value: NotFound when the path does not exist, else
/// Io.
Error systemError(const std::filesystem::path& path, const char* action, int code);

}  // namespace vl
