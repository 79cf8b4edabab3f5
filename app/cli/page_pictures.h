#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "inference/base/result.h"
#include "inference/documents/document.h"
#include "inference/weights/model_config.h"

namespace vl {

inline constexpr Option kPagesOption{
    "--pages", "PAGES", "Of a PDF: the pages, for example 1-3,5 or 7- (default: all)."};
inline constexpr Option kPasswordOption{"--password", "P", "Of a PDF that is protected by one."};

/// A PDF that has been opened, and the pages of it that --pages names.
struct ChosenPages {
  std::unique_ptr<Document> document;
  std::vector<std::size_t> pages;  // counted from 0
};

/// Errors: as openPdf() and parsePageRanges().
Result<ChosenPages> openChosenPages(const std::filesystem::path& file, const Arguments& arguments,
                                    const std::stop_token& stop);

/// Pages as files that the engine reads: PNGs in a folder of this process and this person only,
/// removed with it.
class PagePictures {
 public:
  PagePictures() = default;
  ~PagePictures();
  PagePictures(const PagePictures&) = delete;
  PagePictures& operator=(const PagePictures&) = delete;

  /// Renders a page in the size that suits the model best. Errors: as Document; Io.
  Result<std::filesystem::path> add(Document& document, std::size_t page,
                                    std::span<const Resolution> candidates,
                                    const std::stop_token& stop);

 private:
  Status makeFolder();

  std::filesystem::path folder_;  // empty: there is none yet
  std::size_t count_ = 0;
};

/// The files of --image, each PDF among them replaced by pictures of its pages. Errors: as above;
/// InvalidArgument for far more pages than a question takes.
Result<std::vector<std::filesystem::path>> picturesOf(const Arguments& arguments,
                                                      std::span<const Resolution> candidates,
                                                      Console& console, PagePictures& pictures);

}  // namespace vl
