#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "inference/base/result.h"
#include "inference/engine/request.h"

namespace vl {

/// What `vl2 compare` asks: questions about the sample pictures, in the official forms and in
/// plain words, and two without a picture. Error: NotFound (no pictures).
Result<std::vector<ChatMessage>> builtInPrompts();

/// The questions of a suite, with their images; of more than `most` that many, spread evenly.
/// Errors: as readSuite().
Result<std::vector<ChatMessage>> suitePrompts(const std::filesystem::path& suite, std::size_t most);

}  // namespace vl
