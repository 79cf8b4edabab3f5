#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/outcome.h"
#include "inference/engine/local_engine.h"

namespace vl {

/// More threads than any machine of the near future has; the memory plan knows scratch for these.
inline constexpr std::uint64_t kMostThreads = 4096;

inline constexpr Option kForceOption{
    "--force", "", "Load the model although the memory it needs is not available."};

struct LoadedEngine {
  std::unique_ptr<LocalEngine> engine;
  double loadMs = 0;
};

/// Loads the model that --model, --threads and --force name. Errors go into `outcome`, and null
/// comes back.
///   prefillChunk   tokens per pass; 0: the engine's own choice
///   featureFolder  keeps vision features between runs; none: in memory only
LoadedEngine loadEngine(const Arguments& arguments, Console& console, std::size_t prefillChunk,
                        Outcome& outcome,
                        const std::optional<std::filesystem::path>& featureFolder = std::nullopt);
/// The same for any options.
LoadedEngine loadEngine(const LoadOptions& options, Console& console, Outcome& outcome);

}  // namespace vl
