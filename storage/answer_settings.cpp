#include "storage/answer_settings.h"

#include <bit>

#include "storage/sql.h"

namespace vl {
namespace {

constexpr double kMaxTemperature = 100;
constexpr double kMaxPenalty = 100;
constexpr std::uint64_t kMaxThreads = 1024;
constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 40;  // of tokens: far above any model

/// Also false for what is not a number.
bool isBetween(double value, double least, double most) { return value >= least && value <= most; }

/// A negative count is as impossible as one that is too large.
std::uint64_t count(std::int64_t stored) { return std::bit_cast<std::uint64_t>(stored); }

}  // namespace

bool isPossible(const AnswerSettings& settings) {
  const SamplingOptions& sampling = settings.sampling;
  const std::uint64_t context = settings.contextTokens.value_or(1);
  return isBetween(sampling.temperature, 0, kMaxTemperature) && isBetween(sampling.topP, 0, 1) &&
         isBetween(sampling.minP, 0, 1) && sampling.topK <= kMaxCount &&
         isBetween(sampling.repetitionPenalty, 0.01, kMaxPenalty) && settings.maxTokens > 0 &&
         settings.maxTokens <= kMaxCount && context > 0 && context <= kMaxCount &&
         settings.threads <= kMaxThreads;
}

Result<AnswerSettings> readAnswerSettings(Database& database, SessionId session) {
  Result<Statement> query = database.prepare(
      "SELECT temperature, top_p, min_p, top_k, repetition_penalty, seed, max_tokens,"
      " context_tokens, threads FROM answer_settings WHERE session_id = ?");
  if (!query) return query.error();
  query->bindAll(static_cast<std::int64_t>(session));
  Result<bool> row = query->step();
  if (!row) return row.error();
  if (!*row) return AnswerSettings{};
  AnswerSettings settings;
  settings.sampling.temperature = query->real(0);
  settings.sampling.topP = query->real(1);
  settings.sampling.minP = query->real(2);
  settings.sampling.topK = count(query->integer(3));
  settings.sampling.repetitionPenalty = query->real(4);
  if (!query->isNull(5)) settings.sampling.seed = count(query->integer(5));
  settings.maxTokens = count(query->integer(6));
  if (!query->isNull(7)) settings.contextTokens = count(query->integer(7));
  settings.threads = count(query->integer(8));
  if (isPossible(settings)) return settings;
  return Error{ErrorCode::Corrupt, "The history " + database.file().string() +
                                       " is damaged: the settings of a session are impossible."};
}

Status writeAnswerSettings(Database& database, SessionId session, const AnswerSettings& settings) {
  if (!isPossible(settings)) {
    return Error{ErrorCode::InvalidArgument, "These settings are impossible."};
  }
  Result<Statement> write = database.prepare(
      "INSERT OR REPLACE INTO answer_settings (session_id, temperature, top_p, min_p, top_k,"
      " repetition_penalty, seed, max_tokens, context_tokens, threads)"
      " SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM sessions WHERE id = ?1");
  if (!write) return write.error();
  const SamplingOptions& sampling = settings.sampling;
  write->bind(1, row(session));
  write->bind(2, sampling.temperature);
  write->bind(3, sampling.topP);
  write->bind(4, sampling.minP);
  write->bind(5, static_cast<std::int64_t>(sampling.topK));
  write->bind(6, sampling.repetitionPenalty);
  write->bindNull(7);
  if (sampling.seed) write->bind(7, stored(*sampling.seed));
  write->bind(8, static_cast<std::int64_t>(settings.maxTokens));
  write->bindNull(9);
  if (settings.contextTokens) write->bind(9, static_cast<std::int64_t>(*settings.contextTokens));
  write->bind(10, static_cast<std::int64_t>(settings.threads));
  if (Status written = write->run(); !written) return written;
  if (database.changedRows() > 0) return {};
  return noSuchSession();
}

}  // namespace vl
