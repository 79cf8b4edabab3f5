#include "storage/answer_settings.h"

#include <limits>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

class AnswerSettingsTest : public SessionStoreTest {};

TEST_F(AnswerSettingsTest, ASessionBeginsWithTheDefaults) {
  const SessionId session = need(store_->createSession({})).id;
  const AnswerSettings settings = need(store_->answerSettings(session));
  EXPECT_EQ(settings.sampling.temperature, SamplingOptions().temperature);
  EXPECT_FALSE(settings.sampling.seed);
  EXPECT_FALSE(settings.contextTokens);
}

TEST_F(AnswerSettingsTest, KeepsEveryValueAlsoTheLargestSeed) {
  const SessionId session = need(store_->createSession({})).id;
  AnswerSettings settings;
  settings.sampling = {0, 0.25, 0.125, 7, 1.5, std::numeric_limits<std::uint64_t>::max()};
  settings.maxTokens = 99;
  settings.contextTokens = 1024;
  settings.threads = 3;
  ASSERT_TRUE(succeeds(store_->setAnswerSettings(session, settings)));
  ASSERT_TRUE(succeeds(store_->setSystemPrompt(session, "Be brief.")));
  reopen();
  const AnswerSettings kept = need(store_->answerSettings(session));
  EXPECT_EQ(kept.sampling.temperature, 0);
  EXPECT_EQ(kept.sampling.topP, 0.25);
  EXPECT_EQ(kept.sampling.minP, 0.125);
  EXPECT_EQ(kept.sampling.topK, 7u);
  EXPECT_EQ(kept.sampling.repetitionPenalty, 1.5);
  EXPECT_EQ(kept.sampling.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(kept.maxTokens, 99u);
  EXPECT_EQ(kept.contextTokens, 1024u);
  EXPECT_EQ(kept.threads, 3u);
  EXPECT_EQ(need(store_->loadSession(session)).session.settings.systemPrompt, "Be brief.");
  settings.sampling.seed.reset();
  ASSERT_TRUE(succeeds(store_->setAnswerSettings(session, settings)));
  EXPECT_FALSE(need(store_->answerSettings(session)).sampling.seed);
}

TEST_F(AnswerSettingsTest, RefusesImpossibleValuesAndUnknownSessions) {
  const SessionId session = need(store_->createSession({})).id;
  AnswerSettings settings;
  settings.sampling.temperature = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->setAnswerSettings(session, settings)));
  settings = {};
  settings.threads = 1025;
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->setAnswerSettings(session, settings)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->setAnswerSettings(SessionId{99}, {})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->setSystemPrompt(SessionId{99}, "x")));
}

TEST_F(AnswerSettingsTest, DamagedSettingsAreToldAndTheSessionStillOpens) {
  const SessionId session = need(store_->createSession({})).id;
  need(store_->setAnswerSettings(session, {}));
  Database database = need(Database::open(folder_ / "history.db"));
  need(database.execute("UPDATE answer_settings SET top_p = 7, max_tokens = -1"));
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, store_->answerSettings(session)));
  need(store_->loadSession(session));
}

}  // namespace
}  // namespace vl
