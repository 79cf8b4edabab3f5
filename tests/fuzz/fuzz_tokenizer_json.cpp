// Any bytes as tokenizer.json: an error, or a tokenizer that encodes and decodes without harm.

#include <cstdint>
#include <cstdlib>

#include "inference/text/tokenizer.h"

namespace {

constexpr std::string_view kConfig = R"({"bos_token": "<bos>", "eos_token": "<eos>"})";
constexpr std::string_view kText = " ab abc  \n\n12½ <|ref|>x<|/ref|> 中文 é\xFF<bos>'s";

void use(const vl::Tokenizer& tokenizer, vl::SpecialsPolicy policy) {
  const std::vector<vl::TokenId> ids = tokenizer.encode(kText, policy);
  vl::StreamDecoder stream(tokenizer);
  std::string streamed;
  for (const vl::TokenId id : ids) streamed += stream.push(id);
  streamed += stream.finish();
  if (streamed != tokenizer.decode(ids)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const vl::Result<vl::Tokenizer> tokenizer =
      vl::Tokenizer::parse(json, kConfig, "", "<image>", "<pad>");
  if (!tokenizer) return 0;
  use(*tokenizer, vl::SpecialsPolicy::All);
  use(*tokenizer, vl::SpecialsPolicy::GroundingOnly);
  return 0;
}
