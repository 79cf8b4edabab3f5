#include "inference/engine/digest.h"

#include <openssl/evp.h>

namespace vl {

void DigestStream::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

DigestStream::DigestStream() : context_(EVP_MD_CTX_new()) {
  working_ = context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
}

DigestStream::~DigestStream() = default;

void DigestStream::update(const void* data, std::size_t size) {
  working_ = working_ && EVP_DigestUpdate(context_.get(), data, size) == 1;
}

void DigestStream::add(std::uint64_t number) { update(&number, sizeof(number)); }

void DigestStream::add(std::string_view text) { add(std::as_bytes(std::span(text))); }

void DigestStream::add(std::span<const std::byte> bytes) {
  add(std::uint64_t{bytes.size()});
  update(bytes.data(), bytes.size());
}

std::optional<Digest> DigestStream::finish() {
  Digest digest{};
  unsigned size = 0;
  unsigned char bytes[EVP_MAX_MD_SIZE];
  working_ = working_ && EVP_DigestFinal_ex(context_.get(), bytes, &size) == 1;
  if (!working_ || size != digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = std::byte{bytes[i]};
  return digest;
}

}  // namespace vl
