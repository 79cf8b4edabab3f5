#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "inference/base/result.h"
#include "inference/text/tokenizer.h"

namespace vl {

enum class Role { System, User, Assistant };

/// The place of the next image inside a message.
struct ImageSlot {};

/// One turn as the conversation template sees it: text and image places in order.
struct PromptMessage {
  Role role = Role::User;
  std::vector<std::variant<std::string, ImageSlot>> parts;
};

/// Where the tokens of one image stand in the prompt: ids[begin, begin + count) are all <image>.
struct ImageSpan {
  std::size_t begin = 0;
  std::size_t count = 0;
  bool operator==(const ImageSpan&) const = default;
};

struct Prompt {
  std::vector<TokenId> ids;
  std::vector<ImageSpan> images;  // one per ImageSlot, in order
};

/// The token sequence of SPEC section 8 for generation: BOS first; ends after the last assistant
/// message without its EOS. A conversation that ends with a user message is answered; one that ends
/// with a non-empty assistant message is continued.
///   imageTokens  token count of each ImageSlot, in order; as many as there are slots
/// Errors: InvalidArgument (image slots in an assistant or system message, counts that do not
/// match, a system message that is not first, no message at all).
Result<Prompt> buildPrompt(const Tokenizer& tokenizer, std::span<const PromptMessage> messages,
                           std::span<const std::size_t> imageTokens, SpecialsPolicy specials);

/// Splits text at every literal "<image>" into parts, as upstream reads a conversation. Roles are
/// upstream's strings. Errors: InvalidArgument for an unknown role or an <image> in an assistant
/// message.
Result<PromptMessage> parseUpstreamMessage(std::string_view role, std::string_view content);

}  // namespace vl
