#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "inference/base/result.h"
#include "inference/kernels/compute.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// Bytes of source weights converted, of all that will be. Called often, on the calling thread.
using ConvertProgress = std::function<void(std::size_t doneBytes, std::size_t totalBytes)>;

/// Writes a copy of a checkpoint folder whose linear weights are `type`, Q8Panels ("q8_0") or
/// Q4Panels ("q4"), with the exceptions of storedType(); Checkpoint says how they are stored.
/// Everything needed to run is included: configs, with "quantization_config" in config.json,
/// tokenizer and processor files, licence and model card. Tensors that nothing computes with are
/// left out.
///
/// Streams: the memory used does not grow with the model. `destination` must not exist or be an
/// empty folder; it appears complete or not at all. A stop is noticed within a megabyte; removing
/// what was written then takes as long as the file system needs for it.
/// Errors: those of loadModelConfig() and Checkpoint::open(); InvalidArgument (destination in use
/// or the source itself, source already quantised), Unsupported (type), Corrupt (weights that are
/// not finite numbers), Io (full disk), Cancelled.
Status convertCheckpoint(const std::filesystem::path& source,
                         const std::filesystem::path& destination, WeightType type,
                         Compute& compute, const ConvertProgress& progress,
                         const std::stop_token& stop);

}  // namespace vl
