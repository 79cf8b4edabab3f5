#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "storage/exchange/exchange_control.h"
#include "storage/session_store.h"

namespace vl {

/// Writes the session with all its branches, boxes, settings and images as one JSON file, from
/// which importSession makes the same session again. Text that is no UTF-8 is written as
/// {"base64": ...}; an image whose file is missing or damaged has no data. Memory: one image.
/// Replaces the file in one step; on failure it stays as it was.
/// Errors: NotFound, Corrupt, Io, Cancelled.
Status exportSessionJson(SessionStore& store, SessionId session, const std::filesystem::path& file,
                         const ExchangeControl& control);

/// Size of an encoded image after its orientation has been applied. Storage does not decode, and
/// what a file says about its images is not to be believed.
using MeasureImage = std::function<Result<ImageSize>(std::span<const std::byte> encoded)>;

/// Adds a session that exportSessionJson wrote, beside those that are there. Either all of it is
/// seen or nothing; images of an import that failed go when the folder is next opened.
/// Errors: NotFound, Io; Corrupt (no such file, or it contradicts itself); Unsupported (a newer
/// version wrote it; it is too large); Cancelled.
Result<SessionId> importSessionJson(SessionStore& store, const std::filesystem::path& file,
                                    const MeasureImage& measure, const ExchangeControl& control);

}  // namespace vl
