#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>

#include "inference/documents/document.h"
#include "inference/documents/page_protocol.h"
#include "inference/documents/poppler_pages.h"

// vl2-pages reads a PDF for another program of ours, which starts it with a socket and the file. It
// may write no file, and what it may take of memory and time is limited: the file may be hostile.
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr rlim_t kMemoryBytes = RLIM_INFINITY;  // shadow memory takes terabytes of addresses
#else
constexpr rlim_t kMemoryBytes = rlim_t{2} << 30;
#endif

void limit(__rlimit_resource resource, rlim_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return;
  now.rlim_max = std::min(now.rlim_max, most);
  now.rlim_cur = std::min(now.rlim_cur, now.rlim_max);
  ::setrlimit(resource, &now);
}

int serve() {
  struct stat facts {};
  if (::fstat(vl::kPagesDocument, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    std::fputs("vl2-pages is run by vl2 and vl2-desk.\n", stderr);
    return 2;
  }
  const auto bytes = static_cast<std::size_t>(facts.st_size);
  if (bytes == 0 || bytes > vl::kMaxDocumentBytes) return 2;
  void* file = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, vl::kPagesDocument, 0);
  if (file == MAP_FAILED) return 2;
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  std::signal(SIGXFSZ, SIG_IGN);  // fontconfig may try to write its cache, and need not succeed
  if (kMemoryBytes != RLIM_INFINITY) limit(RLIMIT_AS, kMemoryBytes + bytes);
  return vl::servePages(vl::kPagesSocket, {static_cast<const char*>(file), bytes});
}

}  // namespace

int main() {
  try {
    return serve();
  } catch (const std::exception&) {  // out of memory: whoever waits sees the socket close
    return 1;
  }
}
