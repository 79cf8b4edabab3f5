#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "bench/official_configs.h"
#include "bench/random_checkpoint.h"
#include "inference/weights/config_sections.h"

namespace {

constexpr const char* kUsage =
    "usage: vl2-random-checkpoint --model tiny|small|base --type bf16|q8_0|q4\n"
    "                             [--tokenizer DIR] [--seed N] DIR\n\n"
    "Writes a checkpoint of random weights in the official layout to the new folder DIR, for\n"
    "measuring speed and memory. The tokenizer is that of the bundled model unless --tokenizer\n"
    "names another folder.\n";

struct Request {
  vl::RandomCheckpointOptions options;
  std::filesystem::path destination;
};

std::optional<Request> parse(int argc, char** argv) {
  Request request;
  request.options.tokenizerFolder = VL_SOURCE_DIR "/resources/models/starter";
  bool typeGiven = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--")) {
      if (!request.destination.empty()) return std::nullopt;
      request.destination = argument;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    const std::string_view value = argv[++i];
    if (argument == "--model") {
      const std::optional<nlohmann::json> config = vl::officialConfig(value);
      if (!config) return std::nullopt;
      request.options.config = *config;
    } else if (argument == "--type") {
      if (value == vl::kQ8Name) request.options.type = vl::WeightType::Q8Panels;
      if (value == vl::kQ4Name) request.options.type = vl::WeightType::Q4Panels;
      if (!request.options.type && value != "bf16") return std::nullopt;
      typeGiven = true;
    } else if (argument == "--tokenizer") {
      request.options.tokenizerFolder = value;
    } else if (argument == "--seed") {
      request.options.seed = std::strtoull(argv[i], nullptr, 10);
    } else {
      return std::nullopt;
    }
  }
  if (!typeGiven || request.options.config.is_null() || request.destination.empty()) {
    return std::nullopt;
  }
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Request> request = parse(argc, argv);
  if (!request) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const bool showProgress = ::isatty(STDERR_FILENO) == 1;
  std::size_t shownPercent = 0;
  const vl::Status written = vl::writeRandomCheckpoint(
      request->options, request->destination, [&](std::size_t done, std::size_t total) {
        const std::size_t percent = done / (total / 100 + 1);
        if (showProgress && percent != shownPercent) std::fprintf(stderr, "\r%zu %%", percent);
        shownPercent = percent;
      });
  if (showProgress) std::fputs("\r", stderr);
  if (!written) {
    std::fprintf(stderr, "vl2-random-checkpoint: %s\n", written.error().what.c_str());
    return 1;
  }
  return 0;
}
