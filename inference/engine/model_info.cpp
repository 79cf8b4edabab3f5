#include "inference/engine/model_info.h"

#include <utility>

#include "inference/engine/local_engine.h"
#include "inference/weights/checkpoint.h"

namespace vl {

Result<ModelInfo> inspectModel(const std::filesystem::path& folder, std::size_t threads) {
  Result<ModelConfig> config = loadModelConfig(folder);
  if (!config) return config.error();
  Result<Checkpoint> checkpoint = Checkpoint::open(folder);
  if (!checkpoint) return checkpoint.error();
  ModelInfo info;
  info.folder = folder;
  info.config = std::move(*config);
  info.variant = variantName(info.config);
  info.parameters = parameterCount(info.config, *checkpoint);
  info.weightsBytes = checkpoint->fileBytes();
  info.weightType = weightTypeName(info.config, *checkpoint);
  info.types = weightTypes(info.config, *checkpoint);
  info.memory = planMemory(info.config, residentWeightBytes(*checkpoint, info.config.language),
                           LoadOptions().prefillChunk, threads, LoadOptions().precision);
  return info;
}

}  // namespace vl
