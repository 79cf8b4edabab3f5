#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "inference/engine/request.h"

namespace vl {

/// A turn of a conversation with the sizes of its images, without their files.
struct MeteredTurn {
  ChatRole role = ChatRole::User;
  std::string text;
  std::vector<ImageSize> images;
};

/// What a conversation takes of the model's context, in tokens.
struct PromptSize {
  std::size_t text = 0;             // words, roles and line ends
  std::vector<std::size_t> images;  // each image of the conversation, in order
  std::size_t context = 0;          // what prompt and answer may take together

  std::size_t imageTokens() const;
  std::size_t total() const { return text + imageTokens(); }
  /// What is left for the next answer.
  std::size_t left() const { return total() < context ? context - total() : 0; }
  /// Whether the model would take it: less than this is no answer.
  bool fits() const { return left() >= kLeastAnswer; }

  static constexpr std::size_t kLeastAnswer = 16;
  bool operator==(const PromptSize&) const = default;
};

/// Counts the tokens of conversations as the engine does, with a tokenizer of its own: the engine's
/// is busy while an answer is written. Immutable: safe to use from several threads.
class PromptMeter {
 public:
  /// Reads tokenizer and configuration of a model, which takes up to a second.
  static Result<PromptMeter> load(const std::filesystem::path& folder);

  /// `tiling`: images are cut into tiles while the conversation has few enough of them.
  /// `contextTokens`: less context than the model's own. Errors as buildPrompt().
  Result<PromptSize> measure(std::span<const MeteredTurn> conversation, bool tiling,
                             std::optional<std::size_t> contextTokens = std::nullopt) const;

 private:
  struct Model;
  explicit PromptMeter(std::shared_ptr<const Model> model) : model_(std::move(model)) {}
  std::shared_ptr<const Model> model_;
};

}  // namespace vl
