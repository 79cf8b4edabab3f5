#include "inference/vision/tile_hash.h"

#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <string_view>

namespace vl {

std::string pixelHash(const RgbImage& image) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  [[maybe_unused]] const int good = EVP_Digest(image.pixels.data(), image.pixels.size(),
                                               digest.data(), &length, EVP_sha256(), nullptr);
  assert(good == 1 && length == digest.size());
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned byte : digest) {
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 0x0f]);
  }
  return hex;
}

}  // namespace vl
