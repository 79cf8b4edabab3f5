#include "inference/text/tokenizer_file.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "inference/text/byte_alphabet.h"
#include "inference/text/json_text.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

using nlohmann::json;

Error corrupt(std::string what) {
  return Error{ErrorCode::Corrupt, "tokenizer.json: " + std::move(what)};
}

Error unsupported(std::string what) {
  return Error{ErrorCode::Unsupported, "tokenizer.json: " + std::move(what)};
}

/// A whole number, with everything past the range of ids as "too large".
std::optional<std::int64_t> integer(const json* value) {
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > Vocabulary::kMaxId) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return value->get<std::int64_t>();
}

/// Absent, or sequences of nothing. Others (NFC, lowercase) would change the text.
bool changesNothing(const json* normalizer) {
  if (normalizer == nullptr) return true;
  const std::string* type = stringMember(*normalizer, "type");
  const json* list = member(*normalizer, "normalizers");
  if (type == nullptr || *type != "Sequence" || list == nullptr || !list->is_array()) return false;
  for (const json& inner : *list) {
    if (!changesNothing(&inner)) return false;
  }
  return true;
}

bool isByteLevelDecoder(const json& decoder) {
  const std::string* type = stringMember(decoder, "type");
  if (type == nullptr) return false;
  if (*type == "ByteLevel") return true;
  const json* list = member(decoder, "decoders");
  return *type == "Sequence" && list != nullptr && list->is_array() && list->size() == 1 &&
         isByteLevelDecoder(list->front());
}

Status readVocabulary(const json& model, TokenizerFile& file) {
  const json* vocabulary = member(model, "vocab");
  if (vocabulary == nullptr || !vocabulary->is_object()) return corrupt("the model has no vocab.");
  for (const auto& [text, value] : vocabulary->items()) {
    const std::optional<std::int64_t> id = integer(&value);
    if (!id) return corrupt("the id of the token " + inQuotes(text) + " is not a whole number.");
    Status added = file.vocabulary.add(*id, text, Vocabulary::Kind::ByteLevel);
    if (!added) return added;
  }
  return {};
}

/// Without a token for every byte, text would silently lose bytes.
Status findByteTokens(TokenizerFile& file) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool neverInUtf8 = byte == 0xC0 || byte == 0xC1 || byte > 0xF4;
    const std::optional<TokenId> token =
        file.vocabulary.find(byteToAlphabet(static_cast<unsigned char>(byte)));
    if (!token && !neverInUtf8) {
      return unsupported("the vocabulary has no token for the byte " + std::to_string(byte) + ".");
    }
    file.byteTokens[byte] = token.value_or(0);
  }
  return {};
}

/// "left right" or ["left", "right"].
std::optional<std::pair<std::string_view, std::string_view>> mergePair(const json& merge) {
  if (const auto* text = merge.get_ptr<const std::string*>()) {
    const std::size_t space = text->find(' ');
    if (space == std::string::npos || text->find(' ', space + 1) != std::string::npos) {
      return std::nullopt;
    }
    const std::string_view view = *text;
    return {{view.substr(0, space), view.substr(space + 1)}};
  }
  if (!merge.is_array() || merge.size() != 2) return std::nullopt;
  const auto* left = merge[0].get_ptr<const std::string*>();
  const auto* right = merge[1].get_ptr<const std::string*>();
  if (left == nullptr || right == nullptr) return std::nullopt;
  return {{*left, *right}};
}

Status readMerges(const json& model, TokenizerFile& file) {
  const json* merges = member(model, "merges");
  if (merges == nullptr || !merges->is_array()) return corrupt("the model has no merges.");
  file.merges.reserve(merges->size());
  std::string merged;
  for (const json& merge : *merges) {
    const std::string number = "merge " + std::to_string(file.merges.size());
    const auto pair = mergePair(merge);
    if (!pair) return corrupt(number + " is not a pair of tokens.");
    const std::optional<TokenId> left = file.vocabulary.find(pair->first);
    const std::optional<TokenId> right = file.vocabulary.find(pair->second);
    merged.assign(pair->first).append(pair->second);
    const std::optional<TokenId> result = file.vocabulary.find(merged);
    if (!left || !right || !result) {
      const std::string_view missing = !left ? pair->first : !right ? pair->second : merged;
      return corrupt(number + " names " + inQuotes(missing) + ", which is no token.");
    }
    file.merges.push_back({*left, *right, *result});
  }
  return {};
}

