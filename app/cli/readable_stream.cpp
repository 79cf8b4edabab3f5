#include "app/cli/readable_stream.h"

namespace vl {

std::string ReadableStream::push(std::string_view raw) {
  parser_.feed(raw);
  const std::string text = parser_.result().displayText();
  if (!text.starts_with(printed_)) return {};
  std::string gained = text.substr(printed_.size());
  printed_ = text;
  return gained;
}

std::string ReadableStream::finish(std::string_view whole) const {
  if (whole.starts_with(printed_)) return std::string(whole.substr(printed_.size()));
  return '\n' + std::string(whole);
}

}  // namespace vl
