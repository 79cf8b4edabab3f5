#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/loaded_engine.h"
#include "inference/engine/request.h"

namespace vl {

/// Longest answer unless --max-tokens says otherwise: the official demo's.
inline constexpr std::uint64_t kDefaultMaxTokens = 2048;
inline constexpr std::uint64_t kMostAnswerTokens = std::numeric_limits<std::uint32_t>::max();

/// Options of every verb that answers. temperatureHelp: with the verb's default.
std::vector<Option> answerOptions(std::string_view temperatureHelp);

/// Where features of the pictures are kept between runs; none with --no-cache.
std::optional<std::filesystem::path> featureFolderFrom(const Arguments& arguments);

/// Sampling, token limit, system message and special-token rule from the options; the conversation
/// holds the system message only. Error: InvalidArgument.
Result<GenerateRequest> requestFrom(const Arguments& arguments, double defaultTemperature);

/// JSON text for an answer, whole or cut short.
using AnswerDocument = std::function<std::string(const GenerateSummary&)>;

/// Runs a request, with progress on stderr and the answer on stdout: as text and box lines while it
/// is written, or, where `document` is not empty, as that. A Ctrl+C leaves what was answered on
/// stdout, also when the engine does not stop in time and the process ends in here.
Result<GenerateSummary> answer(LocalEngine& engine, const GenerateRequest& request,
                               Console& console, const AnswerDocument& document);

/// Interrupted when the answer was cancelled, else Ok.
Outcome outcomeOf(const GenerateSummary& summary);

}  // namespace vl
