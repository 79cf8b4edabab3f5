#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "inference/base/result.h"
#include "inference/weights/memory_plan.h"
#include "inference/weights/model_config.h"
#include "inference/weights/model_facts.h"

namespace vl {

/// What can be said about a model without loading it.
struct ModelInfo {
  std::filesystem::path folder;
  ModelConfig config;
  std::string variant;  // see variantName()
  std::size_t parameters = 0;
  std::size_t weightsBytes = 0;  // of its files
  std::string weightType;        // see weightTypeName()
  WeightTypes types;
  MemoryPlan memory;  // as LocalEngine::load() would find it now
};

/// Reads configs and headers only.
///   threads  those the model would run on: each needs memory
/// Errors: those of loadModelConfig() and Checkpoint::open().
Result<ModelInfo> inspectModel(const std::filesystem::path& folder, std::size_t threads);

}  // namespace vl
