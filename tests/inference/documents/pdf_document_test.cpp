#include "inference/documents/pdf_document.h"

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "tests/inference/documents/made_pdf.h"
#include "tests/inference/documents/pdf_fixture.h"

namespace vl::test {
namespace {

using PdfDocumentTest = PdfTest;

std::array<int, 3> pixel(const RgbImage& image, int x, int y) {
  const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                          static_cast<std::size_t>(x)) *
                         3;
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

constexpr std::array kBlack{0, 0, 0};
constexpr std::array kWhite{255, 255, 255};

TEST_F(PdfDocumentTest, TellsPagesTitleAndSizes) {
  const auto document = need(
      madePdf({{textLine("one")}, {textLine("two"), "[0 0 595.276 841.89]"}}, "A made document"));
  EXPECT_EQ(document->pageCount(), 2u);
  EXPECT_EQ(document->title(), "A made document");
  const Result<PageSize> first = document->pageSize(0, {});
  ASSERT_TRUE(first.has_value()) << first.error().what;
  EXPECT_EQ(first->width, 200);
  EXPECT_EQ(first->height, 300);
  EXPECT_NEAR(document->pageSize(1, {})->height, 841.89, 0.01);
}

TEST_F(PdfDocumentTest, ALongTitleIsShortenedBetweenTwoLetters) {
  std::string title = "a";  // then letters of two bytes, the last of which does not fit
  std::string expected = "a";
  for (std::size_t i = 0; i < kMaxTitleBytes; ++i) title += '\xE9';
  while (expected.size() + 2 <= kMaxTitleBytes) expected += "\u00E9";
  EXPECT_EQ(need(madePdf({{blackSquare()}}, title))->title(), expected);
}

TEST_F(PdfDocumentTest, ATextBeyondTheLimitIsRefusedNotCut) {
  const auto lines = [](std::size_t count) {  // of bullets, three bytes of text each
    std::string content = "BT /F1 10 Tf 12 TL 10 14000 Td ";
    for (std::size_t i = 0; i < count; ++i) content += "(" + std::string(8192, '\267') + ") Tj T* ";
    return content + "ET";
  };
  const std::string box = "[0 0 50000 50000]";
  const std::size_t enough = kMaxPageTextBytes / (std::size_t{3} * 8192) + 1;
  const auto document =
      need(madePdf({{lines(enough), box}, {lines(1), box}}), {}, {{}, std::chrono::minutes(10)});
  const Result<std::string> text = document->pageText(0, {});
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, ErrorCode::Unsupported) << text.error().what;
  EXPECT_EQ(document->pageText(1, {})->size(), 3u * 8192);
}

TEST_F(PdfDocumentTest, ReadsTheTextLayer) {
  const auto document =
      need(madePdf({{textLine("First line") + textLine("Second line", 20, 200)}, {blackSquare()}}));
  const Result<std::string> text = document->pageText(0, {});
  ASSERT_TRUE(text.has_value()) << text.error().what;
  EXPECT_EQ(*text, "First line\n\nSecond line");
  EXPECT_EQ(*document->pageText(1, {}), "");
}

TEST_F(PdfDocumentTest, RendersThePageAtExactlyTheSizeAsked) {
  const auto document = need(madePdf({{blackSquare()}}));
  const Result<RgbImage> image = document->renderPage(0, {400, 600}, {});
  ASSERT_TRUE(image.has_value()) << image.error().what;
  EXPECT_EQ(image->size(), (ImageSize{400, 600}));
  ASSERT_EQ(image->pixels.size(), 400u * 600 * 3);
  EXPECT_EQ(pixel(*image, 10, 590), kBlack);   // lower left, PDF's origin
  EXPECT_EQ(pixel(*image, 110, 590), kWhite);  // beyond 50 of 200 points
  EXPECT_EQ(pixel(*image, 10, 10), kWhite);
  EXPECT_EQ(document->renderPage(0, {31, 7}, {})->size(), (ImageSize{31, 7}));
}

TEST_F(PdfDocumentTest, ARotatedPageIsShownAsAReaderTurnsIt) {
  const auto document = need(madePdf(
      {{blackSquare() + textLine("turned by a quarter", 40, 250), "[0 0 200 300]", "/Rotate 90"}}));
  EXPECT_EQ(document->pageSize(0, {})->width, 300);
  EXPECT_EQ(document->pageSize(0, {})->height, 200);
  const Result<RgbImage> image = document->renderPage(0, {300, 200}, {});
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(pixel(*image, 10, 10), kBlack);  // clockwise: lower left comes to the upper left
  EXPECT_EQ(pixel(*image, 10, 190), kWhite);
  EXPECT_EQ(*document->pageText(0, {}), "turned by a quarter");
}

TEST_F(PdfDocumentTest, ACropBoxAwayFromTheOriginCutsPictureAndTextAlike) {
  const auto document = need(madePdf({{"0 g 100 100 20 20 re f\n" + textLine("inside it", 110, 150),
                                       "[0 0 400 400]", "/CropBox [100 100 300 200]"}}));
  EXPECT_EQ(document->pageSize(0, {})->width, 200);
  const Result<RgbImage> image = document->renderPage(0, {200, 100}, {});
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(pixel(*image, 5, 95), kBlack);
  EXPECT_EQ(*document->pageText(0, {}), "inside it");
}

TEST_F(PdfDocumentTest, APasswordIsAskedForAndChecked) {
  const std::string pdf = lockedPdf("a secret line", "open sesame");
  const auto none = open(pdf);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::InvalidArgument);
  EXPECT_NE(none.error().what.find("protected by a password"), std::string::npos);
  const auto wrong = open(pdf, "open barley");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::InvalidArgument);
  EXPECT_NE(wrong.error().what.find("not the password"), std::string::npos);
  EXPECT_FALSE(open(pdf, std::string(kMaxPasswordBytes + 1, 'x')).has_value());
  const auto document = need(pdf, "open sesame");
  EXPECT_EQ(*document->pageText(0, {}), "a secret line");
}

