#include "app/cli/progress.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace vl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRewriteEvery{100};
constexpr milliseconds kLineEvery{5000};
constexpr const char* kEraseLine = "\r\x1b[K";

std::string ofTotal(const char* what, std::size_t done, std::size_t total) {
  return std::string(what) + ' ' + std::to_string(done) + " of " + std::to_string(total);
}

bool isSameFile(int a, int b) {
  struct stat first {};
  struct stat second {};
  return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

}  // namespace

Progress::Progress()
    : rewrites_(::isatty(STDERR_FILENO) == 1),
      sharesWithAnswer_(isSameFile(STDOUT_FILENO, STDERR_FILENO)) {}

void Progress::show(std::string_view kind, const std::string& text) {
  const Clock::time_point now = Clock::now();
  const bool isNew = kind != kind_;
  if (!isNew && now - last_ < (rewrites_ ? kRewriteEvery : kLineEvery)) return;
  kind_ = kind;
  last_ = now;
  if (rewrites_) {
    std::fprintf(stderr, "%s%s", kEraseLine, text.c_str());
    isShown_ = true;
  } else {
    std::fprintf(stderr, "vl2: %s\n", text.c_str());
  }
}

void Progress::show(const StageProgress& progress) {
  const std::size_t done = progress.done;
  const std::size_t total = progress.total;
  switch (progress.stage) {
    case Stage::DecodeImages:
      return show("image", ofTotal("image", done, total));
    case Stage::EncodeTiles:
      return show("tile", ofTotal("tile", done, total));
    case Stage::Prefill:
      return show("prompt", ofTotal("prompt token", done, total));
    case Stage::Decode:
      // The answer itself shows that it goes on.
      if (sharesWithAnswer_) return;
      return show("answer", "answer token " + std::to_string(done));
  }
}

void Progress::note(const std::string& sentence) {
  clear();
  std::fprintf(stderr, "vl2: %s\n", sentence.c_str());
}

void Progress::clear() {
  if (isShown_) std::fputs(kEraseLine, stderr);
  isShown_ = false;
}

}  // namespace vl
