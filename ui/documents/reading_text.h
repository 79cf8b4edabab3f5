#pragma once

#include <span>
#include <string>

#include "storage/reading_store.h"

namespace vl {

/// The pages that were read, each under a heading with its number. Printed text is escaped; what
/// the model or the person wrote stays as it is.
std::string markdownOf(const ReadingRecord& reading, std::span<const ReadingPage> pages);

/// The pages that were read, form feeds between them.
std::string plainTextOf(std::span<const ReadingPage> pages);

}  // namespace vl
