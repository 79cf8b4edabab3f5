#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"

namespace vl {

/// Pages as a person writes them, counted from 1: "1-3, 5", "7-" (to the end), "-2", "all" or
/// nothing for all of them. Returns them counted from 0, in ascending order, each once.
/// Requires pageCount > 0. Error: InvalidArgument (not such a text, a page that is not there).
Result<std::vector<std::size_t>> parsePageRanges(std::string_view text, std::size_t pageCount);

/// The shortest text that parsePageRanges() reads as these pages; they must be ascending.
std::string formatPageRanges(std::span<const std::size_t> pages);

}  // namespace vl
