#include <array>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/weights/config_reader.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCandidates = 1024;
constexpr int kMaxSidePixels = 1 << 14;
// Bounds what one image may cost: 64 tiles of 421 tokens already pass any official context.
constexpr int kMaxTilesPerImage = 64;

/// [width, height] in pixels, or nullopt when it is anything else.
std::optional<Resolution> resolutionFrom(const json& pair) {
  if (!pair.is_array() || pair.size() != 2) return std::nullopt;
  for (const json& side : pair) {
    if (!side.is_number_unsigned() || side.get<std::size_t>() < 1 ||
        side.get<std::size_t>() > kMaxSidePixels) {
      return std::nullopt;
    }
  }
  return Resolution{pair[0].get<int>(), pair[1].get<int>()};
}

/// The local view is cut into tiles as wide as the first candidate, so all must be multiples of it.
bool isCutIntoTiles(Resolution resolution, int tilePixels) {
  return resolution.width % tilePixels == 0 && resolution.height % tilePixels == 0 &&
         (resolution.width / tilePixels) * (resolution.height / tilePixels) <= kMaxTilesPerImage;
}

void readCandidates(ConfigReader& reader, const json& object, std::vector<Resolution>& candidates) {
  constexpr std::string_view kKey = "candidate_resolutions";
  const auto list = object.find(kKey);
  if (list == object.end() || !list->is_array() || list->empty() || list->size() > kMaxCandidates) {
    return reader.fail(
        ErrorCode::Corrupt, kKey,
        "expected a list of 1 to " + std::to_string(kMaxCandidates) + " pairs of width and height");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::optional<Resolution> resolution = resolutionFrom((*list)[i]);
    if (!resolution) {
      return reader.fail(ErrorCode::Corrupt, kKey,
                         "entry " + std::to_string(i) +
                             ": expected [width, height], each from 1 to " +
                             std::to_string(kMaxSidePixels) + " pixels");
    }
    candidates.push_back(*resolution);
    const int tilePixels = candidates.front().width;
    if (!isCutIntoTiles(*resolution, tilePixels)) {
      return reader.fail(ErrorCode::Corrupt, kKey,
                         "found " + std::to_string(resolution->width) + " x " +
                             std::to_string(resolution->height) + ", expected multiples of " +
                             std::to_string(tilePixels) + " making at most " +
                             std::to_string(kMaxTilesPerImage) + " tiles");
    }
  }
}

void readChannels(ConfigReader& reader, const json& object, std::string_view key, double smallest,
                  std::array<float, 3>& channels) {
  const auto list = object.find(key);
  if (list == object.end()) return;
  bool valid = list->is_array() && list->size() == channels.size();
  for (std::size_t i = 0; valid && i < channels.size(); ++i) {
    const json& item = (*list)[i];
    valid = item.is_number() && item.get<double>() >= smallest && item.get<double>() <= 1.0;
    if (valid) channels[i] = item.get<float>();
  }
  if (!valid) {
    reader.fail(ErrorCode::Corrupt, key, "expected three numbers of at most 1, one per channel");
  }
}

}  // namespace

Result<ProcessorConfig> parseProcessorConfig(const json& object, const std::string& where) {
  ConfigReader reader(object, where);
  if (!reader.status()) return reader.status().error();
  ProcessorConfig config;
  readCandidates(reader, object, config.candidateResolutions);
  reader.read("patch_size", config.patchSize, {1, kMaxSidePixels});
  reader.read("downsample_ratio", config.downsampleRatio, {1, 64});
  readChannels(reader, object, "image_mean", 0.0, config.imageMean);
  readChannels(reader, object, "image_std", 1e-3, config.imageStd);  // a divisor
  reader.read("normalize", config.normalize);
  reader.read("image_token", config.imageToken);
  reader.read("pad_token", config.padToken);
  for (const auto& [key, token] :
       {std::pair{"image_token", &config.imageToken}, std::pair{"pad_token", &config.padToken}}) {
    if (token->empty()) reader.fail(ErrorCode::Corrupt, key, "is empty");
  }

  std::string format = "deepseek";
  reader.read("sft_format", format);
  if (format != "deepseek") {
    reader.fail(ErrorCode::Unsupported, "sft_format",
                "found " + quotedText(format) + ", expected 'deepseek'");
  }
  if (!reader.status()) return reader.status().error();
  return config;
}

}  // namespace vl
