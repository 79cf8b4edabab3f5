#include "inference/weights/model_facts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>

#include "inference/tensor/checked_size.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/model_tensors.h"

namespace vl {
namespace {

struct OfficialSizes {
  const char* name;
  std::size_t hiddenSize;
  std::size_t numHiddenLayers;
  std::size_t numAttentionHeads;
  std::size_t intermediateSize;
  std::size_t moeIntermediateSize;
  std::size_t nRoutedExperts;
  bool useMla;
};

constexpr std::array<OfficialSizes, 3> kOfficial{{
    {"Tiny", 1280, 12, 10, 6848, 896, 64, false},
    {"Small", 2048, 27, 16, 10944, 1408, 64, true},
    {"Base", 2560, 30, 32, 12288, 1536, 72, true},
}};

bool isOfficialTower(const VisionConfig& vision) {
  return vision.layers == 27 && vision.width == 1152 && vision.heads == 16 &&
         vision.patchSize == 14 && vision.imageSize == 384 && vision.mlpWidth() == 4304;
}

std::size_t elements(const StoredTensor& tensor) {
  return tensor.bytes.size() / sizeOf(tensor.dtype);
}

/// Checkpoint says how quantised weights are stored.
bool isQuantized(const StoredTensor& tensor, const Checkpoint& checkpoint) {
  return (tensor.dtype == DType::I8 || tensor.dtype == DType::U8) &&
         checkpoint.find(tensor.name + "_scale") != nullptr;
}

/// Whether the tensor holds the scales or minimums of a quantised weight.
bool isBesideWeight(const StoredTensor& tensor, const Checkpoint& checkpoint) {
  for (const std::string_view suffix : {"_scale", "_min"}) {
    std::string_view name = tensor.name;
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    const StoredTensor* weight = checkpoint.find(name);
    if (weight != nullptr && isQuantized(*weight, checkpoint)) return true;
  }
  return false;
}

std::string lowerCase(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string typeName(const StoredTensor& tensor, const Checkpoint& checkpoint) {
  if (!isQuantized(tensor, checkpoint)) return lowerCase(nameOf(tensor.dtype));
  return checkpoint.find(tensor.name + "_min") != nullptr ? kQ4Name : kQ8Name;
}

/// Calls visit(tensor, number of values) for every tensor that is a weight.
template <typename Visit>
void forEachWeight(const ModelConfig& config, const Checkpoint& checkpoint, Visit visit) {
  std::map<std::string, std::size_t> modelValues;
  for (const TensorShape& tensor : modelTensors(config)) {
    modelValues.emplace(tensor.name, checkedProduct(tensor.shape).value_or(0));
  }
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    if (isBesideWeight(*tensor, checkpoint)) continue;
    // Panels are padded, so their own shape says too much.
    const auto model = modelValues.find(tensor->name);
    const bool panels = tensor->dtype == DType::U8 && model != modelValues.end();
    visit(*tensor, panels ? model->second : elements(*tensor));
  }
}

using ValuesByType = std::map<std::string, std::size_t>;

std::vector<std::string> mainTypes(const ValuesByType& values) {
  std::size_t total = 0;
  for (const auto& [type, count] : values) total += count;
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [type, count] : values) {
    if (count >= total / 100) order.emplace_back(count, type);
  }
  std::sort(order.rbegin(), order.rend());
  std::vector<std::string> types;
  types.reserve(order.size());
  for (auto& [count, type] : order) types.push_back(std::move(type));
  return types;
}

}  // namespace

std::string variantName(const ModelConfig& config) {
  if (!isOfficialTower(config.vision)) return "custom";
  const LanguageConfig& language = config.language;
  for (const OfficialSizes& sizes : kOfficial) {
    if (language.hiddenSize == sizes.hiddenSize &&
        language.numHiddenLayers == sizes.numHiddenLayers &&
        language.numAttentionHeads == sizes.numAttentionHeads &&
        language.intermediateSize == sizes.intermediateSize &&
        language.moeIntermediateSize == sizes.moeIntermediateSize &&
        language.nRoutedExperts == sizes.nRoutedExperts && language.useMla == sizes.useMla) {
      return sizes.name;
    }
  }
  return "custom";
}

std::size_t parameterCount(const ModelConfig& config, const Checkpoint& checkpoint) {
  std::size_t total = 0;
  forEachWeight(config, checkpoint,
                [&](const StoredTensor&, std::size_t values) { total += values; });
  return total;
}

WeightTypes weightTypes(const ModelConfig& config, const Checkpoint& checkpoint) {
  ValuesByType language;
  ValuesByType vision;
  ValuesByType embeddings;
  forEachWeight(config, checkpoint, [&](const StoredTensor& tensor, std::size_t values) {
    ValuesByType& part = tensor.name.ends_with(".embed_tokens.weight")            ? embeddings
                         : std::string_view(tensor.name).starts_with("language.") ? language
                                                                                  : vision;
    part[typeName(tensor, checkpoint)] += values;
  });
  return {mainTypes(language), mainTypes(vision), mainTypes(embeddings)};
}

std::string weightTypeName(const ModelConfig& config, const Checkpoint& checkpoint) {
  if (config.quantization) return config.quantization->type;
  ValuesByType values;
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    values[lowerCase(nameOf(tensor->dtype))] += elements(*tensor);
  }
  const std::vector<std::string> types = mainTypes(values);
  return types.empty() ? "none" : types.front();
}

}  // namespace vl
