#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/engine/engine.h"
#include "inference/engine/feature_store.h"
#include "inference/kernels/compute.h"
#include "inference/tensor/matrix.h"
#include "inference/text/tokenizer.h"
#include "inference/vision/tiling.h"
#include "inference/weights/memory_plan.h"

namespace vl {

struct LoadOptions {
  std::filesystem::path folder = {};
  std::size_t threads = 0;         // 0: the CPUs this process may run on
  std::size_t prefillChunk = 512;  // tokens per pass of the language model
  bool force = false;              // load although the memory plan does not fit
  Precision precision = Precision::Fast;
  /// Keeps vision features between runs (see FeatureStore); none: in memory only.
  std::optional<std::filesystem::path> featureFolder = std::nullopt;
  std::uintmax_t featureFolderBytes = kDefaultFeatureBytes;
};

/// A token and its logit.
struct ScoredToken {
  TokenId id = 0;
  float logit = 0;
};

/// Greedy decoding step by step, for comparison with the official code.
struct Trace {
  struct Step {
    TokenId id = 0;
    std::vector<ScoredToken> top;  // the best five, best first
  };
  std::vector<TokenId> inputIds;
  std::vector<TileGrid> crops;  // one per image
  std::vector<Step> steps;
};

/// A conversation and its answer, for LocalEngine::score().
struct ScoreRequest {
  std::vector<ChatMessage> conversation;
  std::optional<std::vector<TokenId>> answer = {};  // none: the model's own, greedy
  std::size_t maxTokens = 128;                      // of the model's own answer
};

/// What was scored: of the prompt the places whose next token is text, and the answer.
struct ScoredText {
  std::vector<TokenId> promptIds;  // images included
  std::size_t promptPlaces = 0;
  std::vector<TokenId> answer;  // without end-of-sequence
};

/// F32 logits [vocabSize] of the token after one place; valid during the call.
using LogitsRow = std::function<void(std::span<const float> logits)>;

/// How long a run over token ids took.
struct TokenTimings {
  std::size_t reusedTokens = 0;  // beginning of the prompt that the KV cache still held
  double prefillMs = 0;          // the rest of it, up to the logits of the next token
  double decodeMs = 0;           // all of the answer, one token at a time
};

/// Runs a DeepSeek-VL2 checkpoint in this process: tile, encode, project, build the prompt,
/// prefill, decode. Keeps the KV cache and the vision features of the last conversation, so that a
/// follow-up turn encodes no tile again and prefills only what is new.
class LocalEngine final : public Engine {
 public:
  /// Errors: NotFound, Corrupt, Unsupported, Io; OutOfMemory with the numbers of the plan;
  /// Cancelled.
  static Result<std::unique_ptr<LocalEngine>> load(const LoadOptions& options,
                                                   const std::stop_token& stop = {});
  ~LocalEngine() override;

  Result<GenerateSummary> generate(const GenerateRequest& request, const GenerateCallbacks& on,
                                   const std::stop_token& stop) override;
  std::size_t contextTokens() const override;

  /// Greedy tokens with their best five logits; goes on after end-of-sequence. Added tokens in
  /// texts are control tokens and EXIF is ignored, as upstream. Errors as generate(); Cancelled.
  Result<Trace> trace(std::span<const ChatMessage> conversation, std::size_t maxTokens,
                      const std::stop_token& stop);

  /// Runs a prompt and then an answer that is given, without sampling: what the language model
  /// takes for any number of tokens at any depth. The KV cache keeps both.
  /// Errors: InvalidArgument (an empty prompt, an id outside the vocabulary), ContextFull;
  /// Cancelled.
  Result<TokenTimings> runTokens(std::span<const TokenId> prompt, std::span<const TokenId> answer,
                                 const std::stop_token& stop);

  /// Hands out what the model expects at place after place, for comparing models: promptPlaces
  /// times of the prompt, computed in passes like any prompt, then before each token of the answer
  /// and after its last one, computed token by token like any answer. The KV cache is not reused.
  /// Errors: as generate(); InvalidArgument for an id outside the vocabulary; Cancelled.
  Result<ScoredText> score(const ScoreRequest& request, const LogitsRow& row,
                           const std::stop_token& stop);

  /// The projector's output [tokens, hidden] of each view of an image, global view first; of a
  /// 1 x 1 grid only that. Errors: as generate(); Cancelled.
  Result<std::vector<Matrix>> project(const ImageFile& image, const std::stop_token& stop);

  const Tokenizer& tokenizer() const;

 private:
  struct Impl;
  explicit LocalEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vl
