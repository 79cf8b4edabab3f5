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
constexpr Name<PageState> kPageStates[] = {{PageState::Waiting, "waiting"},
                                           {PageState::Done, "done"},
                                           {PageState::Failed, "failed"},
                                           {PageState::Skipped, "skipped"}};
constexpr Name<PageSource> kPageSources[] = {{PageSource::TextLayer, "text_layer"},
                                             {PageSource::Model, "model"},
                                             {PageSource::Person, "person"}};

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
std::string_view storedName(PageState state) { return nameIn(kPageStates, state); }
std::string_view storedName(PageSource source) { return nameIn(kPageSources, source); }

std::optional<MessageRole> messageRoleFrom(std::string_view name) { return valueIn(kRoles, name); }
std::optional<MessageState> messageStateFrom(std::string_view name) {
  return valueIn(kStates, name);
}
std::optional<AnswerEnd> answerEndFrom(std::string_view name) { return valueIn(kEnds, name); }
std::optional<PageState> pageStateFrom(std::string_view name) { return valueIn(kPageStates, name); }
std::optional<PageSource> pageSourceFrom(std::string_view name) {
  return valueIn(kPageSources, name);
}

}  // namespace vl
