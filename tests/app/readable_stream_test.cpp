#include "app/cli/readable_stream.h"

#include <gtest/gtest.h>

#include <string>

namespace vl::test {
namespace {

std::string streamed(const std::string& raw) {
  ReadableStream stream;
  std::string text;
  for (const char c : raw) text += stream.push(std::string(1, c));
  return text + stream.finish(parseGrounding(raw).displayText());
}

TEST(ReadableStream, PrintsTextWithoutTagsAndCoordinates) {
  EXPECT_EQ(streamed("A <|ref|>dog<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|> runs."), "A dog runs.");
  EXPECT_EQ(streamed("a < b <| c"), "a < b <| c");
}

TEST(ReadableStream, PrintsPlainTextAtOnce) {
  ReadableStream stream;
  EXPECT_EQ(stream.push("Hello"), "Hello");
  EXPECT_EQ(stream.push(" <|re"), " ");
  EXPECT_EQ(stream.push("f|>dog"), "dog");
}

TEST(ReadableStream, RepeatsTheTextWhenAPhraseComesBeforeWhatWasPrinted) {
  // A list claims the phrase written after it, which then stands where the list stood.
  const std::string raw =
      "<|det|>[[1, 2, 3, 4]]<|/det|> <|det|>[[5, 6, 7, 8]]<|/det|> "
      "<|ref|>a<|/ref|><|ref|>b<|/ref|>";
  const std::string whole = parseGrounding(raw).displayText();
  const std::string text = streamed(raw);
  EXPECT_TRUE(text.ends_with('\n' + whole)) << text;
}

}  // namespace
}  // namespace vl::test
