#pragma once

#include <filesystem>
#include <optional>

#include "inference/engine/digest.h"
#include "inference/kernels/compute.h"
#include "inference/weights/checkpoint.h"

namespace vl {

/// What decides the vision features of a picture besides the picture: names, sizes and times of the
/// model's files, names, types and shapes of its tensors, how products are rounded, and the
/// version of our code. Weights are not read. None when a file cannot be looked at.
std::optional<Digest> modelFingerprint(const std::filesystem::path& folder,
                                       const Checkpoint& checkpoint, Precision precision);

}  // namespace vl
