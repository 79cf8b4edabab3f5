#include "app/cli/page_pictures.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "inference/documents/page_image_size.h"
#include "inference/documents/page_ranges.h"
#include "inference/documents/pdf_document.h"
#include "inference/vision/png_file.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

// More would pass the context of every official model by far.
constexpr std::size_t kMostPictures = 64;

}  // namespace

Result<ChosenPages> openChosenPages(const fs::path& file, const Arguments& arguments,
                                    const std::stop_token& stop) {
  Result<std::unique_ptr<Document>> document =
      openPdf(file, arguments.value(kPasswordOption.name).value_or(""), {}, stop);
  if (!document) return document.error();
  Result<std::vector<std::size_t>> pages =
      parsePageRanges(arguments.value(kPagesOption.name).value_or(""), (*document)->pageCount());
  if (!pages) return Error{pages.error().code, file.string() + ": " + pages.error().what};
  return ChosenPages{std::move(*document), std::move(*pages)};
}

PagePictures::~PagePictures() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Status PagePictures::makeFolder() {
  if (!folder_.empty()) return {};
  std::error_code failure;
  std::string name = (fs::temp_directory_path(failure) / "vl2-XXXXXX").string();
  if (failure || ::mkdtemp(name.data()) == nullptr) {
    return Error{ErrorCode::Io, "No temporary folder can be made: " +
                                    std::generic_category().message(errno) + "."};
  }
  folder_ = name;
  return {};
}

Result<fs::path> PagePictures::add(Document& document, std::size_t page,
                                   std::span<const Resolution> candidates,
                                   const std::stop_token& stop) {
  const Result<PageSize> size = document.pageSize(page, stop);
  if (!size) return size.error();
  const Result<RgbImage> image = document.renderPage(page, pageImageSize(*size, candidates), stop);
  if (!image) return image.error();
  if (Status made = makeFolder(); !made) return made.error();
  fs::path file = folder_ / (std::to_string(count_++) + ".png");
  if (Status written = writePng(*image, file); !written) return written.error();
  return file;
}

Result<std::vector<fs::path>> picturesOf(const Arguments& arguments,
                                         std::span<const Resolution> candidates, Console& console,
                                         PagePictures& pictures) {
  std::vector<fs::path> files;
  std::size_t rendered = 0;
  for (const std::string& file : arguments.values("--image")) {
    if (!looksLikePdf(file)) {
      files.emplace_back(file);
      continue;
    }
    const Result<ChosenPages> chosen = openChosenPages(file, arguments, console.interrupt.token());
    if (!chosen) return chosen.error();
    rendered += chosen->pages.size();
    if (rendered > kMostPictures) {
      return Error{ErrorCode::InvalidArgument, "A question takes at most " +
                                                   std::to_string(kMostPictures) + " pages, and " +
                                                   file + " has more; choose some with --pages."};
    }
    for (const std::size_t page : chosen->pages) {
      console.progress.show("page", "page " + std::to_string(page + 1) + " of " + file);
      Result<fs::path> picture =
          pictures.add(*chosen->document, page, candidates, console.interrupt.token());
      if (!picture) return picture.error();
      files.push_back(std::move(*picture));
    }
  }
  return files;
}

}  // namespace vl
