#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "inference/base/result.h"
#include "inference/engine/local_engine.h"
#include "inference/weights/model_config.h"

namespace vl {

/// What to measure, and how often.
struct BenchPlan {
  std::size_t prefill = 512;        // prompt tokens; 0: not measured
  std::size_t decode = 64;          // generated tokens; 0: not measured
  std::vector<std::size_t> depths;  // tokens in the KV cache before
  std::vector<std::size_t> tiles;   // encoded views of a picture; empty: no pictures
  std::size_t repeat = 3;
};

/// One measured quantity: its value in each repeat, in the order measured.
struct BenchResult {
  std::string name;  // load, prefill, decode, tile, first_token, next_question
  std::size_t tokens = 0;
  std::size_t depth = 0;
  std::size_t tiles = 0;
  std::size_t threads = 0;
  std::vector<double> seconds = {};  // of the whole
  GenerateTimings stages = {};       // first_token, next_question: of the last repeat
};

/// Whether the plan fits the model: its context and the grids that it cuts pictures into. Errors:
/// ContextFull, InvalidArgument.
Status checkPlan(const BenchPlan& plan, const ModelConfig& config);

/// Measures a loaded engine, everything but loading. Prompts are random tokens, pictures are noise.
/// Work is done once untimed before it is timed, so that the weights are in memory.
/// Errors: as LocalEngine's; Cancelled.
Result<std::vector<BenchResult>> measureEngine(LocalEngine& engine, const ModelConfig& config,
                                               const BenchPlan& plan, std::size_t threads,
                                               Console& console);

}  // namespace vl
