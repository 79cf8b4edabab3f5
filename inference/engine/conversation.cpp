#include "inference/engine/conversation.h"

#include <string>
#include <utility>
#include <variant>

namespace vl {
namespace {

Role promptRole(ChatRole role) {
  switch (role) {
    case ChatRole::System:
      return Role::System;
    case ChatRole::User:
      return Role::User;
    case ChatRole::Assistant:
      return Role::Assistant;
  }
  return Role::User;
}

ChatRole chatRole(Role role) {
  switch (role) {
    case Role::System:
      return ChatRole::System;
    case Role::User:
      return ChatRole::User;
    case Role::Assistant:
      return ChatRole::Assistant;
  }
  return ChatRole::User;
}

PromptMessage promptMessage(const ChatMessage& message) {
  PromptMessage result{.role = promptRole(message.role), .parts = {}};
  for (const auto& part : message.parts) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      result.parts.emplace_back(*text);
    } else {
      result.parts.emplace_back(ImageSlot{});
    }
  }
  return result;
}

Error contextFull(std::size_t prompt, std::span<const ImageSource> images, std::size_t context,
                  std::size_t answer) {
  std::size_t imageTokens = 0;
  std::string each;
  for (std::size_t i = 0; i < images.size(); ++i) {
    imageTokens += images[i].tokens;
    each += (i == 0 ? ": " : ", ") + std::to_string(images[i].tokens);
  }
  std::string what = "The conversation takes " + std::to_string(prompt) + " tokens (text " +
                     std::to_string(prompt - imageTokens);
  if (!images.empty()) what += ", images " + std::to_string(imageTokens) + each;
  what += ") and an answer needs at least " + std::to_string(answer) +
          "; the model's context holds " + std::to_string(context) + ".";
  return {ErrorCode::ContextFull, std::move(what)};
}

}  // namespace

ChatMessage userMessage(const std::vector<std::filesystem::path>& images, std::string text) {
  ChatMessage message{.role = ChatRole::User, .parts = {}};
  for (const std::filesystem::path& image : images) {
    message.parts.emplace_back(ImageFile{image});
    message.parts.emplace_back("\n");
  }
  message.parts.emplace_back(std::move(text));
  return message;
}

ChatMessage textMessage(ChatRole role, std::string text) {
  return {.role = role, .parts = {std::move(text)}};
}

std::vector<ImageFile> imagesOf(std::span<const ChatMessage> conversation) {
  std::vector<ImageFile> images;
  for (const ChatMessage& message : conversation) {
    for (const auto& part : message.parts) {
      if (const auto* image = std::get_if<ImageFile>(&part)) images.push_back(*image);
    }
  }
  return images;
}

std::optional<std::size_t> groundedImage(std::span<const ChatMessage> conversation) {
  const std::size_t count = imagesOf(conversation).size();
  if (count == 0) return std::nullopt;
  return count - 1;
}

Result<Prompt> promptOf(const Tokenizer& tokenizer, std::span<const ChatMessage> conversation,
                        std::span<const ImageSource> images, SpecialsPolicy specials,
                        std::size_t contextTokens, std::size_t minAnswerTokens) {
  std::vector<PromptMessage> messages;
  for (const ChatMessage& message : conversation) messages.push_back(promptMessage(message));
  std::vector<std::size_t> imageTokens;
  for (const ImageSource& image : images) imageTokens.push_back(image.tokens);
  Result<Prompt> prompt = buildPrompt(tokenizer, messages, imageTokens, specials);
  if (!prompt) return prompt.error();
  if (prompt->ids.size() + minAnswerTokens > contextTokens) {
    return contextFull(prompt->ids.size(), images, contextTokens, minAnswerTokens);
  }
  return prompt;
}

Result<ChatMessage> upstreamMessage(std::string_view role, std::string_view content,
                                    std::vector<std::filesystem::path> images) {
  Result<PromptMessage> parsed = parseUpstreamMessage(role, content);
  if (!parsed) return parsed.error();
  ChatMessage message{.role = chatRole(parsed->role), .parts = {}};
  std::size_t tags = 0;
  for (const auto& part : parsed->parts) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      message.parts.emplace_back(*text);
    } else if (tags < images.size()) {
      message.parts.emplace_back(ImageFile{std::move(images[tags++])});
    } else {
      ++tags;
    }
  }
  if (tags != images.size()) {
    return Error{ErrorCode::InvalidArgument, "A message has " + std::to_string(tags) +
                                                 " <image> tags for " +
                                                 std::to_string(images.size()) + " images."};
  }
  return message;
}

}  // namespace vl
