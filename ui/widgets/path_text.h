#pragma once

#include <QString>
#include <filesystem>

namespace vl {

inline QString pathText(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

}  // namespace vl
