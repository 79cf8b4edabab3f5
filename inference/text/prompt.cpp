#include "inference/text/prompt.h"

#include <algorithm>
#include <utility>

#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr std::string_view kImageTag = "<image>";

Error invalid(std::string what) { return Error{ErrorCode::InvalidArgument, std::move(what)}; }

/// One message as the template needs it: the text before, between and after its images, stripped
/// at the two ends of the whole. There is one text more than there are images.
std::vector<std::string> strippedTexts(const PromptMessage& message) {
  std::vector<std::string> texts(1);
  for (const auto& part : message.parts) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      texts.back() += *text;
    } else {
      texts.emplace_back();
    }
  }
  texts.front() = stripLeft(texts.front());
  texts.back() = stripRight(texts.back());
  return texts;
}

std::size_t countSlots(const PromptMessage& message) {
  return static_cast<std::size_t>(
      std::count_if(message.parts.begin(), message.parts.end(),
                    [](const auto& part) { return std::holds_alternative<ImageSlot>(part); }));
}

/// Writes the ids of one conversation. The template's own role tags are put as ids, never as text,
/// so that they mean the same under both policies.
class PromptWriter {
 public:
  PromptWriter(const Tokenizer& tokenizer, std::span<const std::size_t> imageTokens,
               SpecialsPolicy specials)
      : tokenizer_(tokenizer), imageTokens_(imageTokens), specials_(specials) {
    token(tokenizer_.specials().bos);
  }

  void system(const std::vector<std::string>& texts) { text(texts.front()); }

  /// `<|User|>: text\n\n<|Assistant|>:`, or `<|User|>:<|Assistant|>:` when there is nothing to say.
  void user(std::vector<std::string> texts) {
    token(tokenizer_.specials().user);
    if (texts.size() == 1 && texts.front().empty()) {
      text(":");
    } else {
      // Prefix and suffix are tokenised with the text they touch: "!\n\n" can be one token.
      texts.front().insert(0, ": ");
      texts.back() += "\n\n";
      text(texts.front());
      for (std::size_t i = 1; i < texts.size(); ++i) {
        image();
        text(texts[i]);
      }
    }
    token(tokenizer_.specials().assistant);
    text(":");
  }

  void assistant(const std::vector<std::string>& texts) { text(texts.front()); }
  void endOfSentence() { token(tokenizer_.specials().eos); }

  Prompt take() { return std::move(prompt_); }

 private:
  void token(TokenId id) { prompt_.ids.push_back(id); }

  void text(std::string_view utf8) {
    const std::vector<TokenId> ids = tokenizer_.encode(utf8, specials_);
    prompt_.ids.insert(prompt_.ids.end(), ids.begin(), ids.end());
  }

  void image() {
    const std::size_t count = imageTokens_[prompt_.images.size()];
    prompt_.images.push_back({prompt_.ids.size(), count});
    prompt_.ids.insert(prompt_.ids.end(), count, tokenizer_.specials().image);
  }

  const Tokenizer& tokenizer_;
  std::span<const std::size_t> imageTokens_;
  SpecialsPolicy specials_;
  Prompt prompt_;
};

/// What upstream asserts about a conversation.
Status check(const Tokenizer& tokenizer, std::span<const PromptMessage> messages,
             std::span<const std::size_t> imageTokens, SpecialsPolicy specials) {
  if (messages.empty()) return invalid("The conversation has no message.");
  if (messages.back().role == Role::System) {
    return invalid("The conversation ends with the system message: there is nothing to answer.");
  }
  const std::string_view imageText = tokenizer.token(tokenizer.specials().image);
  std::size_t slots = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const PromptMessage& message = messages[i];
    const std::string where = "Message " + std::to_string(i + 1);
    if (message.role == Role::System && i > 0) {
      return invalid(where + " is a system message; only the first message can be one.");
    }
    const std::size_t own = countSlots(message);
    if (own > 0 && message.role != Role::User) {
      return invalid(where + " has an image, but only user messages can have images.");
    }
    slots += own;
    if (specials != SpecialsPolicy::All || message.role == Role::System) continue;
    for (const std::string& text : strippedTexts(message)) {
      if (text.find(imageText) == std::string::npos) continue;
      return invalid(where + " has the tag " + std::string(imageText) + " without an image.");
    }
  }
  if (slots != imageTokens.size()) {
    return invalid("The conversation has " + std::to_string(slots) + " places for images, but " +
                   std::to_string(imageTokens.size()) + " images are given.");
  }
  return {};
}

}  // namespace

Result<Prompt> buildPrompt(const Tokenizer& tokenizer, std::span<const PromptMessage> messages,
                           std::span<const std::size_t> imageTokens, SpecialsPolicy specials) {
  const Status checked = check(tokenizer, messages, imageTokens, specials);
  if (!checked) return checked.error();
  PromptWriter writer(tokenizer, imageTokens, specials);
  for (const PromptMessage& message : messages) {
    std::vector<std::string> texts = strippedTexts(message);
    switch (message.role) {
      case Role::System:
        writer.system(texts);
        break;
      case Role::User:
        writer.user(std::move(texts));
        break;
      case Role::Assistant:
        writer.assistant(texts);
        // The last answer is the one to write or to continue.
        if (&message != &messages.back()) writer.endOfSentence();
        break;
    }
  }
  return writer.take();
}

Result<PromptMessage> parseUpstreamMessage(std::string_view role, std::string_view content) {
  PromptMessage message;
  if (role == "<|User|>" || role == "user") {
    message.role = Role::User;
  } else if (role == "<|Assistant|>" || role == "assistant") {
    message.role = Role::Assistant;
  } else if (role == "system" || role == "deepseekapi-sys") {
    message.role = Role::System;
  } else {
    return invalid("The role " + inQuotes(role) +
                   " is unknown; user, assistant and system are not.");
  }
  // Upstream splits only what a user says: elsewhere a tag is an error, or text.
  std::size_t tag = content.find(kImageTag);
  if (message.role == Role::Assistant && tag != std::string_view::npos) {
    return invalid("An assistant message has the tag <image>; only user messages can have images.");
  }
  while (message.role == Role::User && tag != std::string_view::npos) {
    if (tag > 0) message.parts.emplace_back(std::string(content.substr(0, tag)));
    message.parts.emplace_back(ImageSlot{});
    content.remove_prefix(tag + kImageTag.size());
    tag = content.find(kImageTag);
  }
  if (!content.empty()) message.parts.emplace_back(std::string(content));
  return message;
}

}  // namespace vl
