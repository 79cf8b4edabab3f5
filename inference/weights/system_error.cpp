#include "inference/weights/system_error.h"

#include <cerrno>
#include <string>
#include <system_error>

namespace vl {

Error systemError(const std::filesystem::path& path, const char* action, int code) {
  const bool missing = code == ENOENT || code == ENOTDIR;
  return {missing ? ErrorCode::NotFound : ErrorCode::Io,
          path.string() + ": cannot " + action + ": " + std::generic_category().message(code)};
}

}  // namespace vl
