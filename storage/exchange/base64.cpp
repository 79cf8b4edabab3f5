#include "storage/exchange/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace vl {

namespace {

// OpenSSL counts in int; 3 bytes are 4 letters.
constexpr std::size_t kPieceBytes = 3 << 20;
constexpr std::size_t kPieceLetters = kPieceBytes / 3 * 4;

}  // namespace

std::string toBase64(std::span<const std::byte> data) {
  std::string text((data.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  std::size_t done = 0;
  for (std::size_t at = 0; at < data.size(); at += kPieceBytes) {
    const auto piece = data.subspan(at, std::min(kPieceBytes, data.size() - at));
    const int letters = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + done),
                                        reinterpret_cast<const unsigned char*>(piece.data()),
                                        static_cast<int>(piece.size()));
    done += static_cast<std::size_t>(letters);
  }
  text.resize(done);
  return text;
}

std::optional<std::vector<std::byte>> fromBase64(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::string_view letters = text.substr(0, text.size() - padding);
  // OpenSSL would skip white space
  if (text.size() % 4 != 0 || letters.find_first_not_of(kLetters) != letters.npos) {
    return std::nullopt;
  }
  std::vector<std::byte> data(text.size() / 4 * 3);
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); at += kPieceLetters) {
    const std::string_view piece = text.substr(at, kPieceLetters);
    const int bytes = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(data.data() + done),
                                      reinterpret_cast<const unsigned char*>(piece.data()),
                                      static_cast<int>(piece.size()));
    if (bytes < 0) return std::nullopt;
    done += static_cast<std::size_t>(bytes);
  }
  data.resize(done - padding);
  return data;
}

}  // namespace vl
