#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/bench_runs.h"
#include "app/cli/json_text.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/model_folder.h"
#include "app/cli/model_work.h"
#include "app/cli/verb.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/dispatch.h"
#include "inference/kernels/machine_limits.h"

namespace vl {
namespace {

constexpr std::uint64_t kMostTokens = 1 << 24;
constexpr std::uint64_t kMostTiles = 1024;
constexpr std::uint64_t kMostRepeats = 1000;

/// Machine limits by the number of threads they were measured on.
using Limits = std::map<std::size_t, MachineLimits>;

struct BenchOptions {
  LoadOptions load;
  BenchPlan plan;
  std::vector<std::size_t> threads;
};

Result<BenchOptions> optionsFrom(const Arguments& arguments) {
  BenchOptions options;
  const auto prefill = arguments.count("--prefill", options.plan.prefill, 0, kMostTokens);
  if (!prefill) return prefill.error();
  const auto decode = arguments.count("--decode", options.plan.decode, 0, kMostTokens);
  if (!decode) return decode.error();
  auto depths = arguments.counts("--depth", {0, 2048}, 0, kMostTokens);
  if (!depths) return depths.error();
  auto tiles = arguments.counts("--tiles", {1, 5}, 0, kMostTiles);
  if (!tiles) return tiles.error();
  auto threads = arguments.counts("--threads", {availableCpus()}, 1, kMostThreads);
  if (!threads) return threads.error();
  const auto repeat = arguments.count("--repeat", options.plan.repeat, 1, kMostRepeats);
  if (!repeat) return repeat.error();
  options.plan.prefill = *prefill;
  options.plan.decode = *decode;
  options.plan.depths = std::move(*depths);
  options.plan.tiles = std::move(*tiles);
  std::erase(options.plan.tiles, 0u);
  options.plan.repeat = *repeat;
  options.threads = std::move(*threads);
  options.load.force = arguments.has(kForceOption.name);
  if (arguments.has(kExactOption.name)) options.load.precision = Precision::Exact;
  return options;
}

/// The most memory this process has had, mapped files included: VmHWM in proc(5).
std::size_t peakMemoryBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    std::size_t kibibytes = 0;
    if (std::sscanf(line.c_str(), "VmHWM: %zu kB", &kibibytes) == 1) return kibibytes * 1024;
  }
  return 0;
}

/// A result in the unit that it is told in.
struct Summary {
  double median = 0;
  double least = 0;
  double most = 0;
  std::string unit;
  std::optional<double> share;  // of the limit, by the median
};

double medianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// What the machine's limits allow, for the whole of a result; none for loading.
std::optional<double> bestSeconds(const BenchResult& result, const ModelWork& work,
                                  const MachineLimits& limits) {
  const auto tiles = static_cast<double>(result.tiles);
  if (result.name == "load") return std::nullopt;
  if (result.name == "tile") return tiles * tileSeconds(work, limits);
  if (result.name == "decode") {
    const auto tokens = static_cast<double>(result.tokens);
    return tokens * passSeconds(work, limits, 1, result.depth + result.tokens / 2);
  }
  return tiles * tileSeconds(work, limits) + passSeconds(work, limits, result.tokens, result.depth);
}

Summary summaryOf(const BenchResult& result, const ModelWork& work, const MachineLimits& limits) {
  const bool isRate = result.name == "prefill" || result.name == "decode";
  std::vector<double> values;
  for (const double seconds : result.seconds) {
    double value = seconds;
    if (isRate) value = static_cast<double>(result.tokens) / seconds;
    if (result.name == "tile") value = seconds / static_cast<double>(result.tiles);
    values.push_back(value);
  }
  Summary summary{.median = medianOf(values),
                  .least = *std::min_element(values.begin(), values.end()),
                  .most = *std::max_element(values.begin(), values.end()),
                  .unit = isRate                  ? "tok/s"
                          : result.name == "tile" ? "s/tile"
                                                  : "s",
                  .share = std::nullopt};
  if (const auto best = bestSeconds(result, work, limits)) {
    summary.share = *best / medianOf(result.seconds);
  }
  return summary;
}

