#pragma once

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

inline constexpr Option kExactOption{
    "--exact", "", "Compute with F32 activations: slower, as the official code does in F32."};

/// What --model, --threads, --force and --exact ask for, the rest as in `options`. Errors go into
/// `outcome`, and none comes back.
std::optional<LoadOptions> loadOptions(const Arguments& arguments, Console& console,
                                       LoadOptions options, Outcome& outcome);
/// Loads the model of loadOptions(). Errors go into `outcome`, and null comes back.
LoadedEngine loadEngine(const Arguments& arguments, Console& console, LoadOptions options,
                        Outcome& outcome);
/// The same for any options.
LoadedEngine loadEngine(const LoadOptions& options, Console& console, Outcome& outcome);

}  // namespace vl
