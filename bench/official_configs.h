#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace vl {

/// config.json of an official model, "tiny", "small" or "base", with the keys that its file has
/// (SPEC section 12); nullopt for another name.
std::optional<nlohmann::json> officialConfig(std::string_view model);

/// The processor_config.json that goes with a config.json.
nlohmann::json processorConfigFor(const nlohmann::json& config);

}  // namespace vl
