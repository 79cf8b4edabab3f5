#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/storage/store_test_support.h"

namespace vl {

inline GroundedBox box(std::string label, std::size_t image, GridBox grid) {
  GroundedBox result;
  result.label = std::move(label);
  result.image = image;
  result.grid = grid;
  return result;
}

/// A store in a folder of its own, and short ways to put things into it.
class SessionStoreTest : public testing::Test {
 protected:
  void reopen() {
    store_.reset();
    store_.emplace(openStore(folder_.path()));
  }

  SessionId newSession(std::string title = "session") {
    return need(store_->createSession(titled(std::move(title)))).id;
  }

  ImageRecord newImage(std::string_view content, ImageSize size = {640, 480}) {
    return need(store_->importImage(bytesOf(pngBytes(content)), size));
  }

  MessageId ask(SessionId session, std::span<const Attachment> attachments = {}) {
    return need(store_->appendUserMessage(session, "What is this?", attachments));
  }

  StoredMessage lastMessage(SessionId session) {
    return need(store_->loadSession(session)).messages.back();
  }

  /// Longer than the clock's resolution.
  static void letTimePass() { std::this_thread::sleep_for(std::chrono::milliseconds(3)); }

  TemporaryFolder folder_;
  std::optional<SessionStore> store_{openStore(folder_.path())};
};

}  // namespace vl
