#pragma once

#include <cstddef>
#include <cstdint>

namespace vl {

// What a program and its vl2-pages say to each other, over a socket. Both are of one build and on
// one machine, so that the structs travel as they lie in memory. The program asks, vl2-pages
// answers; neither trusts the sizes that the other one names.

/// Where vl2-pages finds the socket and the document.
inline constexpr int kPagesSocket = 0;
inline constexpr int kPagesDocument = 3;

enum class PageVerb : std::uint32_t {
  Open = 1,    // the password follows; answered with pages, and the title as payload
  Size = 2,    // answered with width and height
  Text = 3,    // answered with UTF-8 as payload
  Render = 4,  // answered with width * height * 3 bytes of RGB as payload
};

enum class PageOutcome : std::uint32_t {
  Ok = 0,
  Damaged = 1,   // no PDF, or one that cannot be repaired
  Locked = 2,    // a password is needed, or the one given is wrong
  NoPage = 3,    // the page cannot be found, or has no size
  TooLarge = 4,  // beyond a limit of document.h
};

struct PageRequest {
  PageVerb verb = PageVerb::Open;
  std::uint32_t page = 0;
  std::uint32_t width = 0;   // Render: pixels
  std::uint32_t height = 0;  // Render: pixels
  std::uint32_t passwordBytes = 0;
};

struct PageReply {
  PageOutcome outcome = PageOutcome::Ok;
  std::uint32_t pages = 0;
  double width = 0;   // points
  double height = 0;  // points
  std::uint64_t payloadBytes = 0;
};

}  // namespace vl
