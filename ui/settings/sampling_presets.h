#pragma once

#include "inference/base/sampling_options.h"

namespace vl {

/// Ways to choose the next word that have a name.
enum class SamplingPreset { Exact, Demo, Custom };

/// Exact: always the likeliest word, so that an answer can be had again. Demo: what the publisher's
/// demo begins with. Requires preset != Custom.
SamplingOptions presetOptions(SamplingPreset preset);
/// The seed does not matter to it.
SamplingPreset presetOf(const SamplingOptions& options);

}  // namespace vl