bool isPhoto(const BenchResult& result) {
  return result.name == "first_token" || result.name == "next_question";
}

OrderedJson resultJson(const BenchResult& result, const Summary& summary) {
  OrderedJson json{{"name", result.name},   {"tokens", result.tokens},   {"depth", result.depth},
                   {"tiles", result.tiles}, {"threads", result.threads}, {"value", summary.median},
                   {"unit", summary.unit},  {"min", summary.least},      {"max", summary.most},
                   {"share", nullptr}};
  if (summary.share) json["share"] = *summary.share;
  if (isPhoto(result)) {
    json["stages_ms"] = {{"image", result.stages.imageMs},
                         {"vision", result.stages.visionMs},
                         {"prefill", result.stages.prefillMs}};
  }
  return json;
}

std::string benchJson(const std::vector<BenchResult>& results, const ModelWork& work,
                      const Limits& limits, std::size_t peakBytes) {
  const auto& [threads, machine] = *limits.rbegin();
  OrderedJson list = OrderedJson::array();
  for (const BenchResult& result : results) {
    list.push_back(resultJson(result, summaryOf(result, work, limits.at(result.threads))));
  }
  return jsonText({{"machine",
                    {{"read_gbps", machine.readGbps},
                     {"f32_gflops", machine.f32Gflops},
                     {"bf16_gflops", machine.bf16Gflops},
                     {"int8_gops", machine.int8Gops},
                     {"isa", kernels().isa},
                     {"threads", threads}}},
                   {"results", std::move(list)},
                   {"peak_rss_bytes", peakBytes}},
                  true);
}

template <typename... Values>
std::string format(const char* form, Values... values) {
  char text[256];
  std::snprintf(text, sizeof(text), form, values...);
  return text;
}

std::string counted(std::size_t count, const char* noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

std::string benchText(const std::vector<BenchResult>& results, const ModelWork& work,
                      const Limits& limits, std::size_t peakBytes) {
  std::string text;
  for (const auto& [threads, machine] : limits) {
    text += format(
        "machine        %s, %s: reads %.1f GB/s; F32 %.0f, BF16 %.0f GFLOP/s; "
        "int8 %.0f GOP/s\n",
        counted(threads, "thread").c_str(), kernels().isa, machine.readGbps, machine.f32Gflops,
        machine.bf16Gflops, machine.int8Gops);
  }
  for (const BenchResult& result : results) {
    const Summary summary = summaryOf(result, work, limits.at(result.threads));
    text += format("%-14s ", result.name.c_str()) + counted(result.threads, "thread");
    if (result.tokens > 0) {
      text += ", " + counted(result.tokens, "token") + " at depth " + std::to_string(result.depth);
    }
    if (result.tiles > 0) text += ", " + counted(result.tiles, "tile");
    text += format(": %.4g %s (%.4g to %.4g)", summary.median, summary.unit.c_str(), summary.least,
                   summary.most);
    if (summary.share) text += format(", %.0f %% of the limit", *summary.share * 100);
    if (isPhoto(result)) {
      text += format("; image %.0f, vision %.0f, prefill %.0f ms", result.stages.imageMs,
                     result.stages.visionMs, result.stages.prefillMs);
    }
    text += '\n';
  }
  return text + format("peak memory    %.1f MiB\n", static_cast<double>(peakBytes) / (1 << 20));
}

/// Loads the model as often as the plan says and measures the last one.
Status measureOn(std::size_t threads, const BenchOptions& options, const ModelConfig& config,
                 Console& console, std::vector<BenchResult>& results, Outcome& outcome) {
  BenchResult load{.name = "load", .threads = threads};
  LoadOptions loadOptions = options.load;
  loadOptions.threads = threads;
  LoadedEngine loaded;
  for (std::size_t run = 0; run < options.plan.repeat; ++run) {
    loaded = {};  // before the next, which needs its memory
    loaded = loadEngine(loadOptions, console, outcome);
    if (!loaded.engine) return Error{ErrorCode::Internal, outcome.sentence};
    load.seconds.push_back(loaded.loadMs / 1000);
  }
  results.push_back(std::move(load));
  auto measured = measureEngine(*loaded.engine, config, options.plan, threads, console);
  if (!measured) {
    outcome = failure(measured.error());
    return measured.error();
  }
  std::move(measured->begin(), measured->end(), std::back_inserter(results));
  return {};
}

/// None when cancelled.
std::optional<Limits> measureLimits(const std::vector<std::size_t>& threadCounts,
                                    Console& console) {
  Limits limits;
  for (const std::size_t threads : threadCounts) {
    console.progress.show("limits", "measuring the limits of the machine");
    Compute compute(threads);
    const auto measured = measureMachineLimits(compute, console.interrupt.token());
    if (!measured) return std::nullopt;
    limits[threads] = *measured;
  }
  return limits;
}

Outcome runBench(const Arguments& arguments, Console& console) {
  Result<BenchOptions> options = optionsFrom(arguments);
  if (!options) return usageError(options.error());
  const Result<std::filesystem::path> folder = modelFolder(arguments, console);
  if (!folder) return failure(folder.error());
  options->load.folder = *folder;
  const Result<ModelConfig> config = loadModelConfig(*folder);
  if (!config) return failure(config.error());
  if (const Status fits = checkPlan(options->plan, *config); !fits) return failure(fits.error());
  const Result<Checkpoint> checkpoint = Checkpoint::open(*folder);
  if (!checkpoint) return failure(checkpoint.error());

  Outcome outcome;
  std::vector<BenchResult> results;
  for (const std::size_t threads : options->threads) {
    if (!measureOn(threads, *options, *config, console, results, outcome)) return outcome;
  }
  const std::size_t peakBytes = peakMemoryBytes();  // before the limits, which need memory, too
  const std::optional<Limits> limits = measureLimits(options->threads, console);
  console.progress.clear();
  if (!limits) return {ExitCode::Interrupted, "interrupted"};
  const ModelWork work = workOf(*config, *checkpoint, options->load.precision);
  console.out.write(arguments.has("--json") ? benchJson(results, work, *limits, peakBytes)
                                            : benchText(results, work, *limits, peakBytes));
  return outcome;
}

}  // namespace

