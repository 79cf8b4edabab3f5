#include "storage/sha256.h"

#include <openssl/evp.h>

#include <new>

namespace vl {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string Sha256::hex() const {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

std::optional<Sha256> Sha256::fromHex(std::string_view hex) {
  Sha256 digest;
  if (hex.size() != 2 * digest.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    const std::size_t high = kDigits.find(hex[2 * i]);
    const std::size_t low = kDigits.find(hex[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return digest;
}

Result<Sha256> Sha256::of(std::span<const std::byte> data) {
  Sha256Stream stream;
  stream.update(data);
  return stream.finish();
}

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  working_ = EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::byte> data) {
  working_ = working_ && EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1;
}

Result<Sha256> Sha256Stream::finish() {
  Sha256 digest;
  if (!working_ || EVP_DigestFinal_ex(context_.get(), digest.bytes.data(), nullptr) != 1) {
    return Error{
        ErrorCode::Internal,
        "OpenSSL does not offer SHA-256; its configuration on this machine may disable it."};
  }
  return digest;
}

}  // namespace vl
