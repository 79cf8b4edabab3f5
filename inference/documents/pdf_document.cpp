#include "inference/documents/pdf_document.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "inference/base/file_descriptor.h"
#include "inference/documents/page_process.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// vl2-pages lies beside vl2 and vl2-desk.
fs::path ownProgram() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path() / "vl2-pages";
}

/// A regular file of a size we read; a pipe or a device is refused without waiting for it.
Result<FileDescriptor> openFile(const fs::path& file) {
  FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (!descriptor.isOpen() || ::fstat(descriptor.get(), &facts) != 0) {
    return Error{
        errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
        file.string() + " cannot be read: " + std::generic_category().message(errno) + "."};
  }
  if (!S_ISREG(facts.st_mode)) {
    return Error{ErrorCode::Unsupported, file.string() + " is not a file."};
  }
  if (static_cast<std::uint64_t>(facts.st_size) > kMaxDocumentBytes) {
    return Error{ErrorCode::Unsupported, file.string() + " is larger than " +
                                             std::to_string(kMaxDocumentBytes >> 20) +
                                             " MiB, the largest document that is read."};
  }
  if (facts.st_size == 0) return Error{ErrorCode::Corrupt, file.string() + " is empty."};
  return descriptor;
}

class PdfDocument final : public Document {
 public:
  PdfDocument(FileDescriptor file, std::string name, std::string password, PdfReading how)
      : file_(std::move(file)),
        name_(std::move(name)),
        password_(std::move(password)),
        how_(std::move(how)) {
    if (how_.program.empty()) how_.program = ownProgram();
  }

  Status open(const std::stop_token& stop);

  std::size_t pageCount() const override { return pages_; }
  const std::string& title() const override { return title_; }
  Result<PageSize> pageSize(std::size_t page, const std::stop_token& stop) override;
  Result<std::string> pageText(std::size_t page, const std::stop_token& stop) override;
  Result<RgbImage> renderPage(std::size_t page, ImageSize size,
                              const std::stop_token& stop) override;

 private:
  Result<PageAnswer> ask(PageRequest request, std::size_t page, std::uint64_t mostPayload,
                         const std::stop_token& stop);
  Error pageError(std::size_t page, ErrorCode code, const std::string& why) const {
    return {code,
            "Page " + std::to_string(page + 1) + " of " + name_ + " cannot be read: " + why + "."};
  }

  FileDescriptor file_;
  std::string name_;
  std::string password_;
  PdfReading how_;
  std::size_t pages_ = 0;
  std::string title_;
  std::optional<PageProcess> process_;
};

Status PdfDocument::open(const std::stop_token& stop) {
  process_.reset();
  Result<PageProcess> process = PageProcess::start(how_.program, file_);
  if (!process) return process.error();
  process_.emplace(std::move(*process));
  const PageRequest request{PageVerb::Open, 0, 0, 0, static_cast<std::uint32_t>(password_.size())};
  Result<PageAnswer> answer =
      process_->ask(request, password_, kMaxTitleBytes, how_.pageTime, stop);
  if (!answer) {
    const Error& error = answer.error();
    if (error.code == ErrorCode::Cancelled) return error;
    return Error{error.code, name_ + " cannot be opened: " + error.what + "."};
  }
  switch (answer->reply.outcome) {
    case PageOutcome::Ok:
      break;
    case PageOutcome::Locked:
      return Error{ErrorCode::InvalidArgument, password_.empty()
                                                   ? name_ + " is protected by a password."
                                                   : "This is not the password of " + name_ + "."};
    default:
      return Error{ErrorCode::Corrupt, name_ + " is not a PDF document, or is damaged."};
  }
  if (answer->reply.pages == 0) {
    return Error{ErrorCode::Corrupt, name_ + " has no pages, or is damaged."};
  }
  if (answer->reply.pages > kMaxDocumentPages) {
    return Error{ErrorCode::Unsupported, name_ + " has more than " +
                                             std::to_string(kMaxDocumentPages) +
                                             " pages, the most that are read."};
  }
  pages_ = answer->reply.pages;
  title_.assign(answer->payload.begin(), answer->payload.end());
  return {};
}