const Verb& benchVerb() {
  static const Verb kVerb{
      "bench",
      "",
      0,
      0,
      "Measure how fast a model runs here.",
      "Measures loading, prefill (prompt tokens per second), decode (generated tokens per second), "
      "the vision tower and projector (seconds per tile), the time to the first token of a "
      "20-token question about a picture of 3 x 3 tiles and the global view (first_token), and of "
      "a second question about the same picture (next_question). Prompts are random tokens, "
      "pictures are noise. Each value is the median of the repeats, with the least and the most of "
      "them; what is repeated has run once before it is timed, except loading and first_token.\n\n"
      "The limits of this machine are measured in the same process, on as many threads, with the "
      "instructions in use: reading memory in order, and multiply-adds on registers in F32, BF16 "
      "and int8. A share is the time that these limits allow, divided by the time measured. For a "
      "pass of the language model that is the longer of two: reading the weights that one token "
      "needs (attention, chosen and shared experts, output head, as stored) and the KV cache, at "
      "the memory's rate; and the operations of all tokens, at the peak of the type they are "
      "computed in. For tiles it is the operations.\n\n"
      "With --json one object is written: machine (limits on the most threads), results (name, "
      "tokens, depth, tiles, threads, value, unit, min, max, share) and peak_rss_bytes, the most "
      "memory taken while measuring, mapped weights included.",
      withCommonOptions({
          {"--prefill", "N", "Prompt tokens to time; 0: none (default: 512)."},
          {"--decode", "N", "Tokens to generate; 0: none (default: 64)."},
          {"--depth", "N,...", "Tokens in the KV cache before (default: 0,2048)."},
          {"--tiles", "N,...",
           "Tiles of a picture, the global view included; 0: no pictures (default: 1,5)."},
          {"--threads", "N,...", "Numbers of CPU threads (default: all this process may use)."},
          {"--repeat", "N", "How often each is measured (default: 3)."},
          kExactOption,
          kForceOption,
      }),
      runBench};
  return kVerb;
}

}  // namespace vl
