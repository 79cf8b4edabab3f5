#include "inference/engine/local_engine.h"

#include <algorithm>
#include <numeric>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "inference/engine/answer_stream.h"
#include "inference/engine/conversation.h"
#include "inference/engine/image_encoder.h"
#include "inference/engine/kv_session.h"
#include "inference/engine/model_fingerprint.h"
#include "inference/engine/stopwatch.h"
#include "inference/kernels/compute.h"
#include "inference/language/language_model.h"
#include "inference/language/sampler.h"
#include "inference/text/prompt.h"

namespace vl {
namespace {

/// A prompt that leaves less room than this for the answer is refused.
constexpr std::size_t kMinAnswerTokens = 16;
constexpr std::size_t kTraceTop = 5;
/// Rows of logits that score() computes at once.
constexpr std::size_t kScoredRows = 16;

std::string mebibytes(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

Status checkMemory(const MemoryPlan& plan, const std::filesystem::path& folder) {
  if (plan.fits()) return {};
  return Error{ErrorCode::OutOfMemory, folder.string() + " needs " + mebibytes(plan.total()) +
                                           " of memory (weights " + mebibytes(plan.weights) +
                                           ", KV cache " + mebibytes(plan.kvCache) + ", scratch " +
                                           mebibytes(plan.scratch) + "), but only " +
                                           mebibytes(plan.available) + " are available."};
}

Status checkVocabulary(const Tokenizer& tokenizer, const LanguageConfig& config) {
  if (tokenizer.size() <= config.vocabSize) return {};
  return Error{ErrorCode::Corrupt, "tokenizer.json has " + std::to_string(tokenizer.size()) +
                                       " tokens, but vocab_size in config.json is " +
                                       std::to_string(config.vocabSize) + "."};
}

std::uint64_t randomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

std::vector<ScoredToken> bestOf(std::span<const float> logits, std::size_t count) {
  std::vector<TokenId> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
  const auto logit = [&](TokenId id) { return logits[static_cast<std::size_t>(id)]; };
  std::partial_sort(order.begin(), end, order.end(),
                    [&](TokenId a, TokenId b) { return logit(a) > logit(b); });
  std::vector<ScoredToken> best;
  for (auto it = order.begin(); it != end; ++it) best.push_back({*it, logit(*it)});
  return best;
}

/// A conversation as the language model takes it.
struct PreparedPrompt {
  Prompt prompt;
  std::vector<ImageSource> images;
  std::vector<PromptPosition> positions;
};

/// Looks at a piece of the prompt after the last layer: x [tokens, hidden], from place `begin` on.
using PlaceScorer = std::function<void(MatrixView<const float> x, std::size_t begin)>;

Status checkTokens(std::span<const TokenId> ids, std::size_t vocabulary) {
  for (const TokenId id : ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= vocabulary) {
      return Error{ErrorCode::InvalidArgument, "There is no token " + std::to_string(id) +
                                                   " in a vocabulary of " +
                                                   std::to_string(vocabulary) + "."};
    }
  }
  return {};
}

}  // namespace

struct LocalEngine::Impl {
  Impl(const ModelConfig& modelConfig, Checkpoint opened, Tokenizer loaded, std::size_t threads,
       std::size_t chunk, Precision precision)
      : config(modelConfig),
        checkpoint(std::move(opened)),
        tokenizer(std::move(loaded)),
        prefillChunk(chunk),
        compute(threads, precision),
        session(config.language, config.language.maxPositionEmbeddings, precision) {}

  /// `mayTile`: images are tiled while there are few enough of them.
  Result<PreparedPrompt> prepare(std::span<const ChatMessage> conversation, bool mayTile,
                                 bool upstreamRules, std::size_t contextTokens) const;
  Result<bool> prefill(const PreparedPrompt& prepared, const GenerateCallbacks& on,
                       const std::stop_token& stop, GenerateSummary& summary,
                       std::span<float> logits, const PlaceScorer* scorer = nullptr);
  bool step(TokenId id, std::span<float> logits, const std::stop_token& stop);
  StopReason decode(const GenerateRequest& request, const PreparedPrompt& prepared,
                    std::span<float> logits, const GenerateCallbacks& on,
                    const std::stop_token& stop, const Stopwatch& sinceStart, AnswerStream& answer,
                    GenerateSummary& summary);
  bool forward(MatrixView<float> x, std::span<const PromptPosition> positions,
               const std::stop_token& stop);
  void lastLogits(MatrixView<float> x, std::span<float> logits);
  void logitsAt(MatrixView<const float> x, std::span<const std::size_t> rows, const LogitsRow& row);
  std::optional<FeatureCache> openFeatureCache(const LoadOptions& options) const;
  std::size_t context() const { return config.language.maxPositionEmbeddings; }
  std::size_t contextOf(const GenerateRequest& request) const {
    return std::min(request.contextTokens.value_or(context()), context());
  }

