#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "inference/base/grounding_types.h"
#include "storage/sha256.h"

namespace vl {

/// Row ids. Never given out twice, also not after a deletion.
enum class SessionId : std::int64_t {};
enum class MessageId : std::int64_t {};
enum class FolderId : std::int64_t {};
enum class ReadingId : std::int64_t {};

/// Wall-clock time, UTC. QDateTime::fromStdTimePoint takes it.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// What a person or the app decides about a session. Text is UTF-8.
struct SessionSettings {
  std::string title;
  std::string modelFolder;  // empty: no model was chosen
  std::string modelName;
  std::string systemPrompt;
};

/// What of a session the model is given.
struct SessionContext {
  std::optional<MessageId> start;  // messages before it are left out; none: nothing is
  bool tiling = true;              // off: each image is one overview, however few there are
  bool operator==(const SessionContext&) const = default;
};

struct SessionRecord {
  SessionId id{};
  SessionSettings settings;
  SessionContext context;
  Timestamp created;
  Timestamp updated;                 // when its last message was begun or finished
  std::optional<Timestamp> deleted;  // it lies in the trash since then
  bool pinned = false;
  std::optional<FolderId> folder;
};

/// Where a person keeps sessions together. A session lies in one folder or in none.
struct FolderRecord {
  FolderId id{};
  std::string name;
  bool operator==(const FolderRecord&) const = default;
};

/// An image file in the store. Its identity is its content: the same file imported twice is one.
struct ImageRecord {
  Sha256 sha256;
  ImageSize size;           // of the oriented image
  std::uint64_t bytes = 0;  // of the file
  std::string mediaType;    // by content: "image/png", "application/octet-stream" when unknown
  bool operator==(const ImageRecord&) const = default;
};

/// An image as one message shows it.
struct Attachment {
  ImageRecord image;
  std::string fileName;  // the person's name for it; only shown, never used as a path
  bool operator==(const Attachment&) const = default;
};

enum class MessageRole { User, Assistant };

/// Streaming: being written, in this or another process. Complete: ended by itself (user messages
/// are always complete). Stopped: cut off by the person, or by a crash. Failed: ended by an error.
enum class MessageState { Streaming, Complete, Stopped, Failed };

enum class AnswerEnd { EndOfSequence, TokenLimit, ContextFull, Cancelled };

/// What the engine says about an answer when it ends.
struct AnswerSummary {
  AnswerEnd end = AnswerEnd::EndOfSequence;
  std::uint64_t seed = 0;

  std::uint64_t promptTokens = 0;      // images included
  std::uint64_t imageTokens = 0;       // part of promptTokens
  std::uint64_t reusedTokens = 0;      // part of promptTokens, found in the KV cache
  std::uint64_t completionTokens = 0;  // generated
  std::uint64_t tiles = 0;             // encoded for this answer

  double imageMs = 0;
  double visionMs = 0;
  double prefillMs = 0;
  double firstTokenMs = 0;
  double decodeMs = 0;

  bool operator==(const AnswerSummary&) const = default;
};

/// How an answer ended.
struct AnswerOutcome {
  MessageState state = MessageState::Complete;  // not Streaming
  std::string error;                            // for a person; empty unless Failed
  std::optional<AnswerSummary> summary;         // none when the engine could not give one
};

struct StoredMessage {
  MessageId id{};
  MessageRole role = MessageRole::User;
  MessageState state = MessageState::Complete;
  std::string raw;    // as typed, or as the model wrote it, grounding tags included
  std::string error;  // why a Failed answer ended
  Timestamp created;
  std::vector<Attachment> attachments;  // in the order the model reads them
  std::vector<GroundedBox> boxes;       // pixels are 0 when the session has no such image
  std::optional<AnswerSummary> summary;
  /// Messages in the same place of other branches, and this one, in the order written.
  std::vector<MessageId> siblings;
};

/// A session with the branch of it that is shown, oldest message first.
struct StoredSession {
  SessionRecord session;
  std::vector<StoredMessage> messages;
};

}  // namespace vl
