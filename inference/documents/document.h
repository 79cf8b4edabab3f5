#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "inference/vision/image.h"

namespace vl {

// What is read of a document at most; anything beyond is refused with a sentence, but a longer
// title is shortened.
inline constexpr std::uint64_t kMaxDocumentBytes = 1ull << 30;
inline constexpr std::size_t kMaxDocumentPages = 50'000;
inline constexpr std::uint64_t kMaxPagePixels = 40'000'000;  // 120 MB of RGB
inline constexpr int kMaxPageSidePixels = 20'000;
inline constexpr std::size_t kMaxPageTextBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxTitleBytes = 4096;
inline constexpr std::size_t kMaxPasswordBytes = 1024;

/// Width and height of a page as it is shown, in points (1/72 inch). Finite and positive.
struct PageSize {
  double width = 0;
  double height = 0;
};

/// A file of pages that has been opened. Pages are counted from 0.
///
/// Calls block until the page is done, the stop token is used (within 50 ms; error Cancelled), or a
/// limit is reached. A page that cannot be read is an error of that page only: others can still be
/// asked for. One thread at a time.
/// Errors of every call: InvalidArgument (no such page), Corrupt (damaged, or too much memory or
/// time is needed), Unsupported (beyond a limit above), Io, Cancelled.
class Document {
 public:
  virtual ~Document() = default;

  virtual std::size_t pageCount() const = 0;
  /// From the document's own properties; UTF-8, may be empty.
  virtual const std::string& title() const = 0;

  virtual Result<PageSize> pageSize(std::size_t page, const std::stop_token& stop) = 0;
  /// The text layer in reading order, with line breaks; UTF-8, empty where there is none.
  virtual Result<std::string> pageText(std::size_t page, const std::stop_token& stop) = 0;
  /// The whole page on white, stretched to exactly this size.
  virtual Result<RgbImage> renderPage(std::size_t page, ImageSize size,
                                      const std::stop_token& stop) = 0;
};

}  // namespace vl
