#include "inference/documents/poppler_pages.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "inference/documents/document.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr double kPointsPerInch = 72;

PageAnswer outcome(PageOutcome outcome) {
  PageAnswer answer;
  answer.reply.outcome = outcome;
  return answer;
}

void setPayload(PageAnswer& answer, std::string_view text) {
  answer.payload.assign(text.begin(), text.end());
}

/// Valid UTF-8, without what is no text: form feeds, zeros.
std::string cleaned(const poppler::ustring& text) {
  const poppler::byte_array bytes = text.to_utf8();
  std::string clean = toValidUtf8({bytes.data(), bytes.size()});
  std::erase_if(
      clean, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; });
  while (!clean.empty() && (clean.back() == '\n' || clean.back() == ' ')) clean.pop_back();
  return clean;
}

/// As the page is shown; the crop box is kept as if the page were not rotated.
PageSize shownSize(const poppler::page& page) {
  const poppler::rectf box = page.page_rect(poppler::crop_box);
  const auto turned = page.orientation();
  const bool isSideways = turned == poppler::page::landscape || turned == poppler::page::seascape;
  return isSideways ? PageSize{box.height(), box.width()} : PageSize{box.width(), box.height()};
}

bool isSize(PageSize size) {
  return std::isfinite(size.width) && std::isfinite(size.height) && size.width > 0 &&
         size.height > 0;
}

/// The program waits far shorter for a page; this ends one that nobody waits for any more.
void allowProcessorTime() {
  constexpr rlim_t kSeconds = 300;
  rusage used{};
  rlimit limit{};
  if (::getrusage(RUSAGE_SELF, &used) != 0 || ::getrlimit(RLIMIT_CPU, &limit) != 0) return;
  const auto spent = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
  limit.rlim_cur = std::min(limit.rlim_max, spent + kSeconds);
  ::setrlimit(RLIMIT_CPU, &limit);
}

bool receive(int socket, void* data, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::recv(socket, static_cast<char*>(data) + done, size - done, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

bool send(int socket, const void* data, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count =
        ::send(socket, static_cast<const char*>(data) + done, size - done, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

PopplerPages::PopplerPages(std::span<const char> pdf) : pdf_(pdf) {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
}

PopplerPages::~PopplerPages() = default;

PageAnswer PopplerPages::open(std::string_view password) {
  const std::string word(password);
  document_.reset(poppler::document::load_from_raw_data(pdf_.data(), static_cast<int>(pdf_.size()),
                                                        word, word));
  if (!document_) return outcome(PageOutcome::Damaged);
  if (document_->is_locked()) {
    document_.reset();
    return outcome(PageOutcome::Locked);
  }
  PageAnswer answer;
  answer.reply.pages = static_cast<std::uint32_t>(std::max(document_->pages(), 0));
  std::string title;
  appendWholeUtf8(std::string_view(cleaned(document_->get_title())).substr(0, kMaxTitleBytes),
                  title);
  std::replace(title.begin(), title.end(), '\n', ' ');
  setPayload(answer, title);
  return answer;
}

PageAnswer PopplerPages::text(poppler::page& page) const {
  const PageSize size = shownSize(page);
  // poppler's own "whole page" is the unrotated crop box: it would cut turned pages
  const poppler::rectf all(0, 0, size.width, size.height);
  const std::string text = cleaned(page.text(all, poppler::page::non_raw_non_physical_layout));
  if (text.size() > kMaxPageTextBytes) return outcome(PageOutcome::TooLarge);
  PageAnswer answer;
  setPayload(answer, text);
  return answer;
}

PageAnswer PopplerPages::render(poppler::page& page, const PageRequest& request) const {
  const std::uint64_t pixels = std::uint64_t{request.width} * request.height;
  if (pixels == 0 || pixels > kMaxPagePixels || request.width > kMaxPageSidePixels ||
      request.height > kMaxPageSidePixels) {
    return outcome(PageOutcome::TooLarge);
  }
  const PageSize size = shownSize(page);
  const int width = static_cast<int>(request.width);
  const int height = static_cast<int>(request.height);
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_rgb24);
  renderer.set_render_hint(poppler::page_renderer::antialiasing);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
  const poppler::image image =
      renderer.render_page(&page, kPointsPerInch * width / size.width,
                           kPointsPerInch * height / size.height, 0, 0, width, height);
  if (!image.is_valid() || image.width() != width || image.height() != height) {
    return outcome(PageOutcome::Damaged);
  }
  PageAnswer answer;
  const std::size_t rowBytes = std::size_t{3} * request.width;
  answer.payload.resize(rowBytes * request.height);
  for (std::size_t row = 0; row < request.height; ++row) {
    std::memcpy(answer.payload.data() + row * rowBytes,
                image.const_data() + row * static_cast<std::size_t>(image.bytes_per_row()),
                rowBytes);
  }
  return answer;
}

PageAnswer PopplerPages::answer(const PageRequest& request, std::string_view password) {
  if (request.verb == PageVerb::Open) return open(password);
  if (!document_ || request.page >= static_cast<std::uint32_t>(std::max(document_->pages(), 0))) {
    return outcome(PageOutcome::NoPage);
  }
  const std::unique_ptr<poppler::page> page(document_->create_page(static_cast<int>(request.page)));
  if (!page || !isSize(shownSize(*page))) return outcome(PageOutcome::NoPage);
  if (request.verb == PageVerb::Text) return text(*page);
  if (request.verb == PageVerb::Render) return render(*page, request);
  const PageSize size = shownSize(*page);
  PageAnswer answer;
  answer.reply.width = size.width;
  answer.reply.height = size.height;
  return answer;
}

int servePages(int socket, std::span<const char> pdf) {
  PopplerPages pages(pdf);
  PageRequest request;
  while (receive(socket, &request, sizeof request)) {
    if (request.passwordBytes > kMaxPasswordBytes) return 1;
    std::string password(request.passwordBytes, '\0');
    if (!receive(socket, password.data(), password.size())) return 1;
    allowProcessorTime();
    PageAnswer answer = pages.answer(request, password);
    answer.reply.payloadBytes = answer.payload.size();
    if (!send(socket, &answer.reply, sizeof answer.reply)) return 1;
    if (!send(socket, answer.payload.data(), answer.payload.size())) return 1;
  }
  return 0;
}

}  // namespace vl
