#include "inference/weights/convert.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/json_text.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/verb.h"
#include "inference/kernels/compute.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/config_sections.h"

namespace vl {
namespace {

std::optional<WeightType> weightType(const std::optional<std::string>& name) {
  if (name == kQ8Name) return WeightType::Q8Panels;
  if (name == kQ4Name) return WeightType::Q4Panels;
  return std::nullopt;
}

void showProgress(Console& console, std::size_t done, std::size_t total) {
  const std::size_t percent = total == 0
                                  ? 100
                                  : static_cast<std::size_t>(100.0 * static_cast<double>(done) /
                                                             static_cast<double>(total));
  console.progress.show("convert", "converted " + std::to_string(done >> 20) + " of " +
                                       std::to_string(total >> 20) + " MiB (" +
                                       std::to_string(percent) + " %)");
}

Outcome runConvert(const Arguments& arguments, Console& console) {
  const std::optional<std::string> typeName = arguments.value("--type");
  const std::optional<WeightType> type = weightType(typeName);
  if (!type) return {ExitCode::Usage, "--type is needed, and can be q8_0 or q4"};
  const Result<std::uint64_t> threads =
      arguments.count("--threads", availableCpus(), 1, kMostThreads);
  if (!threads) return usageError(threads.error());
  std::vector<std::string> folders = arguments.operands();
  if (const std::optional<std::string> model = arguments.value("--model")) {
    if (folders.size() == 2) return {ExitCode::Usage, "--model takes the place of SRC"};
    folders.insert(folders.begin(), *model);
  }
  if (folders.size() != 2) return {ExitCode::Usage, "SRC and DST are needed"};
  const std::filesystem::path source = folders[0];
  const std::filesystem::path destination = folders[1];

  console.interrupt.waitForEnd();  // what was begun is removed after a Ctrl+C
  Compute compute(*threads);
  const Status converted = convertCheckpoint(
      source, destination, *type, compute,
      [&](std::size_t done, std::size_t total) { showProgress(console, done, total); },
      console.interrupt.token());
  console.progress.clear();
  if (!converted) return failure(converted.error());
  const Result<Checkpoint> result = Checkpoint::open(destination);
  if (!result) return failure(result.error());
  const std::size_t bytes = result->fileBytes();
  if (arguments.has("--json")) {
    const OrderedJson json{{"source", source.string()},
                           {"destination", destination.string()},
                           {"weight_type", *typeName},
                           {"weights_bytes", bytes}};
    console.out.write(jsonText(json, true));
  } else {
    console.out.write(destination.string() + ": " + std::to_string(bytes >> 20) + " MiB, " +
                      *typeName + '\n');
  }
  return {};
}

}  // namespace

const Verb& convertVerb() {
  static const Verb kVerb{
      "convert",
      "[SRC] DST",
      1,
      2,
      "Make a smaller copy of a model.",
      "Writes a copy of the model folder SRC to the new folder DST, with everything needed to run "
      "it; --model can take the place of SRC. q8_0 stores weights in 8 bits, with a scale per 32 "
      "weights, which is about half of BF16. q4 stores those of the language model in 4 bits, with "
      "a scale and a minimum per 32, which is about a third. DST appears complete or not at all; "
      "Ctrl+C removes what was begun. Memory use does not grow with the model.",
      withCommonOptions({
          {"--type", "TYPE", "How to store weights: q8_0 or q4. Needed."},
      }),
      runConvert};
  return kVerb;
}

}  // namespace vl
