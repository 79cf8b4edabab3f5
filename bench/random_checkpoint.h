#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "inference/base/result.h"
#include "inference/tensor/weight_matrix.h"
#include "inference/weights/convert.h"

namespace vl {

struct RandomCheckpointOptions {
  nlohmann::json config;                  // config.json without quantization_config
  std::optional<WeightType> type;         // Q8Panels or Q4Panels; none: BF16
  std::filesystem::path tokenizerFolder;  // its tokenizer files are copied
  std::uint64_t seed = 1;
};

/// Writes a checkpoint of random weights in the official layout, directly in its type, for
/// measuring speed and memory at real sizes. Linear weights have deviation 1 / sqrt(in), norms are
/// near 1: so every layer gives activations of the order of 1, and the router, whose inputs then
/// point everywhere, chooses all experts about equally often.
///
/// The memory used does not grow with the model. `destination` as for convertCheckpoint().
/// Errors: those of loadModelConfig() for the config, Io, Cancelled, NotFound (tokenizer).
Status writeRandomCheckpoint(const RandomCheckpointOptions& options,
                             const std::filesystem::path& destination,
                             const ConvertProgress& progress);

}  // namespace vl
