#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "inference/base/result.h"
#include "inference/documents/document.h"

namespace vl {

/// How PDF files are read.
struct PdfReading {
  /// vl2-pages; the one beside the program that runs unless another one is named.
  std::filesystem::path program;
  /// Longest time for one page.
  std::chrono::milliseconds pageTime = std::chrono::seconds(60);
};

/// Opens a PDF in a process of its own: poppler has had many ways to crash on a broken file, and
/// there it can take nothing with it. When the process ends over a page, the next call begins
/// another one.
/// The file is held open, not its name: a new file of that name changes nothing.
///
/// Errors: NotFound; Io; InvalidArgument: a password is needed, or this is a wrong one, and nothing
/// else is meant by it; Corrupt (no PDF, damaged); Unsupported (no regular file, over
/// kMaxDocumentBytes or kMaxDocumentPages); Cancelled.
Result<std::unique_ptr<Document>> openPdf(const std::filesystem::path& file,
                                          const std::string& password, const PdfReading& how,
                                          const std::stop_token& stop);

/// Whether a file begins as a PDF does. False when it cannot be read.
bool looksLikePdf(const std::filesystem::path& file);

}  // namespace vl
