#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "inference/base/result.h"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace vl {

/// A SHA-256 digest: the identity of an image file.
struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};

  /// 64 lower-case hexadecimal digits.
  std::string hex() const;
  /// The reverse; nullopt for anything but 64 lower-case digits, so that a digest read from a
  /// database can become part of a path.
  static std::optional<Sha256> fromHex(std::string_view hex);
  /// Error: Internal, as Sha256Stream::finish.
  static Result<Sha256> of(std::span<const std::byte> data);

  auto operator<=>(const Sha256&) const = default;
};

/// Digest of data that comes in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void update(std::span<const std::byte> data);
  /// Ends the stream; call once. Error: Internal, when OpenSSL is configured without SHA-256.
  Result<Sha256> finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
  bool working_ = false;  // no call has failed so far; finish() reports it
};

}  // namespace vl
