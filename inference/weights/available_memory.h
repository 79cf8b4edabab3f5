#pragma once

#include <cstddef>
#include <filesystem>

namespace vl {

/// What availableMemoryBytes() finds, with `root` in place of "/" (tests give a folder of their
/// own): MemAvailable of proc/meminfo, lowered by the memory limits of the process's control group
/// (v2 or v1) and of the groups around it. Usage counts without the page cache, which gives way.
/// What cannot be read sets no limit; without any limit the result is the largest size.
std::size_t availableMemoryBytes(const std::filesystem::path& root);

}  // namespace vl
