#include "inference/text/vocabulary.h"

#include <cassert>
#include <utility>

#include "inference/text/byte_alphabet.h"
#include "inference/text/utf8.h"

namespace vl {

Status Vocabulary::add(std::int64_t id, std::string text, Kind kind) {
  if (id < 0 || id > kMaxId) {
    return Error{ErrorCode::Corrupt, "tokenizer.json: the token " + inQuotes(text) +
                                         " has the id " + std::to_string(id) + ", outside 0.." +
                                         std::to_string(kMaxId) + "."};
  }
  const auto index = static_cast<std::size_t>(id);
  if (index >= entries_.size()) entries_.resize(index + 1);
  Entry& entry = entries_[index];
  if (entry.present) {
    return Error{ErrorCode::Corrupt, "tokenizer.json: the tokens " + inQuotes(entry.text) +
                                         " and " + inQuotes(text) + " share the id " +
                                         std::to_string(id) + "."};
  }
  if (!ids_.emplace(text, static_cast<TokenId>(id)).second) {
    return Error{ErrorCode::Corrupt,
                 "tokenizer.json: the token " + inQuotes(text) + " has two ids."};
  }
  entry.bytes = kind == Kind::ByteLevel ? alphabetToBytes(text) : text;
  entry.text = std::move(text);
  entry.present = true;
  return {};
}

void Vocabulary::makeLiteral(TokenId id) {
  assert(contains(id));
  Entry& entry = entries_[static_cast<std::size_t>(id)];
  entry.bytes = entry.text;
}

void Vocabulary::makeSpecial(TokenId id) {
  assert(contains(id));
  entries_[static_cast<std::size_t>(id)].special = true;
}

const Vocabulary::Entry* Vocabulary::entry(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= entries_.size()) return nullptr;
  const Entry& found = entries_[static_cast<std::size_t>(id)];
  return found.present ? &found : nullptr;
}

bool Vocabulary::contains(TokenId id) const { return entry(id) != nullptr; }

std::optional<TokenId> Vocabulary::find(std::string_view text) const {
  const auto found = ids_.find(text);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::string_view Vocabulary::text(TokenId id) const {
  const Entry* found = entry(id);
  return found ? std::string_view(found->text) : std::string_view();
}

std::string_view Vocabulary::bytes(TokenId id) const {
  const Entry* found = entry(id);
  return found ? std::string_view(found->bytes) : std::string_view();
}

bool Vocabulary::isSpecial(TokenId id) const {
  const Entry* found = entry(id);
  return found != nullptr && found->special;
}

}  // namespace vl
