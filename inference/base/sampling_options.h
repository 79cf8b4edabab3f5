#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vl {

/// How the next token is chosen. Defaults are the initial values of the official demo (SPEC
/// section 9).
struct SamplingOptions {
  double temperature = 0.1;  // 0: greedy, and no repetition penalty, as upstream serves it
  double topP = 0.9;
  double minP = 0.0;
  std::size_t topK = 50;  // 0: off
  double repetitionPenalty = 1.1;
  std::optional<std::uint64_t> seed =
      std::nullopt;  // none: drawn at random and reported in the summary
};

}  // namespace vl
