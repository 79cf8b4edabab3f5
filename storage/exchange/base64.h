#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

std::string toBase64(std::span<const std::byte> data);
/// nullopt for anything that toBase64 would not write.
std::optional<std::vector<std::byte>> fromBase64(std::string_view text);

}  // namespace vl
