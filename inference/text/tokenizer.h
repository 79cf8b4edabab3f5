#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"

namespace vl {

using TokenId = std::int32_t;

/// Which added tokens are recognised inside a text.
enum class SpecialsPolicy {
  GroundingOnly,  // <|ref|> <|/ref|> <|det|> <|/det|> <|grounding|>; all others are literal text
  All,            // upstream behaviour: a typed <|User|> becomes the role token (SPEC 2.1)
};

/// Ids of the tokens that the processor needs or adds (SPEC section 2.2).
struct SpecialTokens {
  TokenId bos = 0;
  TokenId eos = 0;
  TokenId pad = 0;
  TokenId image = 0;
  TokenId user = 0;
  TokenId assistant = 0;
};

/// Executes a checkpoint's tokenizer.json (SPEC section 2) and adds the processor's tokens.
/// Immutable after loading: safe to use from several threads. Movable.
class Tokenizer {
 public:
  /// Reads tokenizer.json, tokenizer_config.json and special_tokens_map.json of a checkpoint
  /// folder. Errors: NotFound, Corrupt, Unsupported (a pre-tokenizer, normalizer or model we do not
  /// run).
  static Result<Tokenizer> load(const std::filesystem::path& folder, std::string_view imageToken,
                                std::string_view padToken);
  /// The same from the text of the three files; `specialTokensMap` may be empty.
  static Result<Tokenizer> parse(std::string_view tokenizer, std::string_view config,
                                 std::string_view specialTokensMap, std::string_view imageToken,
                                 std::string_view padToken);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Token ids of UTF-8 text, without BOS or EOS. Invalid UTF-8 is replaced by U+FFFD first.
  std::vector<TokenId> encode(std::string_view text, SpecialsPolicy specials) const;
  /// Text of the ids, invalid UTF-8 replaced by U+FFFD; ids without a token decode to nothing.
  std::string decode(const std::vector<TokenId>& ids, bool skipSpecialTokens = false) const;

  /// Raw bytes of one token; empty for an id without a token.
  std::string_view bytes(TokenId id) const;
  /// The token as tokenizer.json writes it (byte-level alphabet); empty for an id without a token.
  std::string_view token(TokenId id) const;
  std::optional<TokenId> find(std::string_view token) const;
  /// Number of ids: base vocabulary and added tokens.
  std::size_t size() const;
  const SpecialTokens& specials() const;

 private:
  struct Impl;
  explicit Tokenizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Decodes one token after another; never hands out half a code point.
/// The tokenizer must outlive it. Not thread-safe.
class StreamDecoder {
 public:
  explicit StreamDecoder(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}

  /// The text that `id` completes: whole code points only, possibly empty. Bytes that can no longer
  /// become valid come out as U+FFFD.
  std::string push(TokenId id);
  /// What is still held back, as U+FFFD.
  std::string finish();

 private:
  const Tokenizer* tokenizer_;
  std::string pending_;
};

}  // namespace vl