  ModelConfig config;
  Checkpoint checkpoint;
  Tokenizer tokenizer;
  std::size_t prefillChunk;
  Compute compute;
  KvSession session;
  std::optional<ImageEncoder> images;  // set once loading has succeeded, as is
  std::optional<LanguageModel> language;
};

/// Where this model's vision features are kept between runs, if anywhere.
std::optional<FeatureCache> LocalEngine::Impl::openFeatureCache(const LoadOptions& options) const {
  if (!options.featureFolder) return std::nullopt;
  const std::optional<Digest> model =
      modelFingerprint(options.folder, checkpoint, compute.precision());
  if (!model) return std::nullopt;
  return FeatureCache{FeatureStore(*options.featureFolder, options.featureFolderBytes), *model};
}

Result<std::unique_ptr<LocalEngine>> LocalEngine::load(const LoadOptions& options,
                                                       const std::stop_token& stop) {
  const Error cancelled{ErrorCode::Cancelled, "Loading was cancelled."};
  Result<ModelConfig> config = loadModelConfig(options.folder);
  if (!config) return config.error();
  Result<Checkpoint> checkpoint = Checkpoint::open(options.folder);
  if (!checkpoint) return checkpoint.error();
  const std::size_t threads = options.threads == 0 ? availableCpus() : options.threads;
  const std::size_t chunk = std::max<std::size_t>(1, options.prefillChunk);
  if (!options.force) {
    const MemoryPlan plan = planMemory(*config, residentWeightBytes(*checkpoint, config->language),
                                       chunk, threads, options.precision);
    if (const Status memory = checkMemory(plan, options.folder); !memory) return memory.error();
  }
  if (stop.stop_requested()) return cancelled;
  Result<Tokenizer> tokenizer =
      Tokenizer::load(options.folder, config->processor.imageToken, config->processor.padToken);
  if (!tokenizer) return tokenizer.error();
  if (const Status ids = checkVocabulary(*tokenizer, config->language); !ids) return ids.error();
  if (stop.stop_requested()) return cancelled;

  cv::setNumThreads(1);  // `compute` decides how many threads there are
  auto impl =
      std::make_unique<Impl>(*config, std::move(checkpoint).value(), std::move(tokenizer).value(),
                             threads, chunk, options.precision);
  Result<ImageEncoder> images =
      ImageEncoder::load(impl->checkpoint, *config, impl->openFeatureCache(options));
  if (!images) return images.error();
  impl->images.emplace(std::move(images).value());
  if (stop.stop_requested()) return cancelled;
  Result<LanguageModel> language = LanguageModel::load(impl->checkpoint, config->language);
  if (!language) return language.error();
  impl->language.emplace(std::move(language).value());
  return std::unique_ptr<LocalEngine>(new LocalEngine(std::move(impl)));
}

LocalEngine::LocalEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LocalEngine::~LocalEngine() = default;

std::size_t LocalEngine::contextTokens() const { return impl_->context(); }

Result<GenerateSummary> LocalEngine::generate(const GenerateRequest& request,
                                              const GenerateCallbacks& on,
                                              const std::stop_token& stop) {
  const Stopwatch sinceStart;
  Result<PreparedPrompt> prepared = impl_->prepare(request.conversation, request.tiling,
                                                   request.rawSpecials, impl_->contextOf(request));
  if (!prepared) return prepared.error();

  GenerateSummary summary;
  summary.seed = request.sampling.seed ? *request.sampling.seed : randomSeed();
  summary.usage.promptTokens = prepared->prompt.ids.size();
  for (const ImageSource& image : prepared->images) {
    summary.images.push_back(image.size);
    summary.usage.imageTokens += image.tokens;
  }
  const std::optional<std::size_t> image = groundedImage(request.conversation);
  AnswerStream answer(impl_->tokenizer, on, image, image ? summary.images[*image] : ImageSize{});

  std::vector<float> logits(impl_->config.language.vocabSize);
  const Result<bool> ready = impl_->prefill(*prepared, on, stop, summary, logits);
  if (!ready) return ready.error();
  summary.stopReason =
      *ready ? impl_->decode(request, *prepared, logits, on, stop, sinceStart, answer, summary)
             : StopReason::Cancelled;
  answer.finish(summary);
  return summary;
}

Result<PreparedPrompt> LocalEngine::Impl::prepare(std::span<const ChatMessage> conversation,
                                                  bool mayTile, bool upstreamRules,
                                                  std::size_t contextTokens) const {
  PreparedPrompt prepared;
  const std::vector<ImageFile> files = imagesOf(conversation);
  const bool tiling = mayTile && files.size() <= kMaxTiledImages;
  for (const ImageFile& file : files) {
    Result<ImageSource> image =
        images->read(file, tiling, upstreamRules ? Orientation::AsStored : Orientation::ApplyExif);
    if (!image) return image.error();
    prepared.images.push_back(std::move(image).value());
  }
  Result<Prompt> prompt =
      promptOf(tokenizer, conversation, prepared.images,
               upstreamRules ? SpecialsPolicy::All : SpecialsPolicy::GroundingOnly, contextTokens,
               kMinAnswerTokens);
  if (!prompt) return prompt.error();
  prepared.prompt = std::move(prompt).value();
  prepared.positions = positionsOf(prepared.prompt, prepared.images);
  return prepared;
}

/// Encodes images and runs the prompt; `logits` are then those of the first answer token. False
/// when cancelled.
Result<bool> LocalEngine::Impl::prefill(const PreparedPrompt& prepared, const GenerateCallbacks& on,
                                        const std::stop_token& stop, GenerateSummary& summary,
                                        std::span<float> logits, const PlaceScorer* scorer) {
  auto encoded = images->encode(compute, prepared.images, on.progress, stop, summary.timings);
  if (!encoded) return encoded.error();
  if (!encoded->has_value()) return false;
  const std::vector<MatrixView<const float>>& embeddings = **encoded;

  const Stopwatch watch;
  const std::vector<TokenId>& ids = prepared.prompt.ids;
  const std::size_t reused = session.reuse(prepared.positions);
  summary.usage.reusedTokens = reused;
  Matrix rows(std::min(prefillChunk, ids.size() - reused), config.language.hiddenSize);
  for (std::size_t begin = reused; begin < ids.size(); begin += prefillChunk) {
    if (on.progress) on.progress({Stage::Prefill, begin, ids.size()});
    const std::size_t count = std::min(prefillChunk, ids.size() - begin);
    const MatrixView<float> x = rows.top(count);
    for (std::size_t t = 0; t < count; ++t) {
      if (prepared.positions[begin + t].image == 0) language->embed(ids[begin + t], x.row(t));
    }
    for (std::size_t i = 0; i < embeddings.size(); ++i) {
      const ImageSpan& span = prepared.prompt.images[i];
      const std::size_t first = std::max(begin, span.begin);
      const std::size_t last = std::min(begin + count, span.begin + span.count);
      for (std::size_t at = first; at < last; ++at) {
        const std::span<const float> row = embeddings[i].row(at - span.begin);
        std::copy(row.begin(), row.end(), x.row(at - begin).begin());
      }
    }
    if (!forward(x, std::span(prepared.positions).subspan(begin, count), stop)) return false;
    if (scorer != nullptr) (*scorer)(x, begin);
    if (begin + count == ids.size()) lastLogits(x, logits);
  }
  if (on.progress) on.progress({Stage::Prefill, ids.size(), ids.size()});
  summary.timings.prefillMs = watch.milliseconds();
  return true;
}

bool LocalEngine::Impl::forward(MatrixView<float> x, std::span<const PromptPosition> positions,
                                const std::stop_token& stop) {
  if (!language->forward(compute, x, session.cache(), stop)) return false;
  session.append(positions);
  return true;
}

void LocalEngine::Impl::lastLogits(MatrixView<float> x, std::span<float> logits) {
  const MatrixView<float> last = x.middleRows(x.rows() - 1, 1);
  language->finalNorm(compute, last, last);
  language->logits(compute, last, {logits.data(), 1, logits.size()});
}

/// Hands out the logits of some rows of x, kScoredRows at a time: all at once would be gigabytes.
void LocalEngine::Impl::logitsAt(MatrixView<const float> x, std::span<const std::size_t> rows,
                                 const LogitsRow& row) {
  Matrix normed(std::min(kScoredRows, rows.size()), config.language.hiddenSize);
  Matrix logits(normed.rows(), config.language.vocabSize);
  for (std::size_t begin = 0; begin < rows.size(); begin += kScoredRows) {
    const std::size_t count = std::min(kScoredRows, rows.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<const float> from = x.row(rows[begin + i]);
      std::copy(from.begin(), from.end(), normed.view().row(i).begin());
    }
    language->finalNorm(compute, normed.top(count), normed.top(count));
    language->logits(compute, normed.top(count), logits.top(count));
    for (std::size_t i = 0; i < count; ++i) row(logits.view().row(i));
  }
}

/// Runs one generated token; false when cancelled.
bool LocalEngine::Impl::step(TokenId id, std::span<float> logits, const std::stop_token& stop) {
  Matrix row(1, config.language.hiddenSize);
  language->embed(id, row.view().row(0));
  const PromptPosition position{.token = id};
  if (!forward(row.view(), {&position, 1}, stop)) return false;
  lastLogits(row.view(), logits);
  return true;
}

StopReason LocalEngine::Impl::decode(const GenerateRequest& request, const PreparedPrompt& prepared,
                                     std::span<float> logits, const GenerateCallbacks& on,
                                     const std::stop_token& stop, const Stopwatch& sinceStart,
                                     AnswerStream& answer, GenerateSummary& summary) {
  const std::size_t room = contextOf(request) - prepared.prompt.ids.size();
  const std::size_t limit = std::min(request.maxTokens, room);
  Sampler sampler(request.sampling, summary.seed, logits.size(), prepared.prompt.ids);
  std::size_t& done = summary.usage.completionTokens;
  Stopwatch watch;
  while (done < limit) {
    const TokenId id = sampler.next(logits);
    if (done == 0) {
      summary.timings.firstTokenMs = sinceStart.milliseconds();
      watch.reset();
    }
    if (id == tokenizer.specials().eos) return StopReason::EndOfSequence;
    ++done;
    answer.push(id);
    summary.timings.decodeMs = watch.milliseconds();
    if (on.progress) on.progress({Stage::Decode, done, limit});
    if (stop.stop_requested()) return StopReason::Cancelled;
    if (done < limit && !step(id, logits, stop)) return StopReason::Cancelled;
  }
  return limit < request.maxTokens ? StopReason::ContextFull : StopReason::TokenLimit;
}

Result<Trace> LocalEngine::trace(std::span<const ChatMessage> conversation, std::size_t maxTokens,
                                 const std::stop_token& stop) {
  const Error cancelled{ErrorCode::Cancelled, "The trace was cancelled."};
  Result<PreparedPrompt> prepared = impl_->prepare(conversation, true, true, impl_->context());
  if (!prepared) return prepared.error();
  Trace trace;
  trace.inputIds = prepared->prompt.ids;
  for (const ImageSource& image : prepared->images) trace.crops.push_back(image.grid);

  std::vector<float> logits(impl_->config.language.vocabSize);
  GenerateSummary unused;
  const Result<bool> ready = impl_->prefill(*prepared, {}, stop, unused, logits);
  if (!ready) return ready.error();
  if (!*ready) return cancelled;
  const std::size_t room = impl_->context() - prepared->prompt.ids.size();
  const std::size_t limit = std::min(maxTokens, room);
  for (std::size_t i = 0; i < limit; ++i) {
    std::vector<ScoredToken> top = bestOf(logits, kTraceTop);
    const TokenId id = top.front().id;
    trace.steps.push_back({id, std::move(top)});
    if (i + 1 < limit && !impl_->step(id, logits, stop)) return cancelled;
  }
  return trace;
}

Result<TokenTimings> LocalEngine::runTokens(std::span<const TokenId> prompt,
                                            std::span<const TokenId> answer,
                                            const std::stop_token& stop) {
  const std::size_t vocabulary = impl_->config.language.vocabSize;
  if (const Status known = checkTokens(prompt, vocabulary); !known) return known.error();
  if (const Status known = checkTokens(answer, vocabulary); !known) return known.error();
  if (prompt.empty()) return Error{ErrorCode::InvalidArgument, "The prompt has no tokens."};
  if (prompt.size() > impl_->context() || answer.size() > impl_->context() - prompt.size()) {
    return Error{ErrorCode::ContextFull, std::to_string(prompt.size()) + " and " +
                                             std::to_string(answer.size()) +
                                             " tokens do not fit into the model's context of " +
                                             std::to_string(impl_->context()) + "."};
  }
  const Error cancelled{ErrorCode::Cancelled, "The run was cancelled."};
  PreparedPrompt prepared;
  prepared.prompt.ids.assign(prompt.begin(), prompt.end());
  prepared.positions = positionsOf(prepared.prompt, {});
  std::vector<float> logits(vocabulary);
  GenerateSummary summary;
  const Result<bool> ready = impl_->prefill(prepared, {}, stop, summary, logits);
  if (!ready) return ready.error();
  if (!*ready) return cancelled;
  const Stopwatch watch;
  for (const TokenId id : answer) {
    if (!impl_->step(id, logits, stop)) return cancelled;
  }
  return TokenTimings{.reusedTokens = summary.usage.reusedTokens,
                      .prefillMs = summary.timings.prefillMs,
                      .decodeMs = watch.milliseconds()};
}

Result<ScoredText> LocalEngine::score(const ScoreRequest& request, const LogitsRow& row,
                                      const std::stop_token& stop) {
  const Error cancelled{ErrorCode::Cancelled, "The scoring was cancelled."};
  const std::size_t vocabulary = impl_->config.language.vocabSize;
  if (request.answer) {
    if (const Status known = checkTokens(*request.answer, vocabulary); !known) return known.error();
  }
  Result<PreparedPrompt> prepared =
      impl_->prepare(request.conversation, true, false, impl_->context());
  if (!prepared) return prepared.error();
  const std::size_t room = impl_->context() - prepared->prompt.ids.size();
  if (request.answer && request.answer->size() > room) {
    return Error{ErrorCode::ContextFull,
                 "The answer takes " + std::to_string(request.answer->size()) +
                     " tokens, but only " + std::to_string(room) + " fit behind the conversation."};
  }

  ScoredText scored;
  scored.promptIds = prepared->prompt.ids;
  const PlaceScorer scorer = [&](MatrixView<const float> x, std::size_t begin) {
    std::vector<std::size_t> rows;
    for (std::size_t t = 0; t < x.rows(); ++t) {
      const std::size_t next = begin + t + 1;
      if (next < scored.promptIds.size() && prepared->positions[next].image == 0) rows.push_back(t);
    }
    scored.promptPlaces += rows.size();
    impl_->logitsAt(x, rows, row);
  };
  std::vector<float> logits(vocabulary);
  GenerateSummary unused;
  impl_->session.clear();
  const Result<bool> ready = impl_->prefill(*prepared, {}, stop, unused, logits, &scorer);
  if (!ready) return ready.error();
  if (!*ready) return cancelled;
  const std::size_t limit =
      request.answer ? request.answer->size() : std::min(request.maxTokens, room);
  for (;;) {
    row(logits);
    if (scored.answer.size() == limit) return scored;
    const TokenId id =
        request.answer ? (*request.answer)[scored.answer.size()] : bestOf(logits, 1).front().id;
    if (!request.answer && id == impl_->tokenizer.specials().eos) return scored;
    scored.answer.push_back(id);
    if (!impl_->step(id, logits, stop)) return cancelled;
  }
}

Result<std::vector<Matrix>> LocalEngine::project(const ImageFile& image,
                                                 const std::stop_token& stop) {
  const Result<ImageSource> source = impl_->images->read(image, true, Orientation::ApplyExif);
  if (!source) return source.error();
  Result<std::optional<std::vector<Matrix>>> views =
      impl_->images->project(impl_->compute, *source, stop);
  if (!views) return views.error();
  if (!*views) return Error{ErrorCode::Cancelled, "Encoding the image was cancelled."};
  return std::move(**views);
}

const Tokenizer& LocalEngine::tokenizer() const { return impl_->tokenizer; }

}  // namespace vl
