#pragma once

#include <cstdint>
#include <optional>

#include "inference/base/result.h"
#include "inference/base/sampling_options.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// How the answers of a session are made.
struct AnswerSettings {
  SamplingOptions sampling;
  std::uint64_t maxTokens = 2048;              // of one answer, at most
  std::optional<std::uint64_t> contextTokens;  // for prompt and answer; none: the model's own
  std::uint64_t threads = 0;                   // that the model runs on; 0: as many as there are
};

/// Whether they could have been chosen: all values are in their ranges.
bool isPossible(const AnswerSettings& settings);

// The part of SessionStore that keeps them; see there.

/// The defaults for a session without settings of its own. Error: Corrupt (impossible values).
Result<AnswerSettings> readAnswerSettings(Database& database, SessionId session);
/// Errors: NotFound; InvalidArgument (impossible values).
Status writeAnswerSettings(Database& database, SessionId session, const AnswerSettings& settings);

}  // namespace vl
