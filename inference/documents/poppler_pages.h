#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "inference/documents/page_process.h"
#include "inference/documents/page_protocol.h"

namespace poppler {
class document;
class page;
}  // namespace poppler

namespace vl {

/// Answers requests about one PDF with poppler. Belongs into a process of its own (vl2-pages): a
/// broken file may crash it.
class PopplerPages {
 public:
  /// The bytes outlive this object.
  explicit PopplerPages(std::span<const char> pdf);
  ~PopplerPages();
  PopplerPages(const PopplerPages&) = delete;
  PopplerPages& operator=(const PopplerPages&) = delete;

  PageAnswer answer(const PageRequest& request, std::string_view password);

 private:
  PageAnswer open(std::string_view password);
  PageAnswer text(poppler::page& page) const;
  PageAnswer render(poppler::page& page, const PageRequest& request) const;

  std::span<const char> pdf_;
  std::unique_ptr<poppler::document> document_;
};

/// Answers what comes over the socket until it is closed. 0: closed in good order.
int servePages(int socket, std::span<const char> pdf);

}  // namespace vl
