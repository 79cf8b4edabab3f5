#include "app/cli/answering.h"

#include <limits>
#include <optional>
#include <utility>

#include "app/cli/answer_format.h"
#include "app/cli/live_answer.h"
#include "app/cli/readable_stream.h"

namespace vl {
namespace {

constexpr double kMostTemperature = 100;
constexpr double kLeastPenalty = 0.01;  // dividing by 0 has no meaning
constexpr double kMostPenalty = 100;
constexpr std::uint64_t kMostTopK = std::numeric_limits<std::uint32_t>::max();

Result<SamplingOptions> samplingFrom(const Arguments& arguments, double defaultTemperature) {
  SamplingOptions sampling;
  const auto temperature =
      arguments.number("--temperature", defaultTemperature, 0, kMostTemperature);
  if (!temperature) return temperature.error();
  const auto topP = arguments.number("--top-p", sampling.topP, 0, 1);
  if (!topP) return topP.error();
  const auto minP = arguments.number("--min-p", sampling.minP, 0, 1);
  if (!minP) return minP.error();
  const auto topK = arguments.count("--top-k", sampling.topK, 0, kMostTopK);
  if (!topK) return topK.error();
  const auto penalty = arguments.number("--repetition-penalty", sampling.repetitionPenalty,
                                        kLeastPenalty, kMostPenalty);
  if (!penalty) return penalty.error();
  const auto seed = arguments.count("--seed", 0, 0, std::numeric_limits<std::uint64_t>::max());
  if (!seed) return seed.error();
  sampling.temperature = *temperature;
  sampling.topP = *topP;
  sampling.minP = *minP;
  sampling.topK = *topK;
  sampling.repetitionPenalty = *penalty;
  if (arguments.has("--seed")) sampling.seed = *seed;
  return sampling;
}

}  // namespace

std::vector<Option> answerOptions(std::string_view temperatureHelp) {
  return {
      {"--system", "S", "A system message: how to answer."},
      {"--temperature", "T", temperatureHelp},
      {"--top-p", "P", "Sample among the likeliest tokens that make up P (default: 0.9)."},
      {"--top-k", "K", "Sample among the K likeliest tokens; 0: among all (default: 50)."},
      {"--min-p", "P", "Drop tokens less likely than P times the likeliest (default: 0)."},
      {"--repetition-penalty", "R",
       "Make tokens that have occurred, in the prompt too, less likely (default: 1.1; no effect at "
       "temperature 0)."},
      {"--seed", "N", "Sample the same answer again (default: a random one, which is told)."},
      {"--max-tokens", "N", "Longest answer (default: 2048; at most what the context holds)."},
      {"--raw-specials", "",
       "Do as the official code: special tokens in the text are control tokens, EXIF orientation "
       "is ignored."},
      {"--no-cache", "", "Keep nothing of the pictures on disk, and use nothing kept."},
      kForceOption,
      kExactOption,
  };
}

std::optional<std::filesystem::path> featureFolderFrom(const Arguments& arguments) {
  return arguments.has("--no-cache") ? std::nullopt : userFeatureFolder();
}

Result<GenerateRequest> requestFrom(const Arguments& arguments, double defaultTemperature) {
  GenerateRequest request;
  const Result<SamplingOptions> sampling = samplingFrom(arguments, defaultTemperature);
  if (!sampling) return sampling.error();
  request.sampling = *sampling;
  const auto maxTokens = arguments.count("--max-tokens", kDefaultMaxTokens, 1, kMostAnswerTokens);
  if (!maxTokens) return maxTokens.error();
  request.maxTokens = *maxTokens;
  request.rawSpecials = arguments.has("--raw-specials");
  if (const std::optional<std::string> system = arguments.value("--system")) {
    request.conversation.push_back(textMessage(ChatRole::System, *system));
  }
  return request;
}

Result<GenerateSummary> answer(LocalEngine& engine, const GenerateRequest& request,
                               Console& console, const AnswerDocument& document) {
  const bool streams = !document;
  LiveAnswer live;
  ReadableStream readable;
  bool hasText = false;
  GenerateCallbacks on;
  on.progress = [&](const StageProgress& progress) {
    live.take(progress);
    console.progress.show(progress);
  };
  on.box = [&](const GroundedBox& box) { live.take(box); };
  on.text = [&](std::string_view raw) {
    live.take(raw);
    if (!streams) return;
    const std::string text = readable.push(raw);
    if (text.empty()) return;
    if (!std::exchange(hasText, true)) console.progress.clear();
    if (!console.out.write(text)) console.interrupt.requestStop();
  };

  Result<GenerateSummary> summary = [&] {
    const SaveWhenGivenUp save(console.interrupt, [&] {
      const GenerateSummary partial = live.summary();
      console.out.write(streams ? '\n' + boxLines(partial) : document(partial));
    });
    return engine.generate(request, on, console.interrupt.token());
  }();
  console.progress.clear();
  if (!summary) return summary;
  if (streams) {
    console.out.write(readable.finish(summary->text) + '\n' + boxLines(*summary));
    for (const std::string& warning : summary->warnings) console.progress.note(warning);
    const bool isRandom = request.sampling.temperature > 0;
    console.progress.note(statistics(*summary) +
                          (isRandom ? "; seed " + std::to_string(summary->seed) : ""));
  } else {
    console.out.write(document(*summary));
  }
  return summary;
}

Outcome outcomeOf(const GenerateSummary& summary) {
  if (summary.stopReason == StopReason::Cancelled) return {ExitCode::Interrupted, "interrupted"};
  return {};
}

}  // namespace vl