Status readModel(const json& document, TokenizerFile& file) {
  const json* model = member(document, "model");
  if (model == nullptr) return corrupt("there is no model.");
  const std::string* type = stringMember(*model, "type");
  if (type == nullptr || *type != "BPE") return unsupported("the model is not of type BPE.");
  const json* dropout = member(*model, "dropout");
  if (dropout != nullptr && *dropout != 0) return unsupported("the model uses dropout.");
  for (const char* affix : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const json* value = member(*model, affix);
    if (value != nullptr && *value != "") {
      return unsupported(std::string("the model uses a ") + affix + ".");
    }
  }
  if (flagMember(*model, "ignore_merges")) return unsupported("the model uses ignore_merges.");
  Status read = readVocabulary(*model, file);
  if (!read) return read;
  read = findByteTokens(file);
  if (!read) return read;
  return readMerges(*model, file);
}

Status readAddedToken(const json& token, TokenizerFile& file) {
  const std::string* content = stringMember(token, "content");
  const std::optional<std::int64_t> id = integer(member(token, "id"));
  if (content == nullptr || content->empty() || !id) {
    return corrupt("an added token lacks its content or its id.");
  }
  if (content->size() > kMaxAddedTokenBytes) {
    return unsupported("the added token " + inQuotes(*content) + " is longer than " +
                       std::to_string(kMaxAddedTokenBytes) + " bytes.");
  }
  for (const char* option : {"single_word", "lstrip", "rstrip"}) {
    if (flagMember(token, option)) {
      return unsupported("the added token " + inQuotes(*content) + " uses " + option + ".");
    }
  }
  if (file.vocabulary.find(*content) != *id) {  // not there, or there under another id
    Status added = file.vocabulary.add(*id, *content, Vocabulary::Kind::Literal);
    if (!added) return added;
  }
  const auto tokenId = static_cast<TokenId>(*id);
  file.vocabulary.makeLiteral(tokenId);
  if (flagMember(token, "special")) file.vocabulary.makeSpecial(tokenId);
  file.added.push_back({tokenId, flagMember(token, "normalized")});
  return {};
}

Status readAddedTokens(const json& document, TokenizerFile& file) {
  const json* tokens = member(document, "added_tokens");
  if (tokens == nullptr) return {};
  if (!tokens->is_array()) return corrupt("added_tokens is not a list.");
  std::vector<bool> seen;
  for (const json& token : *tokens) {
    Status added = readAddedToken(token, file);
    if (!added) return added;
    const auto id = static_cast<std::size_t>(file.added.back().id);
    if (seen.size() <= id) seen.resize(id + 1);
    if (seen[id]) {
      return corrupt("the added token with the id " + std::to_string(id) + " is listed twice.");
    }
    seen[id] = true;
  }
  return {};
}

}  // namespace

Result<TokenizerFile> parseTokenizerFile(std::string_view text) {
  const Result<json> document = parseJson(text, "tokenizer.json");
  if (!document) return document.error();
  if (!changesNothing(member(*document, "normalizer"))) {
    return unsupported("the normalizer is not supported.");
  }
  const json* decoder = member(*document, "decoder");
  if (decoder == nullptr || !isByteLevelDecoder(*decoder)) {
    return unsupported("the decoder is not ByteLevel.");
  }
  const json* steps = member(*document, "pre_tokenizer");
  if (steps == nullptr) return unsupported("there is no pre_tokenizer.");
  Result<PreTokenizer> preTokenizer = PreTokenizer::parse(*steps);
  if (!preTokenizer) return preTokenizer.error();
  TokenizerFile file{{}, {}, {}, {}, std::move(*preTokenizer)};
  Status read = readModel(*document, file);
  if (!read) return read.error();
  read = readAddedTokens(*document, file);
  if (!read) return read.error();
  return file;
}

}  // namespace vl
