#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "inference/documents/page_ranges.h"
#include "inference/documents/page_text.h"

/// Any text names pages of the document or is refused, and pages survive being written and read;
/// any text layer becomes Markdown of bounded length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kPages = 300;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pages = vl::parsePageRanges(text, kPages);
  if (pages && !pages->empty()) {
    if (pages->back() >= kPages) std::abort();
    const auto again = vl::parsePageRanges(vl::formatPageRanges(*pages), kPages);
    if (!again || *again != *pages) std::abort();
  }
  vl::isReadableText(text);
  if (vl::markdownOf(text).size() > 2 * size + 2) std::abort();
  return 0;
}
