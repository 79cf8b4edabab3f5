#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "inference/base/result.h"
#include "storage/exchange/exchange_control.h"
#include "storage/session_store.h"

namespace vl {

// A session for reading elsewhere: the branch that is shown, with its images. An image whose file
// is missing is named. Both replace an existing file in one step.
// Errors: NotFound, Corrupt, Io, Cancelled.

/// A Markdown file; the images lie in a new folder beside it: "NAME-images", or where there is one
/// already "NAME-images-2" and so on. Of an export that fails no folder stays.
Status exportSessionMarkdown(SessionStore& store, SessionId session,
                             const std::filesystem::path& file, const ExchangeControl& control);

/// One HTML file without scripts, that loads nothing from elsewhere: images are data URIs, boxes
/// are drawn over them as SVG.
Status exportSessionHtml(SessionStore& store, SessionId session, const std::filesystem::path& file,
                         const ExchangeControl& control);

/// A title as the name of a file: on one line, at most 80 characters, without what file systems or
/// shells treat specially; never empty.
std::string fileNameFor(std::string_view title);

}  // namespace vl
