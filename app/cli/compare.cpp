#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/answering.h"
#include "app/cli/compare_prompts.h"
#include "app/cli/comparison.h"
#include "app/cli/json_text.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/verb.h"
#include "inference/kernels/compute.h"
#include "inference/weights/memory_plan.h"

namespace vl {
namespace {

constexpr std::uint64_t kDefaultAnswerTokens = 128;

struct Settings {
  std::uint64_t maxTokens = 0;
  std::vector<ChatMessage> prompts;
};

std::optional<Settings> settingsFrom(const Arguments& arguments, Outcome& outcome) {
  const auto maxTokens =
      arguments.count("--max-tokens", kDefaultAnswerTokens, 1, kMostAnswerTokens);
  const auto limit = arguments.count("--limit", std::numeric_limits<std::uint32_t>::max(), 1,
                                     std::numeric_limits<std::uint32_t>::max());
  for (const auto* number : {&maxTokens, &limit}) {
    if (*number) continue;
    outcome = usageError(number->error());
    return std::nullopt;
  }
  const std::optional<std::string> suite = arguments.value("--suite");
  if (!suite && arguments.has("--limit")) {
    outcome = {ExitCode::Usage, "--limit needs a --suite"};
    return std::nullopt;
  }
  Result<std::vector<ChatMessage>> prompts = builtInPrompts();
  if (prompts && suite) {
    Result<std::vector<ChatMessage>> more = suitePrompts(*suite, *limit);
    if (more) std::move(more->begin(), more->end(), std::back_inserter(*prompts));
    if (!more) prompts = more.error();
  }
  if (!prompts) {
    outcome = failure(prompts.error());
    return std::nullopt;
  }
  return Settings{*maxTokens, std::move(*prompts)};
}

Result<MemoryPlan> planOf(const LoadOptions& options) {
  const Result<ModelConfig> config = loadModelConfig(options.folder);
  if (!config) return config.error();
  const Result<Checkpoint> checkpoint = Checkpoint::open(options.folder);
  if (!checkpoint) return checkpoint.error();
  const std::size_t threads = options.threads == 0 ? availableCpus() : options.threads;
  return planMemory(*config, residentWeightBytes(*checkpoint, config->language),
                    options.prefillChunk, threads, options.precision);
}

/// Loading checks each model for itself.
Status checkBothFit(const LoadOptions& reference, const LoadOptions& model) {
  const Result<MemoryPlan> first = planOf(reference);
  if (!first) return first.error();
  const Result<MemoryPlan> second = planOf(model);
  if (!second) return second.error();
  const std::size_t needed = first->total() + second->total();
  if (model.force || needed <= second->available) return {};
  return Error{ErrorCode::OutOfMemory, "Both models together need " + std::to_string(needed >> 20) +
                                           " MiB of memory, but only " +
                                           std::to_string(second->available >> 20) +
                                           " MiB are available. --force loads them all the same."};
}

Outcome compareAll(Comparison& comparison, const Settings& settings, Console& console) {
  for (std::size_t i = 0; i < settings.prompts.size(); ++i) {
    console.progress.show("compare", "prompt " + std::to_string(i + 1) + " of " +
                                         std::to_string(settings.prompts.size()));
    const Status added =
        comparison.add(settings.prompts[i], settings.maxTokens, console.interrupt.token());
    if (!added) return failure(added.error());
  }
  return {};
}

Outcome runCompare(const Arguments& arguments, Console& console) {
  const std::optional<std::string> referenceFolder = arguments.value("--reference");
  if (!referenceFolder) return {ExitCode::Usage, "--reference is needed"};
  Outcome outcome;
  const std::optional<Settings> settings = settingsFrom(arguments, outcome);
  if (!settings) return outcome;
  const std::optional<LoadOptions> modelOptions = loadOptions(arguments, console, {}, outcome);
  if (!modelOptions) return outcome;
  LoadOptions referenceOptions = *modelOptions;
  referenceOptions.folder = *referenceFolder;
  referenceOptions.precision = Precision::Exact;
  if (const Status fits = checkBothFit(referenceOptions, *modelOptions); !fits) {
    return failure(fits.error());
  }
  const LoadedEngine reference = loadEngine(referenceOptions, console, outcome);
  if (!reference.engine) return outcome;
  const LoadedEngine model = loadEngine(*modelOptions, console, outcome);
  if (!model.engine) return outcome;

  Comparison comparison(*reference.engine, *model.engine);
  outcome = compareAll(comparison, *settings, console);
  console.progress.clear();
  if (outcome.exit != ExitCode::Ok) return outcome;
  console.out.write(arguments.has("--json") ? jsonText(comparison.json(), true)
                                            : comparison.text());
  return outcome;
}

}  // namespace

const Verb& compareVerb() {
  static const Verb kVerb{
      "compare",
      "",
      0,
      0,
      "Measure how far a model is from another, for example after conversion.",
      "Asks a set of questions with pictures. The reference answers them, always with its "
      "likeliest "
      "token and in exact F32 arithmetic; the model then reads the same questions and the same "
      "answers. At each place both say what they expect next, and these distributions are "
      "compared: in the answers, in the text of the questions, and in all. Both models are in "
      "memory at once.\n\n"
      "Writes a table, or with --json {\"prompts\", \"all\", \"answer\", \"prompt\", "
      "\"projector_relative_rms\", \"images\"}. all, answer and prompt have: places; kl_mean and "
      "kl_p99, mean and 99th percentile of the Kullback-Leibler divergence, reference || model, in "
      "nats; top1_agreement, how often the same token is likeliest; sure_places and "
      "sure_top1_agreement, the same where the logit of the reference's best token leads by more "
      "than 0.5. The relative RMS is that of the difference of the projector's outputs for an "
      "image, divided by that of the reference's.",
      withCommonOptions({
          {"--reference", "DIR", "Folder of the model to compare with. Needed."},
          {"--suite", "S.json",
           "Ask the questions of this suite, too; `vl2 eval --help` explains it."},
          {"--limit", "N", "Of the suite ask N questions, spread evenly."},
          {"--max-tokens", "N", "Longest answer (default: 128)."},
          kForceOption,
          kExactOption,
      }),
      runCompare};
  return kVerb;
}

}  // namespace vl
