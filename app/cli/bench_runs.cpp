#include "app/cli/bench_runs.h"

#include <algorithm>
#include <optional>
#include <random>
#include <stop_token>
#include <utility>

#include "app/cli/noise_photo.h"
#include "inference/engine/conversation.h"
#include "inference/vision/tiling.h"

namespace vl {
namespace {

constexpr std::size_t kQuestionTokens = 20;
constexpr TileGrid kPhotoGrid{3, 3};
constexpr double kPerSecond = 1000;  // milliseconds

/// The only tile of a 1 x 1 grid is the global view and is encoded once.
std::size_t viewsOf(const TileGrid& grid) {
  const std::size_t tiles = grid.columns * grid.rows;
  return tiles == 1 ? 1 : 1 + tiles;
}

/// The size in pixels that a model cuts into `views` views, if any.
std::optional<Resolution> photoSize(const ProcessorConfig& config, std::size_t views) {
  for (const Resolution& size : config.candidateResolutions) {
    if (viewsOf(tileGrid({size.width, size.height}, config, true)) == views) return size;
  }
  return std::nullopt;
}

std::string possibleViews(const ProcessorConfig& config) {
  std::vector<std::size_t> views;
  for (const Resolution& size : config.candidateResolutions) {
    views.push_back(viewsOf(tileGrid({size.width, size.height}, config, true)));
  }
  std::sort(views.begin(), views.end());
  views.erase(std::unique(views.begin(), views.end()), views.end());
  std::string text;
  for (const std::size_t count : views) {
    text += (text.empty() ? "" : ", ") + std::to_string(count);
  }
  return text;
}

/// Ordinary tokens, the same ones for the same seed.
std::vector<TokenId> randomTokens(const Tokenizer& tokenizer, std::size_t count,
                                  std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<TokenId> ids;
  while (ids.size() < count) {
    const auto id = static_cast<TokenId>(random() % tokenizer.size());
    if (!tokenizer.decode({id}, true).empty()) ids.push_back(id);
  }
  return ids;
}

/// A text of about `tokens` tokens: as many words as make them up.
std::string question(const Tokenizer& tokenizer, std::size_t tokens) {
  std::string text;
  while (text.empty() || tokenizer.encode(text, SpecialsPolicy::GroundingOnly).size() < tokens) {
    text += text.empty() ? "what" : " is";
  }
  return text;
}

class Measurement {
 public:
  Measurement(LocalEngine& engine, const ModelConfig& config, const BenchPlan& plan,
              std::size_t threads, Console& console)
      : engine_(engine), config_(config), plan_(plan), threads_(threads), console_(console) {}

  Status prefill(std::size_t depth) {
    BenchResult result{.name = "prefill", .tokens = plan_.prefill, .depth = depth};
    for (std::size_t run = 0; run <= plan_.repeat; ++run) {
      show(result, run);
      if (const Status ready = fill(depth); !ready) return ready.error();
      // Other tokens each time, or the cache would still hold them.
      std::vector<TokenId> prompt = prefix(depth);
      const auto added = randomTokens(engine_.tokenizer(), plan_.prefill, nextSeed());
      prompt.insert(prompt.end(), added.begin(), added.end());
      const auto timings = engine_.runTokens(prompt, {}, stop());
      if (!timings) return timings.error();
      if (run > 0) result.seconds.push_back(timings->prefillMs / kPerSecond);
    }
    add(std::move(result));
    return {};
  }

  Status decode(std::size_t depth) {
    BenchResult result{.name = "decode", .tokens = plan_.decode, .depth = depth};
    const std::vector<TokenId> prompt = prefix(std::max<std::size_t>(depth, 1));
    for (std::size_t run = 0; run <= plan_.repeat; ++run) {
      show(result, run);
      const auto answer = randomTokens(engine_.tokenizer(), plan_.decode, nextSeed());
      const auto timings = engine_.runTokens(prompt, answer, stop());
      if (!timings) return timings.error();
      if (run > 0) result.seconds.push_back(timings->decodeMs / kPerSecond);
    }
    add(std::move(result));
    return {};
  }

  /// A request that is cancelled where its prompt begins.
  Status tile(std::size_t views) {
    BenchResult result{.name = "tile", .tiles = views};
    const Resolution size = photoSize(config_.processor, views).value();
    for (std::size_t run = 0; run <= plan_.repeat; ++run) {
      show(result, run);
      std::stop_source enough;
      const std::stop_callback interrupted(stop(), [&] { enough.request_stop(); });
      GenerateCallbacks on;
      on.progress = [&](const StageProgress& progress) {
        if (progress.stage == Stage::Prefill) enough.request_stop();
      };
      const auto photo = NoisePhoto::make(size.width, size.height, nextSeed());
      if (!photo) return photo.error();
      const auto summary =
          engine_.generate(greedy({userMessage({photo->path()}, "?")}), on, enough.get_token());
      if (!summary) return summary.error();
      if (stop().stop_requested()) return cancelled();
      if (run == 0) continue;
      result.seconds.push_back(summary->timings.visionMs / kPerSecond);
    }
    add(std::move(result));
    return {};
  }

