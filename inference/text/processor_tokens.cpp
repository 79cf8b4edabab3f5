#include "inference/text/processor_tokens.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "inference/text/json_text.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

using nlohmann::json;

/// A token is named by its text, or by an object with its text.
const std::string* tokenName(const json& config, const char* key) {
  const json* value = member(config, key);
  if (value == nullptr) return nullptr;
  return value->is_object() ? stringMember(*value, "content")
                            : value->get_ptr<const std::string*>();
}

const std::string* configuredName(const json& config, const json& specialTokensMap,
                                  const char* key) {
  const std::string* own = tokenName(config, key);
  const std::string* mapped = tokenName(specialTokensMap, key);
  const bool configDecides = own != nullptr && member(config, "added_tokens_decoder") != nullptr;
  return configDecides || mapped == nullptr ? own : mapped;
}

/// The id of an added token, adding it when there is none: under its own id when the vocabulary has
/// the text, else behind the largest one.
Result<TokenId> ensureAdded(TokenizerFile& file, std::string_view text) {
  std::optional<TokenId> id = file.vocabulary.find(text);
  if (!id) {
    const auto next = static_cast<std::int64_t>(file.vocabulary.size());
    Status added = file.vocabulary.add(next, std::string(text), Vocabulary::Kind::Literal);
    if (!added) return added.error();
    id = static_cast<TokenId>(next);
  }
  const bool listed = std::any_of(file.added.begin(), file.added.end(),
                                  [&](const AddedToken& token) { return token.id == *id; });
  if (!listed) {
    file.vocabulary.makeLiteral(*id);
    file.vocabulary.makeSpecial(*id);
    file.added.push_back({*id, /*normalized=*/false});
  }
  return *id;
}

Result<TokenId> existing(const TokenizerFile& file, const std::string* name, const char* key) {
  if (name == nullptr) {
    return Error{ErrorCode::NotFound, std::string("tokenizer_config.json names no ") + key + "."};
  }
  const std::optional<TokenId> id = file.vocabulary.find(*name);
  if (!id) {
    return Error{ErrorCode::Corrupt, std::string("tokenizer_config.json names the ") + key + " " +
                                         inQuotes(*name) + ", which tokenizer.json does not have."};
  }
  return *id;
}

}  // namespace

Result<SpecialTokens> addProcessorTokens(TokenizerFile& file, const json& config,
                                         const json& specialTokensMap,
                                         const ProcessorTokenNames& names) {
  const auto named = [&](const char* key) { return configuredName(config, specialTokensMap, key); };
  for (const std::string_view name : {names.image, names.pad}) {
    if (name.empty() || name.size() > kMaxAddedTokenBytes || !isValidUtf8(name)) {
      return Error{ErrorCode::Corrupt, "processor_config.json: the image or pad token " +
                                           inQuotes(name) + " cannot be a token."};
    }
  }
  const Result<TokenId> bos = existing(file, named("bos_token"), "bos_token");
  if (!bos) return bos.error();
  const Result<TokenId> eos = existing(file, named("eos_token"), "eos_token");
  if (!eos) return eos.error();
  const std::string* padName = named("pad_token");
  const Result<TokenId> pad =
      padName ? existing(file, padName, "pad_token") : ensureAdded(file, names.pad);
  if (!pad) return pad.error();
  const Result<TokenId> image = ensureAdded(file, names.image);
  if (!image) return image.error();
  for (const std::string_view tag : kGroundingTags) {
    const Result<TokenId> id = ensureAdded(file, tag);
    if (!id) return id.error();
  }
  const Result<TokenId> user = ensureAdded(file, kUserTag);
  if (!user) return user.error();
  const Result<TokenId> assistant = ensureAdded(file, kAssistantTag);
  if (!assistant) return assistant.error();
  return SpecialTokens{*bos, *eos, *pad, *image, *user, *assistant};
}

}  // namespace vl
