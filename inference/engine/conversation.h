#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/engine/image_encoder.h"
#include "inference/engine/request.h"
#include "inference/text/prompt.h"

namespace vl {

/// The image files of a conversation, in order.
std::vector<ImageFile> imagesOf(std::span<const ChatMessage> conversation);

/// The image that boxes of the next answer belong to: the last one of the last user turn that has
/// any (SPEC section 10); none without images.
std::optional<std::size_t> groundedImage(std::span<const ChatMessage> conversation);

/// Token sequence of a conversation, checked against the context.
///   images           one per image file, in order
///   minAnswerTokens  what must be left for the answer
/// Errors: InvalidArgument, ContextFull with the tokens of each part.
Result<Prompt> promptOf(const Tokenizer& tokenizer, std::span<const ChatMessage> conversation,
                        std::span<const ImageSource> images, SpecialsPolicy specials,
                        std::size_t contextTokens, std::size_t minAnswerTokens);

/// A turn as upstream writes it: every "<image>" in `content` is the place of the next of `images`.
/// Errors: InvalidArgument for an unknown role, or when tags and images differ in number.
Result<ChatMessage> upstreamMessage(std::string_view role, std::string_view content,
                                    std::vector<std::filesystem::path> images);

}  // namespace vl
