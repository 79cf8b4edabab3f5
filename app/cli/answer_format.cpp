#include "app/cli/answer_format.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace vl {
namespace {

std::array<std::int64_t, 4> truncated(const PixelBox& box) {
  const auto pixel = [](double value) { return static_cast<std::int64_t>(value); };
  return {pixel(box.x1), pixel(box.y1), pixel(box.x2), pixel(box.y2)};
}

/// 12 instead of 12.0, as the model wrote it.
OrderedJson gridNumber(double value) {
  if (value == std::trunc(value)) return static_cast<std::int64_t>(value);
  return value;
}

/// Milliseconds to the microsecond; finer digits say nothing.
double rounded(double milliseconds) { return std::round(milliseconds * 1000) / 1000; }

/// The first token comes from the prompt's pass, so it is no part of decodeMs.
double tokensPerSecond(const GenerateSummary& summary) {
  const std::size_t tokens = summary.usage.completionTokens;
  if (tokens < 2 || summary.timings.decodeMs <= 0) return 0;
  return static_cast<double>(tokens - 1) / summary.timings.decodeMs * 1000;
}

const char* nameOf(StopReason reason) {
  switch (reason) {
    case StopReason::EndOfSequence:
      return "end_of_sequence";
    case StopReason::TokenLimit:
      return "token_limit";
    case StopReason::ContextFull:
      return "context_full";
    case StopReason::Cancelled:
      return "cancelled";
  }
  return "unknown";
}

OrderedJson boxesJson(const GenerateSummary& summary) {
  OrderedJson boxes = OrderedJson::array();
  for (const GroundedBox& box : summary.boxes) {
    const GridBox& grid = box.grid;
    boxes.push_back({{"label", box.label},
                     {"image", box.image},
                     {"box", truncated(box.pixels)},
                     {"grid", OrderedJson::array({gridNumber(grid.x1), gridNumber(grid.y1),
                                                  gridNumber(grid.x2), gridNumber(grid.y2)})}});
  }
  return boxes;
}

}  // namespace

OrderedJson answerJson(const GenerateSummary& summary, double loadMs) {
  const Usage& usage = summary.usage;
  const GenerateTimings& timings = summary.timings;
  return {{"text", summary.text},
          {"raw", summary.raw},
          {"boxes", boxesJson(summary)},
          {"warnings", summary.warnings},
          {"usage",
           {{"prompt_tokens", usage.promptTokens},
            {"image_tokens", usage.imageTokens},
            {"completion_tokens", usage.completionTokens}}},
          {"timings",
           {{"load_ms", rounded(loadMs)},
            {"image_ms", rounded(timings.imageMs)},
            {"vision_ms", rounded(timings.visionMs)},
            {"tiles", timings.tiles},
            {"prefill_ms", rounded(timings.prefillMs)},
            {"ttft_ms", rounded(timings.firstTokenMs)},
            {"decode_ms", rounded(timings.decodeMs)},
            {"tokens_per_s", rounded(tokensPerSecond(summary))}}},
          {"stop_reason", nameOf(summary.stopReason)}};
}

std::string boxLines(const GenerateSummary& summary) {
  std::string lines;
  for (const GroundedBox& box : summary.boxes) {
    const auto [x1, y1, x2, y2] = truncated(box.pixels);
    lines += box.label + "  [" + std::to_string(x1) + ", " + std::to_string(y1) + ", " +
             std::to_string(x2) + ", " + std::to_string(y2) + "]\n";
  }
  return lines;
}

std::string statistics(const GenerateSummary& summary) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%zu tokens, %.1f per second, the first after %.1f s",
                summary.usage.completionTokens, tokensPerSecond(summary),
                summary.timings.firstTokenMs / 1000);
  return text.data();
}

}  // namespace vl
