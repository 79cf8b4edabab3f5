#pragma once

#include <optional>
#include <string_view>

#include "storage/reading_store.h"
#include "storage/records.h"

namespace vl {

/// The words that stand for enumerators in the database, and back; nullopt for a word that this
/// version does not know.
std::string_view storedName(MessageRole role);
std::string_view storedName(MessageState state);
std::string_view storedName(AnswerEnd end);
std::string_view storedName(PageState state);
std::string_view storedName(PageSource source);
std::optional<MessageRole> messageRoleFrom(std::string_view name);
std::optional<MessageState> messageStateFrom(std::string_view name);
std::optional<AnswerEnd> answerEndFrom(std::string_view name);
std::optional<PageState> pageStateFrom(std::string_view name);
std::optional<PageSource> pageSourceFrom(std::string_view name);

}  // namespace vl
