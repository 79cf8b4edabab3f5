#include "app/cli/model_facts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>

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

/// Checkpoint says how Q8_0 is stored.
bool isScale(const StoredTensor& tensor, const Checkpoint& checkpoint) {
  constexpr std::string_view kSuffix = "_scale";
  std::string_view name = tensor.name;
  if (!name.ends_with(kSuffix)) return false;
  name.remove_suffix(kSuffix.size());
  const StoredTensor* weight = checkpoint.find(name);
  return weight != nullptr && weight->dtype == DType::I8;
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

std::size_t parameterCount(const Checkpoint& checkpoint) {
  std::size_t count = 0;
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    if (!isScale(*tensor, checkpoint)) count += elements(*tensor);
  }
  return count;
}

std::string weightTypeName(const ModelConfig& config, const Checkpoint& checkpoint) {
  if (config.quantization) return config.quantization->type;
  std::map<DType, std::size_t> counts;
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    counts[tensor->dtype] += elements(*tensor);
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == counts.end()) return "none";
  std::string name(nameOf(most->first));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace vl
