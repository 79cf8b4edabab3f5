#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace vl {

/// A SHA-256 digest.
using Digest = std::array<std::byte, 32>;

/// Digest of data that comes in pieces. Text and lists of bytes go in with their length, so that
/// two different sequences of calls never hash the same bytes.
class DigestStream {
 public:
  DigestStream();
  ~DigestStream();
  DigestStream(const DigestStream&) = delete;
  DigestStream& operator=(const DigestStream&) = delete;

  void add(std::uint64_t number);
  void add(std::string_view text);
  void add(std::span<const std::byte> bytes);

  /// Call once, last. None when OpenSSL is configured without SHA-256.
  std::optional<Digest> finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void update(const void* data, std::size_t size);

  std::unique_ptr<evp_md_ctx_st, Free> context_;
  bool working_ = false;  // no call has failed so far
};

}  // namespace vl
