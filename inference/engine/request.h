#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/sampling_options.h"

namespace vl {

enum class ChatRole { System, User, Assistant };

/// An image file of the conversation; read when the request runs.
struct ImageFile {
  std::filesystem::path path;
};

/// One turn: text and images in the order the model reads them. Text is UTF-8. Role, sentence and
/// image tokens in it are literal text; grounding tokens are honoured (SPEC section 13.17).
struct ChatMessage {
  ChatRole role = ChatRole::User;
  std::vector<std::variant<std::string, ImageFile>> parts;
};

/// A user turn the way the official demo lays it out: each image on its own line, then the text.
ChatMessage userMessage(const std::vector<std::filesystem::path>& images, std::string text);
ChatMessage textMessage(ChatRole role, std::string text);

struct GenerateRequest {
  /// Ends with a user message (answered) or a non-empty assistant message (continued).
  std::vector<ChatMessage> conversation;
  SamplingOptions sampling;
  std::size_t maxTokens = 2048;  // shortened to what the context still holds
  /// Less context than the model's own, for prompt and answer together; none: all of it.
  std::optional<std::size_t> contextTokens = std::nullopt;
  /// Off: no image is cut into tiles, as if the conversation had too many for that (SPEC 3.1).
  bool tiling = true;
  /// Every added token in a text is a control token and EXIF is ignored: upstream's behaviour.
  bool rawSpecials = false;
};

enum class Stage { DecodeImages, EncodeTiles, Prefill, Decode };

/// done of total units of a stage: images, tiles, prompt tokens, generated tokens (total = limit).
struct StageProgress {
  Stage stage = Stage::DecodeImages;
  std::size_t done = 0;
  std::size_t total = 0;
};

/// Called on the thread that runs generate(); must not block. Any may be empty.
struct GenerateCallbacks {
  std::function<void(const StageProgress&)> progress;
  std::function<void(std::string_view utf8)>
      text;  // raw output with grounding tags; whole code points
  std::function<void(const GroundedBox&)>
      box;  // once per complete box, while the answer is written
};

enum class StopReason { EndOfSequence, TokenLimit, ContextFull, Cancelled };

struct Usage {
  std::size_t promptTokens = 0;      // all of the prompt, images included
  std::size_t imageTokens = 0;       // part of promptTokens
  std::size_t reusedTokens = 0;      // part of promptTokens that was still in the KV cache
  std::size_t completionTokens = 0;  // generated, without the end-of-sequence token
};

struct GenerateTimings {
  double imageMs = 0;     // decoding, resizing, cutting
  double visionMs = 0;    // tower and projector
  std::size_t tiles = 0;  // encoded in this request; 0 when all came from the cache
  double prefillMs = 0;
  double firstTokenMs = 0;  // from the start of generate()
  double decodeMs = 0;      // from the first token to the last
};

struct GenerateSummary {
  std::string raw;   // everything generated, grounding tags included
  std::string text;  // for reading: without tags and coordinates
  std::vector<GroundedBox> boxes;
  std::vector<std::string> warnings;  // malformed grounding output, one sentence each
  std::vector<ImageSize> images;      // oriented size of each image of the conversation
  Usage usage;
  GenerateTimings timings;
  StopReason stopReason = StopReason::EndOfSequence;
  std::uint64_t seed = 0;
};

}  // namespace vl
