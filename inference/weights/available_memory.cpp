#include "inference/weights/available_memory.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "inference/weights/memory_plan.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// Names of the same files in the two versions of control groups.
struct CgroupFiles {
  const char* limit;
  const char* usage;
  const char* inactiveCache;  // keys of memory.stat
  const char* activeCache;
};
constexpr CgroupFiles kVersion2 = {"memory.max", "memory.current", "inactive_file", "active_file"};
constexpr CgroupFiles kVersion1 = {"memory.limit_in_bytes", "memory.usage_in_bytes",
                                   "total_inactive_file", "total_active_file"};

/// nullopt for anything but digits, so also for "max".
std::optional<std::size_t> parseNumber(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The number behind `key` ("" for the first word) in lines of words.
std::optional<std::size_t> readNumber(const fs::path& path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (key.empty()) return parseNumber(word);
    if (word == key && words >> word) return parseNumber(word);
  }
  return std::nullopt;
}

/// What one control group leaves.
std::size_t groupAvailable(const fs::path& group, const CgroupFiles& files) {
  const std::optional<std::size_t> limit = readNumber(group / files.limit, "");
  if (!limit) return kNoLimit;
  const std::size_t usage = readNumber(group / files.usage, "").value_or(0);
  const fs::path stat = group / "memory.stat";
  const std::size_t cache = readNumber(stat, files.inactiveCache).value_or(0) +
                            readNumber(stat, files.activeCache).value_or(0);
  const std::size_t used = usage - std::min(usage, cache);
  return *limit - std::min(*limit, used);
}

/// The least that a group and those around it leave, up to where the hierarchy is mounted. A
/// container sees its own group as the mount's top, whatever path the kernel names.
std::size_t hierarchyAvailable(const fs::path& mount, const fs::path& group,
                               const CgroupFiles& files) {
  std::size_t available = groupAvailable(mount, files);
  fs::path below = mount;
  for (const fs::path& part : group.relative_path()) {
    if (part == "..") break;
    below /= part;
    available = std::min(available, groupAvailable(below, files));
  }
  return available;
}

/// Lines of proc/self/cgroup: "0::/path" for version 2, "4:memory:/path" for version 1.
std::size_t cgroupAvailable(const fs::path& root) {
  const fs::path mount = root / "sys/fs/cgroup";
  std::size_t available = kNoLimit;
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    if (controllers.empty()) {
      available = std::min(available, hierarchyAvailable(mount, group, kVersion2));
    } else if (controllers == "memory") {
      available = std::min(available, hierarchyAvailable(mount / "memory", group, kVersion1));
    }
  }
  return available;
}

}  // namespace

std::size_t availableMemoryBytes(const fs::path& root) {
  const std::optional<std::size_t> kibibytes = readNumber(root / "proc/meminfo", "MemAvailable:");
  const bool known = kibibytes && *kibibytes <= kNoLimit / 1024;
  return std::min(known ? *kibibytes * 1024 : kNoLimit, cgroupAvailable(root));
}

std::size_t availableMemoryBytes() { return availableMemoryBytes("/"); }

}  // namespace vl
