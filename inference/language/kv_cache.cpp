#include "inference/language/kv_cache.h"

namespace vl {

KvCache::KvCache(const LanguageConfig& config, std::size_t capacity, Precision precision)
    : capacity_(capacity),
      heads_(config.useMla ? 1 : config.numKeyValueHeads),
      keyWidth_(config.useMla ? config.qkRopeHeadDim : config.headDim()),
      valueWidth_(config.useMla ? config.kvLoraRank : config.headDim()),
      precision_(precision) {
  if (precision == Precision::Fast && config.useMla) keyWidth_ += config.kvLoraRank;
  for (std::size_t layer = 0; layer < config.numHiddenLayers; ++layer) {
    if (precision == Precision::Fast) {
      words_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(
          heads_ *
          (KvPanels::keyWords(capacity, keyWidth_) + KvPanels::valueWords(capacity, valueWidth_))));
    } else {
      keys_.emplace_back(heads_ * capacity, keyWidth_);
      values_.emplace_back(heads_ * capacity, valueWidth_);
    }
  }
}

KvPanels KvCache::panels(std::size_t layer, std::size_t head) {
  assert(precision_ == Precision::Fast);
  const std::size_t keyWords = KvPanels::keyWords(capacity_, keyWidth_);
  const std::size_t valueWords = KvPanels::valueWords(capacity_, valueWidth_);
  std::uint32_t* words = words_[layer].get() + head * (keyWords + valueWords);
  return {words, keyWidth_, words + keyWords, valueWidth_};
}

}  // namespace vl