  /// The first token of a question about a photo, then of a second question about it.
  Status photo() {
    BenchResult first{.name = "first_token", .tiles = viewsOf(kPhotoGrid)};
    BenchResult next{.name = "next_question", .tiles = viewsOf(kPhotoGrid)};
    const Resolution size = photoSize(config_.processor, viewsOf(kPhotoGrid)).value();
    const std::string words = question(engine_.tokenizer(), kQuestionTokens);
    for (std::size_t run = 1; run <= plan_.repeat; ++run) {
      const auto photo = NoisePhoto::make(size.width, size.height, nextSeed());
      if (!photo) return photo.error();
      std::vector<ChatMessage> conversation{userMessage({photo->path()}, words)};
      show(first, run);
      if (const Status asked = ask(conversation, first); !asked) return asked.error();
      conversation.push_back(textMessage(ChatRole::Assistant, "Noise."));
      conversation.push_back(textMessage(ChatRole::User, words));
      show(next, run);
      if (const Status asked = ask(conversation, next); !asked) return asked.error();
    }
    add(std::move(first));
    add(std::move(next));
    return {};
  }

  std::vector<BenchResult> take() { return std::move(results_); }

 private:
  std::stop_token stop() const { return console_.interrupt.token(); }
  std::uint32_t nextSeed() { return ++seed_; }
  static Error cancelled() { return {ErrorCode::Cancelled, "interrupted"}; }

  std::vector<TokenId> prefix(std::size_t tokens) const {
    return randomTokens(engine_.tokenizer(), tokens, 0);
  }

  /// Leaves exactly the prefix of that many tokens in the KV cache.
  Status fill(std::size_t depth) {
    if (depth == 0) return {};  // the first of the new tokens differs from what is held
    const auto filled = engine_.runTokens(prefix(depth), {}, stop());
    return filled ? Status() : Status(filled.error());
  }

  static GenerateRequest greedy(std::vector<ChatMessage> conversation) {
    GenerateRequest request;
    request.conversation = std::move(conversation);
    request.sampling.temperature = 0;
    request.maxTokens = 1;
    return request;
  }

  Status ask(const std::vector<ChatMessage>& conversation, BenchResult& result) {
    const auto summary = engine_.generate(greedy(conversation), {}, stop());
    if (!summary) return summary.error();
    if (summary->stopReason == StopReason::Cancelled) return cancelled();
    result.tokens = summary->usage.promptTokens - summary->usage.reusedTokens;
    result.depth = summary->usage.reusedTokens;
    result.tiles = summary->timings.tiles;
    result.stages = summary->timings;
    result.seconds.push_back(summary->timings.firstTokenMs / kPerSecond);
    return {};
  }

  void add(BenchResult result) {
    result.threads = threads_;
    results_.push_back(std::move(result));
  }

  void show(const BenchResult& result, std::size_t run) {
    const std::string threads = std::to_string(threads_) + (threads_ == 1 ? " thread" : " threads");
    console_.progress.show("bench", "measuring " + result.name + " on " + threads + " (" +
                                        std::to_string(run) + " of " +
                                        std::to_string(plan_.repeat) + ")");
  }

  LocalEngine& engine_;
  const ModelConfig& config_;
  const BenchPlan& plan_;
  std::size_t threads_;
  Console& console_;
  std::uint32_t seed_ = 0;
  std::vector<BenchResult> results_;
};

}  // namespace

Status checkPlan(const BenchPlan& plan, const ModelConfig& config) {
  const std::size_t deepest =
      plan.depths.empty() ? 0 : *std::max_element(plan.depths.begin(), plan.depths.end());
  const std::size_t context = config.language.maxPositionEmbeddings;
  const std::size_t longest = deepest + std::max(plan.prefill, plan.decode + 1);
  if (longest > context) {
    return Error{
        ErrorCode::ContextFull,
        "A depth of " + std::to_string(deepest) + " and " + std::to_string(longest - deepest) +
            " more tokens do not fit into the model's context of " + std::to_string(context) + "."};
  }
  if (plan.tiles.empty()) return {};
  std::vector<std::size_t> views = plan.tiles;
  views.push_back(viewsOf(kPhotoGrid));
  for (const std::size_t count : views) {
    if (photoSize(config.processor, count)) continue;
    return Error{ErrorCode::InvalidArgument, "The model cuts no picture into " +
                                                 std::to_string(count) +
                                                 " tiles, the global view included; it makes " +
                                                 possibleViews(config.processor) + "."};
  }
  return {};
}

Result<std::vector<BenchResult>> measureEngine(LocalEngine& engine, const ModelConfig& config,
                                               const BenchPlan& plan, std::size_t threads,
                                               Console& console) {
  Measurement measurement(engine, config, plan, threads, console);
  for (const std::size_t depth : plan.depths) {
    if (plan.prefill == 0) break;
    if (const Status done = measurement.prefill(depth); !done) return done.error();
  }
  for (const std::size_t depth : plan.depths) {
    if (plan.decode == 0) break;
    if (const Status done = measurement.decode(depth); !done) return done.error();
  }
  for (const std::size_t views : plan.tiles) {
    if (const Status done = measurement.tile(views); !done) return done.error();
  }
  if (!plan.tiles.empty()) {
    if (const Status done = measurement.photo(); !done) return done.error();
  }
  return measurement.take();
}

}  // namespace vl