Result<PageAnswer> PdfDocument::ask(PageRequest request, std::size_t page,
                                    std::uint64_t mostPayload, const std::stop_token& stop) {
  if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "Stopped."};
  if (page >= pages_) {
    return Error{ErrorCode::InvalidArgument, name_ + " has no page " + std::to_string(page + 1) +
                                                 "; it has " + std::to_string(pages_) + "."};
  }
  if (!process_ || !process_->isRunning()) {
    if (Status opened = open(stop); !opened) return opened.error();
  }
  request.page = static_cast<std::uint32_t>(page);
  Result<PageAnswer> answer = process_->ask(request, {}, mostPayload, how_.pageTime, stop);
  if (!answer) {
    const Error& error = answer.error();
    return error.code == ErrorCode::Cancelled ? error : pageError(page, error.code, error.what);
  }
  if (answer->reply.outcome == PageOutcome::TooLarge) {
    return pageError(page, ErrorCode::Unsupported, "it is too large");
  }
  if (answer->reply.outcome != PageOutcome::Ok) {
    return pageError(page, ErrorCode::Corrupt, "it is damaged");
  }
  return answer;
}

Result<PageSize> PdfDocument::pageSize(std::size_t page, const std::stop_token& stop) {
  const Result<PageAnswer> answer = ask({PageVerb::Size}, page, 0, stop);
  if (!answer) return answer.error();
  const PageSize size{answer->reply.width, answer->reply.height};
  const bool isSize =
      std::isfinite(size.width) && std::isfinite(size.height) && size.width > 0 && size.height > 0;
  if (!isSize) return pageError(page, ErrorCode::Corrupt, "it has no size");
  return size;
}

Result<std::string> PdfDocument::pageText(std::size_t page, const std::stop_token& stop) {
  const Result<PageAnswer> answer = ask({PageVerb::Text}, page, kMaxPageTextBytes, stop);
  if (!answer) return answer.error();
  return std::string(answer->payload.begin(), answer->payload.end());
}

Result<RgbImage> PdfDocument::renderPage(std::size_t page, ImageSize size,
                                         const std::stop_token& stop) {
  const auto width = static_cast<std::uint64_t>(size.width);
  const auto height = static_cast<std::uint64_t>(size.height);
  if (size.width < 1 || size.height < 1 || size.width > kMaxPageSidePixels ||
      size.height > kMaxPageSidePixels || width * height > kMaxPagePixels) {
    return pageError(page, ErrorCode::Unsupported, "its picture would be too large");
  }
  const std::uint64_t bytes = width * height * 3;
  PageRequest request{PageVerb::Render};
  request.width = static_cast<std::uint32_t>(width);
  request.height = static_cast<std::uint32_t>(height);
  Result<PageAnswer> answer = ask(request, page, bytes, stop);
  if (!answer) return answer.error();
  if (answer->payload.size() != bytes) return pageError(page, ErrorCode::Corrupt, "it is damaged");
  return RgbImage{size.width, size.height, std::move(answer->payload)};
}

}  // namespace

Result<std::unique_ptr<Document>> openPdf(const fs::path& file, const std::string& password,
                                          const PdfReading& how, const std::stop_token& stop) {
  Result<FileDescriptor> opened = openFile(file);
  if (!opened) return opened.error();
  const std::string name = file.filename().string();
  if (password.size() > kMaxPasswordBytes) {
    return Error{ErrorCode::InvalidArgument, "This is not the password of " + name + "."};
  }
  auto document = std::make_unique<PdfDocument>(std::move(*opened), name, password, how);
  if (Status ready = document->open(stop); !ready) return ready.error();
  return std::unique_ptr<Document>(std::move(document));
}

bool looksLikePdf(const fs::path& file) {
  constexpr std::string_view kMagic = "%PDF-";
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 1024> start{};  // readers accept other bytes before the header
  const ssize_t count =
      descriptor.isOpen() ? ::read(descriptor.get(), start.data(), start.size()) : 0;
  return count > 0 &&
         std::string_view(start.data(), static_cast<std::size_t>(count)).find(kMagic) !=
             std::string_view::npos;
}

}  // namespace vl
