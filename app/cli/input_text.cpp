#include "app/cli/input_text.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace vl {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

Result<std::string> readText(const std::string& name) {
  const bool isStdin = name == "-";
  const std::string shown = isStdin ? "standard input" : name;
  const std::unique_ptr<std::FILE, CloseFile> file(isStdin ? stdin
                                                           : std::fopen(name.c_str(), "rbe"));
  if (!file) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
    return Error{code, shown + " cannot be read: " + std::strerror(errno) + "."};
  }
  std::string text;
  std::array<char, 1 << 16> buffer{};
  for (;;) {
    errno = 0;
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get());
    text.append(buffer.data(), count);
    if (text.size() > kMostTextBytes) {
      return Error{ErrorCode::Unsupported, shown + " is longer than " +
                                               std::to_string(kMostTextBytes >> 20) +
                                               " MiB, the longest text that is read."};
    }
    if (count == buffer.size()) continue;
    if (std::ferror(file.get()) == 0) return text;
    return Error{ErrorCode::Io, shown + " cannot be read: " + std::strerror(errno) + "."};
  }
}

}  // namespace vl
