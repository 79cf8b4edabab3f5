#include "inference/weights/model_config.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "inference/weights/config_reader.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/json_file.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;

/// A sub-object; a missing one is empty and so takes every default.
json section(const json& root, const char* key) {
  const auto found = root.find(key);
  return found == root.end() ? json::object() : *found;
}

Status readTopLevel(const json& root, const std::string& where, ModelConfig& config) {
  ConfigReader reader(root, where);
  std::string modelType = "deepseek_vl_v2";
  reader.read("model_type", modelType);
  if (modelType != "deepseek_vl_v2") {
    reader.fail(ErrorCode::Unsupported, "model_type",
                "found " + quotedText(modelType) + ", expected 'deepseek_vl_v2'");
  }
  // The official default is an invalid text, with which the model cannot be built either.
  if (reader.isMissing("tile_tag")) {
    reader.fail(ErrorCode::Corrupt, "tile_tag", "is missing, expected '2D'");
  }
  std::string tileTag = "2D";
  reader.read("tile_tag", tileTag);
  if (tileTag != "2D") {
    reader.fail(ErrorCode::Unsupported, "tile_tag",
                "found " + quotedText(tileTag) + ", expected '2D'");
  }
  std::string globalViewPos = "head";
  reader.read("global_view_pos", globalViewPos);
  config.globalViewFirst = globalViewPos == "head";
  return reader.status();
}

/// Values that two sections state and that must agree.
Status checkAgreement(const ModelConfig& config, const std::string& where) {
  struct Pair {
    const char* name;
    std::size_t found;
    const char* otherName;
    std::size_t expected;
  };
  const Pair pairs[] = {
      {"projector_config.input_dim", config.projector.inputDim, "vision_config.width",
       config.vision.width},
      {"projector_config.n_embed", config.projector.nEmbed, "language_config.hidden_size",
       config.language.hiddenSize},
      {"vision_config.image_size", config.vision.imageSize,
       "the tile width of processor_config.json",
       static_cast<std::size_t>(config.processor.tilePixels())},
      {"vision_config.patch_size", config.vision.patchSize, "patch_size of processor_config.json",
       config.processor.patchSize},
      {"projector_config.downsample_ratio", config.projector.downsampleRatio,
       "downsample_ratio of processor_config.json", config.processor.downsampleRatio},
  };
  for (const Pair& pair : pairs) {
    if (pair.found != pair.expected) {
      return Error{ErrorCode::Corrupt, where + ": " + pair.name + ": found " +
                                           std::to_string(pair.found) + ", expected " +
                                           pair.otherName + ", which is " +
                                           std::to_string(pair.expected)};
    }
  }
  return {};
}

}  // namespace

Result<ModelConfig> loadModelConfig(const std::filesystem::path& folder) {
  const std::filesystem::path configPath = folder / "config.json";
  const std::filesystem::path processorPath = folder / "processor_config.json";
  const Result<json> root = readJsonFile(configPath, kMaxConfigBytes);
  if (!root) return root.error();
  const Result<json> processor = readJsonFile(processorPath, kMaxConfigBytes);
  if (!processor) return processor.error();

  const std::string where = configPath.string();
  ModelConfig config;
  if (const Status topLevel = readTopLevel(*root, where, config); !topLevel)
    return topLevel.error();

  const auto language =
      parseLanguageConfig(section(*root, "language_config"), where + ": language_config");
  if (!language) return language.error();
  config.language = *language;
  const auto vision = parseVisionConfig(section(*root, "vision_config"), where + ": vision_config");
  if (!vision) return vision.error();
  config.vision = *vision;
  const auto projector =
      parseProjectorConfig(section(*root, "projector_config"), where + ": projector_config");
  if (!projector) return projector.error();
  config.projector = *projector;
  const auto processorConfig = parseProcessorConfig(*processor, processorPath.string());
  if (!processorConfig) return processorConfig.error();
  config.processor = *processorConfig;
  const auto quantization = parseQuantizationConfig(*root, where);
  if (!quantization) return quantization.error();
  config.quantization = *quantization;

  if (const Status agreement = checkAgreement(config, where); !agreement) return agreement.error();
  return config;
}

}  // namespace vl
