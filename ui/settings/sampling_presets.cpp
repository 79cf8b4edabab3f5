#include "ui/settings/sampling_presets.h"

#include <cassert>

namespace vl {
namespace {

bool hasSameChoice(const SamplingOptions& a, const SamplingOptions& b) {
  return a.temperature == b.temperature && a.topP == b.topP && a.minP == b.minP &&
         a.topK == b.topK && a.repetitionPenalty == b.repetitionPenalty;
}

}  // namespace

SamplingOptions presetOptions(SamplingPreset preset) {
  assert(preset != SamplingPreset::Custom);
  SamplingOptions options;  // the demo's
  if (preset == SamplingPreset::Exact) options.temperature = 0;
  return options;
}

SamplingPreset presetOf(const SamplingOptions& options) {
  if (options.temperature == 0) return SamplingPreset::Exact;  // looks at nothing else
  const bool demo = hasSameChoice(options, presetOptions(SamplingPreset::Demo));
  return demo ? SamplingPreset::Demo : SamplingPreset::Custom;
}

}  // namespace vl
