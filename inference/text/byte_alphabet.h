#pragma once

#include <string>
#include <string_view>

namespace vl {

/// The byte-level alphabet of GPT-2: every byte is written as one printable code point, so that
/// a vocabulary file is text. Printable Latin-1 bytes stand for themselves, the other 68 for
/// U+0100..U+0143 in order.

/// The bytes of a token written in the alphabet; of a token with any other code point, its own
/// UTF-8, as Hugging Face's ByteLevel decoder does.
std::string alphabetToBytes(std::string_view token);

/// One byte as the alphabet writes it, in UTF-8.
std::string byteToAlphabet(unsigned char byte);

}  // namespace vl