TEST_F(PdfDocumentTest, APageThatIsNotThereIsAnErrorOfThatCall) {
  const auto document = need(madePdf({{textLine("one")}}));
  const Result<std::string> none = document->pageText(1, {});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(*document->pageText(0, {}), "one");
}

TEST_F(PdfDocumentTest, WhatIsNoFileIsRefusedWithoutWaiting) {
  const std::filesystem::path pipe = folder_ / "pipe.pdf";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(openPdf(pipe, {}, {}, {}).error().code, ErrorCode::Unsupported);
  EXPECT_EQ(openPdf(folder_, {}, {}, {}).error().code, ErrorCode::Unsupported);
  EXPECT_EQ(openPdf(folder_ / "none.pdf", {}, {}, {}).error().code, ErrorCode::NotFound);
  EXPECT_EQ(open("").error().code, ErrorCode::Corrupt);
}

TEST_F(PdfDocumentTest, AFileThatIsReplacedStaysTheOneThatWasOpened) {
  const auto document = need(madePdf({{textLine("the first file")}}));
  std::filesystem::rename(write(madePdf({{textLine("another")}}), "other.pdf"),
                          folder_ / "made.pdf");
  EXPECT_EQ(*document->pageText(0, {}), "the first file");
}

TEST_F(PdfDocumentTest, AMissingHelperIsToldAndNotTheDocumentsFault) {
  PdfReading how;
  how.program = folder_ / "no-vl2-pages";
  const auto document = open(madePdf({{textLine("one")}}), {}, how);
  ASSERT_FALSE(document.has_value());
  EXPECT_EQ(document.error().code, ErrorCode::NotFound);
  EXPECT_NE(document.error().what.find("no-vl2-pages"), std::string::npos) << document.error().what;
}

TEST_F(PdfDocumentTest, APdfIsToldByItsContent) {
  EXPECT_TRUE(looksLikePdf(write(madePdf({{textLine("one")}}), "report.bin")));
  EXPECT_TRUE(looksLikePdf(write("junk before\n" + madePdf({{""}}), "junk.pdf")));
  EXPECT_FALSE(looksLikePdf(write("\x89PNG\r\n\x1a\n", "picture.pdf")));
  EXPECT_FALSE(looksLikePdf(write("", "empty.pdf")));
  EXPECT_FALSE(looksLikePdf(folder_ / "none.pdf"));
}

}  // namespace
}  // namespace vl::test
