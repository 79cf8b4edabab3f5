#include "inference/text/tokenizer.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "inference/text/json_text.h"
#include "inference/text/processor_tokens.h"
#include "inference/text/token_codec.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

/// The official tokenizer.json has 8 MB; the document in memory takes up to twenty times that.
constexpr std::uintmax_t kMaxTokenizerBytes = 32u << 20;
constexpr std::uintmax_t kMaxConfigBytes = 4u << 20;

}  // namespace

struct Tokenizer::Impl {
  TokenCodec codec;
  SpecialTokens specials;
};

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& folder, std::string_view imageToken,
                                  std::string_view padToken) {
  const Result<std::string> tokenizer = readTextFile(folder / "tokenizer.json", kMaxTokenizerBytes);
  if (!tokenizer) return tokenizer.error();
  const Result<std::string> config =
      readTextFile(folder / "tokenizer_config.json", kMaxConfigBytes);
  if (!config) return config.error();
  const Result<std::string> map = readTextFile(folder / "special_tokens_map.json", kMaxConfigBytes);
  if (!map && map.error().code != ErrorCode::NotFound) return map.error();
  return parse(*tokenizer, *config, map ? std::string_view(*map) : std::string_view(), imageToken,
               padToken);
}

Result<Tokenizer> Tokenizer::parse(std::string_view tokenizer, std::string_view config,
                                   std::string_view specialTokensMap, std::string_view imageToken,
                                   std::string_view padToken) {
  Result<TokenizerFile> file = parseTokenizerFile(tokenizer);
  if (!file) return file.error();
  const Result<nlohmann::json> configJson = parseJson(config, "tokenizer_config.json");
  if (!configJson) return configJson.error();
  Result<nlohmann::json> mapJson = nlohmann::json();
  if (!specialTokensMap.empty()) {
    mapJson = parseJson(specialTokensMap, "special_tokens_map.json");
    if (!mapJson) return mapJson.error();
  }
  const Result<SpecialTokens> specials =
      addProcessorTokens(*file, *configJson, *mapJson, {imageToken, padToken});
  if (!specials) return specials.error();
  return Tokenizer(std::unique_ptr<Impl>(new Impl{TokenCodec(std::move(*file)), *specials}));
}

Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

std::vector<TokenId> Tokenizer::encode(std::string_view text, SpecialsPolicy specials) const {
  return impl_->codec.encode(text, specials);
}

std::string Tokenizer::decode(const std::vector<TokenId>& ids, bool skipSpecialTokens) const {
  return impl_->codec.decode(ids, skipSpecialTokens);
}

std::string_view Tokenizer::bytes(TokenId id) const { return impl_->codec.vocabulary().bytes(id); }

std::string_view Tokenizer::token(TokenId id) const { return impl_->codec.vocabulary().text(id); }

std::optional<TokenId> Tokenizer::find(std::string_view token) const {
  return impl_->codec.vocabulary().find(token);
}

std::size_t Tokenizer::size() const { return impl_->codec.vocabulary().size(); }

const SpecialTokens& Tokenizer::specials() const { return impl_->specials; }

std::string StreamDecoder::push(TokenId id) {
  pending_ += tokenizer_->bytes(id);
  std::string text;
  pending_.erase(0, appendWholeUtf8(pending_, text));
  return text;
}

std::string StreamDecoder::finish() {
  std::string text = toValidUtf8(pending_);
  pending_.clear();
  return text;
}

}  // namespace vl
