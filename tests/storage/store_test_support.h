#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/base/result.h"
#include "storage/session_store.h"

namespace vl {

/// An empty folder of its own for one test, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// While it lives no file of this process can grow beyond `bytes`: what a full disk looks like to
/// write(2), without filling one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::size_t bytes);
  ~FileSizeLimit();
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  std::size_t before_;
};

/// While it lives the process is not root, whom no permission stops. No effect for other users.
class OrdinaryUser {
 public:
  OrdinaryUser();
  ~OrdinaryUser();
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

 private:
  bool wasRoot_;
};

std::string readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file, std::string_view content);

/// The bytes of a made-up PNG: only its signature is real, storage looks at no more.
std::string pngBytes(std::string_view content);
std::span<const std::byte> bytesOf(std::string_view text);

/// The value; a failure ends the test with the error's sentence.
template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return std::move(*result);
}
void need(const Status& status);

/// True for an error of this code; says what came instead.
template <typename T>
testing::AssertionResult failsWith(ErrorCode code, const Result<T>& result) {
  if (result) return testing::AssertionFailure() << "no error";
  if (result.error().code == code && !result.error().what.empty()) {
    return testing::AssertionSuccess() << result.error().what;
  }
  return testing::AssertionFailure()
         << "error " << static_cast<int>(result.error().code) << ": " << result.error().what;
}

inline testing::AssertionResult succeeds(const Status& status) {
  if (status) return testing::AssertionSuccess();
  return testing::AssertionFailure() << status.error().what;
}

/// Opens a store that must be sound.
SessionStore openStore(const std::filesystem::path& folder);

SessionSettings titled(std::string title);

/// An attachment of an imported image.
Attachment attach(ImageRecord image, std::string fileName = "picture.png");

}  // namespace vl
