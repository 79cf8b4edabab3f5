#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "inference/base/result.h"
#include "inference/tensor/weight_matrix.h"
#include "inference/weights/model_config.h"

namespace vl {

// The parts of loadModelConfig(). Each reads one JSON object and checks what can be checked without
// the others; `where` begins the error sentence.

Result<LanguageConfig> parseLanguageConfig(const nlohmann::json& object, const std::string& where);
Result<VisionConfig> parseVisionConfig(const nlohmann::json& object, const std::string& where);
Result<ProjectorConfig> parseProjectorConfig(const nlohmann::json& object,
                                             const std::string& where);
Result<ProcessorConfig> parseProcessorConfig(const nlohmann::json& object,
                                             const std::string& where);
/// "quantization_config" of the root object, none when there is none.
Result<std::optional<QuantizationConfig>> parseQuantizationConfig(const nlohmann::json& root,
                                                                  const std::string& where);
/// The value of "quantization_config" for a checkpoint whose linear weights are `type`, Q8Panels or
/// Q4Panels.
nlohmann::json quantizationConfigJson(WeightType type);

// What folders of these types are called, in config.json and in commands.
inline constexpr const char* kQ8Name = "q8_0";
inline constexpr const char* kQ4Name = "q4";

// Upper ends of what a field may hold: far above any model, and low enough that products of a few
// of them (bytes of a matrix, of a KV cache) stay below 2^63.
inline constexpr std::size_t kMaxWidth = std::size_t{1} << 18;
inline constexpr std::size_t kMaxHeads = 1 << 12;
inline constexpr std::size_t kMaxLayers = 1 << 12;
inline constexpr std::size_t kMaxExperts = 1 << 14;
inline constexpr std::size_t kMaxVocabulary = std::size_t{1} << 24;
inline constexpr std::size_t kMaxContext = std::size_t{1} << 24;

}  // namespace vl
