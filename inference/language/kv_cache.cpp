#include "inference/language/kv_cache.h"

namespace vl {

KvCache::KvCache(const LanguageConfig& config, std::size_t capacity)
    : capacity_(capacity), heads_(config.useMla ? 1 : config.numKeyValueHeads) {
  const std::size_t keyWidth = config.useMla ? config.qkRopeHeadDim : config.headDim();
  const std::size_t valueWidth = config.useMla ? config.kvLoraRank : config.headDim();
  for (std::size_t layer = 0; layer < config.numHiddenLayers; ++layer) {
    keys_.emplace_back(heads_ * capacity, keyWidth);
    values_.emplace_back(heads_ * capacity, valueWidth);
  }
}

}  // namespace vl
