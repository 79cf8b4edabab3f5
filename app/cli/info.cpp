#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/json_text.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/model_folder.h"
#include "app/cli/verb.h"
#include "inference/engine/model_info.h"
#include "inference/kernels/blas.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/dispatch.h"
#include "inference/vision/tiling.h"

namespace vl {
namespace {

constexpr const char* kArchitecture = "deepseek_vl_v2";  // the one loadModelConfig() accepts

OrderedJson visionJson(const ModelConfig& config) {
  const VisionConfig& vision = config.vision;
  return {{"image_size", vision.imageSize},
          {"patch_size", vision.patchSize},
          {"width", vision.width},
          {"layers", vision.layers},
          {"heads", vision.heads},
          {"mlp_width", vision.mlpWidth()},
          {"tile_size", config.processor.tilePixels()},
          {"single_tile_tokens", imageTokenCount({1, 1}, config.processor)},
          {"resolutions", config.processor.candidateResolutions.size()}};
}

OrderedJson languageJson(const LanguageConfig& language) {
  OrderedJson json{{"vocab_size", language.vocabSize},
                   {"hidden_size", language.hiddenSize},
                   {"layers", language.numHiddenLayers},
                   {"heads", language.numAttentionHeads},
                   {"attention", language.useMla ? "mla" : "mha"}};
  if (language.useMla) {
    json["kv_lora_rank"] = language.kvLoraRank;
  } else {
    json["kv_heads"] = language.numKeyValueHeads;
  }
  json["routed_experts"] = language.nRoutedExperts.value_or(0);
  json["shared_experts"] = language.nSharedExperts.value_or(0);
  json["experts_per_token"] = language.nRoutedExperts ? language.numExpertsPerTok : 0;
  return json;
}

OrderedJson infoJson(const ModelInfo& info) {
  return {{"variant", info.variant},
          {"architecture", kArchitecture},
          {"parameters", info.parameters},
          {"weights_bytes", info.weightsBytes},
          {"weight_type", info.weightType},
          {"weight_types",
           {{"language", info.types.language},
            {"vision", info.types.vision},
            {"embeddings", info.types.embeddings}}},
          {"context", info.config.language.maxPositionEmbeddings},
          {"vision", visionJson(info.config)},
          {"language", languageJson(info.config.language)},
          {"memory",
           {{"weights", info.memory.weights},
            {"kv_cache", info.memory.kvCache},
            {"scratch", info.memory.scratch},
            {"total", info.memory.total()},
            {"available", info.memory.available}}},
          {"instruction_set", kernels().isa},
          {"trouble", matrixProductsTrouble()}};
}

std::string millions(std::size_t count) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f million", static_cast<double>(count) / 1e6);
  return text;
}

std::string mebibytes(std::size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

std::string joined(const std::vector<std::string>& types) {
  std::string text;
  for (const std::string& type : types) text += (text.empty() ? "" : " and ") + type;
  return text.empty() ? "none" : text;
}

std::string infoText(const ModelInfo& info) {
  const VisionConfig& vision = info.config.vision;
  const LanguageConfig& language = info.config.language;
  std::string experts = "no routed experts";
  if (language.nRoutedExperts) {
    experts = std::to_string(*language.nRoutedExperts) + " experts, " +
              std::to_string(language.numExpertsPerTok) + " per token";
  }
  const MemoryPlan& memory = info.memory;
  const std::string& trouble = matrixProductsTrouble();
  return "folder      " + info.folder.string() + "\nvariant     " + info.variant + " (" +
         kArchitecture + ")\nparameters  " + millions(info.parameters) + "\nweights     " +
         mebibytes(info.weightsBytes) + ", " + info.weightType + "\n  language   " +
         joined(info.types.language) + "\n  vision     " + joined(info.types.vision) +
         "\n  embeddings " + joined(info.types.embeddings) + "\ncontext     " +
         std::to_string(language.maxPositionEmbeddings) + " tokens\nvision      " +
         std::to_string(vision.layers) + " layers of width " + std::to_string(vision.width) +
         "\nlanguage    " + std::to_string(language.numHiddenLayers) + " layers of width " +
         std::to_string(language.hiddenSize) + ", " + (language.useMla ? "MLA" : "MHA") + ", " +
         experts + "\nmemory      " + mebibytes(memory.total()) + " (weights " +
         mebibytes(memory.weights) + ", KV cache " + mebibytes(memory.kvCache) + ", scratch " +
         mebibytes(memory.scratch) + "); available " + mebibytes(memory.available) +
         "\ncomputes    with " + kernels().isa + " instructions" +
         (trouble.empty() ? "" : "; " + trouble) + '\n';
}

Outcome runInfo(const Arguments& arguments, Console& console) {
  const Result<std::uint64_t> threads =
      arguments.count("--threads", availableCpus(), 1, kMostThreads);
  if (!threads) return usageError(threads.error());
  const Result<std::filesystem::path> folder = modelFolder(arguments, console);
  if (!folder) return failure(folder.error());
  const Result<ModelInfo> info = inspectModel(*folder, *threads);
  if (!info) return failure(info.error());
  console.out.write(arguments.has("--json") ? jsonText(infoJson(*info), true) : infoText(*info));
  return {};
}

}  // namespace

const Verb& infoVerb() {
  static const Verb kVerb{
      "info",
      "",
      0,
      0,
      "Show what a model is and how much memory it needs.",
      "Shows variant, sizes and weight type of a model, and the memory that it needs beside what "
      "is available now. Reads configs and headers only; the model is not loaded. A variant is "
      "Tiny, Small or Base when the sizes are official, else custom. --threads counts, since each "
      "thread needs memory.",
      withCommonOptions({}),
      runInfo};
  return kVerb;
}

}  // namespace vl
