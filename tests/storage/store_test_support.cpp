#include "tests/storage/store_test_support.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace vl {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "vl-storage-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

FileSizeLimit::FileSizeLimit(std::size_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);  // write(2) then fails instead
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("getrlimit");
  before_ = limit.rlim_cur;
  limit.rlim_cur = bytes;
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("setrlimit");
}

FileSizeLimit::~FileSizeLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = before_;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

OrdinaryUser::OrdinaryUser() : wasRoot_(::geteuid() == 0) {
  constexpr uid_t kNobody = 65534;
  if (wasRoot_ && ::seteuid(kNobody) != 0) throw std::runtime_error("seteuid");
}

OrdinaryUser::~OrdinaryUser() {
  if (wasRoot_ && ::seteuid(0) != 0) std::abort();
}

std::string readFile(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void writeFile(const fs::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << content;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string pngBytes(std::string_view content) {
  return "\x89PNG\r\n\x1a\n" + std::string(content);
}

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

void need(const Status& status) {
  if (!status) throw std::runtime_error(status.error().what);
}

SessionStore openStore(const fs::path& folder) {
  OpenedStore opened = need(SessionStore::open(folder));
  if (opened.setAside) throw std::runtime_error("set aside: " + opened.setAside->reason);
  return std::move(opened.store);
}

SessionSettings titled(std::string title) {
  SessionSettings settings;
  settings.title = std::move(title);
  return settings;
}

Attachment attach(ImageRecord image, std::string fileName) {
  return {std::move(image), std::move(fileName)};
}

}  // namespace vl
