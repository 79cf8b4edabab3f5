#include "ui/composer/prompt_meter.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "inference/text/prompt.h"
#include "inference/vision/tiling.h"
#include "inference/weights/model_config.h"

namespace vl {
namespace {

Role roleOf(ChatRole role) {
  switch (role) {
    case ChatRole::System:
      return Role::System;
    case ChatRole::Assistant:
      return Role::Assistant;
    case ChatRole::User:
      break;
  }
  return Role::User;
}

}  // namespace

struct PromptMeter::Model {
  ModelConfig config;
  Tokenizer tokenizer;
};

std::size_t PromptSize::imageTokens() const {
  return std::accumulate(images.begin(), images.end(), std::size_t{0});
}

Result<PromptMeter> PromptMeter::load(const std::filesystem::path& folder) {
  Result<ModelConfig> config = loadModelConfig(folder);
  if (!config) return config.error();
  Result<Tokenizer> tokenizer =
      Tokenizer::load(folder, config->processor.imageToken, config->processor.padToken);
  if (!tokenizer) return tokenizer.error();
  return PromptMeter(std::make_shared<const Model>(
      Model{std::move(config).value(), std::move(tokenizer).value()}));
}

Result<PromptSize> PromptMeter::measure(std::span<const MeteredTurn> conversation, bool tiling,
                                        std::optional<std::size_t> contextTokens) const {
  std::size_t count = 0;
  for (const MeteredTurn& turn : conversation) count += turn.images.size();
  const bool tiled = tiling && count <= kMaxTiledImages;

  PromptSize size;
  const std::size_t own = model_->config.language.maxPositionEmbeddings;
  size.context = std::min(contextTokens.value_or(own), own);
  std::vector<PromptMessage> messages;
  for (const MeteredTurn& turn : conversation) {
    PromptMessage message{.role = roleOf(turn.role), .parts = {}};
    for (const ImageSize image : turn.images) {  // as userMessage() lays them out
      message.parts.emplace_back(ImageSlot{});
      message.parts.emplace_back("\n");
      const ProcessorConfig& processor = model_->config.processor;
      size.images.push_back(imageTokenCount(tileGrid(image, processor, tiled), processor));
    }
    message.parts.emplace_back(turn.text);
    messages.push_back(std::move(message));
  }
  const Result<Prompt> prompt =
      buildPrompt(model_->tokenizer, messages, size.images, SpecialsPolicy::GroundingOnly);
  if (!prompt) return prompt.error();
  size.text = prompt->ids.size() - size.imageTokens();
  return size;
}

}  // namespace vl
