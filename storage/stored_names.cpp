#include "storage/stored_names.h"

#include <cassert>
#include <utility>

namespace vl {

namespace {

template <typename Enum>
using Name = std::pair<Enum, std::string_view>;

// Kept in files: these words never change.
constexpr Name<MessageRole> kRoles[] = {{MessageRole::User, "user"},
                                        {MessageRole::Assistant, "assistant"}};
constexpr Name<MessageState> kStates[] = {{MessageState::Streaming, "streaming"},
                                          {MessageState::Complete, "complete"},
                                          {MessageState::Stopped, "stopped"},
                                          {MessageState::Failed, "failed"}};
constexpr Name<AnswerEnd> kEnds[] = {{AnswerEnd::EndOfSequence, "end_of_sequence"},
                                     {AnswerEnd::TokenLimit, "token_limit"},
                                     {AnswerEnd::ContextFull, "context_full"},
                                     {AnswerEnd::Cancelled, "cancelled"}};

template <typename Enum, std::size_t n>
std::string_view nameIn(const Name<Enum> (&names)[n], Enum value) {
  for (const auto& [enumerator, name] : names) {
    if (enumerator == value) return name;
  }
  assert(!"an enumerator without a name");
  return {};
}

template <typename Enum, std::size_t n>
std::optional<Enum> valueIn(const Name<Enum> (&names)[n], std::string_view wanted) {
  for (const auto& [enumerator, name] : names) {
    if (name == wanted) return enumerator;
  }
  return std::nullopt;
}

}  // namespace

std::string_view storedName(MessageRole role) { return nameIn(kRoles, role); }
std::string_view storedName(MessageState state) { return nameIn(kStates, state); }
std::string_view storedName(AnswerEnd end) { return nameIn(kEnds, end); }

std::optional<MessageRole> messageRoleFrom(std::string_view name) { return valueIn(kRoles, name); }
std::optional<MessageState> messageStateFrom(std::string_view name) {
  return valueIn(kStates, name);
}
std::optional<AnswerEnd> answerEndFrom(std::string_view name) { return valueIn(kEnds, name); }

}  // namespace vl
