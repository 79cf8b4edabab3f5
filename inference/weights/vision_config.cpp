#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "inference/weights/config_reader.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxImageSide = 1 << 12;  // pixels of one tile
constexpr double kMaxMlpRatio = 64.0;

}  // namespace

Result<VisionConfig> parseVisionConfig(const json& object, const std::string& where) {
  ConfigReader reader(object, where);
  VisionConfig config;
  reader.read("image_size", config.imageSize, {1, kMaxImageSide});
  reader.read("patch_size", config.patchSize, {1, config.imageSize});
  reader.read("width", config.width, {1, kMaxWidth});
  reader.read("layers", config.layers, {1, kMaxLayers});
  reader.read("heads", config.heads, {1, kMaxHeads});
  reader.read("mlp_ratio", config.mlpRatio, {1e-6, kMaxMlpRatio});
  if (config.width % config.heads != 0) {
    reader.fail(ErrorCode::Corrupt, "heads",
                "found " + std::to_string(config.heads) + ", expected a divisor of width " +
                    std::to_string(config.width));
  }
  if (config.mlpWidth() == 0) {
    reader.fail(ErrorCode::Corrupt, "mlp_ratio", "leaves the hidden layer without a unit");
  }

  // Only the tower of the official files is built: patch features, no class token, no pooling.
  std::string pool = "map";
  reader.read("global_pool", pool);
  if (pool != "map") {
    reader.fail(ErrorCode::Unsupported, "global_pool",
                "found " + quotedText(pool) + ", expected 'map'");
  }
  bool ignoreHead = true;
  reader.read("ignore_head", ignoreHead);
  if (!ignoreHead) reader.fail(ErrorCode::Unsupported, "ignore_head", "false is not supported");
  bool classToken = false;
  reader.read("class_token", classToken);
  if (classToken) reader.fail(ErrorCode::Unsupported, "class_token", "true is not supported");
  if (!reader.status()) return reader.status().error();
  return config;
}

Result<ProjectorConfig> parseProjectorConfig(const json& object, const std::string& where) {
  ConfigReader reader(object, where);
  ProjectorConfig config;
  std::string type = "downsample_mlp_gelu";
  reader.read("projector_type", type);
  if (type != "downsample_mlp_gelu") {
    reader.fail(ErrorCode::Unsupported, "projector_type",
                "found " + quotedText(type) + ", expected 'downsample_mlp_gelu'");
  }
  bool tokenPooling = false;
  reader.read("token_pooling", tokenPooling);
  if (tokenPooling) reader.fail(ErrorCode::Unsupported, "token_pooling", "true is not supported");
  reader.read("input_dim", config.inputDim, {1, kMaxWidth});
  reader.read("n_embed", config.nEmbed, {1, kMaxWidth});
  reader.read("depth", config.depth, {1, 64});
  reader.read("mlp_ratio", config.mlpRatio, {1, 64});
  reader.read("downsample_ratio", config.downsampleRatio, {1, 64});
  // The first and the last layer always exist: upstream builds the same for depth 1 and 2.
  config.depth = std::max<std::size_t>(config.depth, 2);
  if (!reader.status()) return reader.status().error();
  return config;
}

}  // namespace vl
