#include "inference/vision/normalize.h"

#include <array>
#include <cassert>
#include <cstddef>

namespace vl {
namespace {

/// All values a channel can take. Three F32 operations in upstream's order, each rounded.
std::array<float, 256> tableOf(float mean, float deviation, bool normalize) {
  std::array<float, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const float value = static_cast<float>(byte) / 255.0f;
    table[byte] = normalize ? (value - mean) / deviation : value;
  }
  return table;
}

}  // namespace

void normalizeView(const RgbImage& view, const ProcessorConfig& config, std::span<float> planes) {
  assert(planes.size() == view.pixels.size());
  constexpr std::size_t kChannels = 3;
  const std::size_t planeSize = view.pixels.size() / kChannels;
  for (std::size_t c = 0; c < kChannels; ++c) {
    const std::array<float, 256> table =
        tableOf(config.imageMean[c], config.imageStd[c], config.normalize);
    const std::span<float> plane = planes.subspan(c * planeSize, planeSize);
    for (std::size_t i = 0; i < planeSize; ++i) {
      plane[i] = table[view.pixels[kChannels * i + c]];
    }
  }
}

}  // namespace vl
