#include "app/cli/loaded_engine.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "app/cli/model_folder.h"

namespace vl {

std::optional<LoadOptions> loadOptions(const Arguments& arguments, Console& console,
                                       LoadOptions options, Outcome& outcome) {
  const Result<std::uint64_t> threads = arguments.count("--threads", 0, 1, kMostThreads);
  if (!threads) {
    outcome = usageError(threads.error());
    return std::nullopt;
  }
  const Result<std::filesystem::path> folder = modelFolder(arguments, console);
  if (!folder) {
    outcome = failure(folder.error());
    return std::nullopt;
  }
  options.folder = *folder;
  options.threads = *threads;
  options.force = arguments.has(kForceOption.name);
  if (arguments.has(kExactOption.name)) options.precision = Precision::Exact;
  return options;
}

LoadedEngine loadEngine(const Arguments& arguments, Console& console, LoadOptions options,
                        Outcome& outcome) {
  const std::optional<LoadOptions> asked =
      loadOptions(arguments, console, std::move(options), outcome);
  if (!asked) return {};
  return loadEngine(*asked, console, outcome);
}

LoadedEngine loadEngine(const LoadOptions& options, Console& console, Outcome& outcome) {
  console.progress.show("load", "loading the model");
  const auto start = std::chrono::steady_clock::now();
  Result<std::unique_ptr<LocalEngine>> engine =
      LocalEngine::load(options, console.interrupt.token());
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (!engine) {
    outcome = failure(engine.error());
    if (engine.error().code == ErrorCode::OutOfMemory) {
      outcome.sentence += " --force loads it all the same.";
    }
    return {};
  }
  return {std::move(*engine), took.count()};
}

}  // namespace vl
