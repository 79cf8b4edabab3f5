#pragma once

#include <string>
#include <string_view>

namespace vl {

/// Whether a text layer says what the page shows: it has some words, and they are characters that
/// can be read. A scan that only carries a stamp, or a font that maps to nothing, is not readable;
/// such a page is for the model.
bool isReadableText(std::string_view utf8);

/// What a model is asked about the picture of a page. The bundled model knows this question; the
/// official ones understand it.
inline constexpr const char* kReadTextPrompt = "Read the text in the image.";

/// Plain text as Markdown that shows the same: what would be markup is escaped. Lines of a
/// paragraph flow together, empty lines part paragraphs.
std::string markdownOf(std::string_view plain);

}  // namespace vl
