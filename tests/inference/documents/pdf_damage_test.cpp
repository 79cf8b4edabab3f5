// What broken and hostile files, and a helper that dies, do to the program: an error, in time.

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <thread>

#include "inference/documents/pdf_document.h"
#include "tests/inference/documents/made_pdf.h"
#include "tests/inference/documents/pdf_fixture.h"

namespace vl::test {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Asks everything of every page; errors are fine.
void readAll(Document& document) {
  for (std::size_t page = 0; page < std::min<std::size_t>(document.pageCount(), 3); ++page) {
    const Result<PageSize> size = document.pageSize(page, {});
    const Result<std::string> text = document.pageText(page, {});
    const Result<RgbImage> image = document.renderPage(page, {64, 96}, {});
    if (image) {
      EXPECT_EQ(image->pixels.size(), 64u * 96 * 3);
    }
    for (const Error* error : {size ? nullptr : &size.error(), text ? nullptr : &text.error(),
                               image ? nullptr : &image.error()}) {
      EXPECT_TRUE(error == nullptr || error->what.find("Page ") != std::string::npos);
    }
  }
}

class PdfDamageTest : public PdfTest {
 protected:
  void tryAll(const std::string& content, const PdfReading& how = {}) {
    const auto document = open(content, {}, how);
    if (document) return readAll(**document);
    EXPECT_NE(document.error().what.find("made.pdf"), std::string::npos) << document.error().what;
  }

  /// A stand-in for vl2-pages.
  PdfReading helper(const std::string& script) {
    const std::filesystem::path program = write("#!/bin/sh\n" + script + "\n", "helper");
    ::chmod(program.c_str(), 0700);
    return {program, milliseconds(300)};
  }

  const std::string whole_ = madePdf(
      {{textLine("the first page") + blackSquare()}, {textLine("the second page")}}, "Title");
};

TEST_F(PdfDamageTest, CutFilesAreErrorsOrRepaired) {
  for (std::size_t length = 1; length < whole_.size(); length += whole_.size() / 24) {
    tryAll(whole_.substr(0, length));
  }
}

TEST_F(PdfDamageTest, FlippedBytesAreErrorsOrWrongPages) {
  std::mt19937 random(20);
  for (int round = 0; round < 30; ++round) {
    std::string damaged = whole_;
    for (int flips = 0; flips < 8; ++flips) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    tryAll(damaged);
  }
}

TEST_F(PdfDamageTest, NoiseIsNoDocument) {
  std::mt19937 random(21);
  std::string noise = "%PDF-1.7\n";
  for (int i = 0; i < 4000; ++i) noise += static_cast<char>(random());
  const auto document = open(noise);
  ASSERT_FALSE(document.has_value());
  EXPECT_EQ(document.error().code, ErrorCode::Corrupt);
}

TEST_F(PdfDamageTest, APageTreeThatBitesItsTailEnds) {
  tryAll(pdfOf({"<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R 3 0 R] /Parent 2 0 R >>",
                "<< /Type /Pages /Count 2 /Kids [2 0 R 3 0 R] /Parent 3 0 R >>"}));
}

TEST_F(PdfDamageTest, APageCountThatNobodyHasIsRefused) {
  for (const char* count : {"2147483647", "99999999999", "-5", "0"}) {
    const auto document =
        open(pdfOf({"<< /Type /Catalog /Pages 2 0 R >>",
                    "<< /Type /Pages /Count " + std::string(count) + " /Kids [3 0 R] >>",
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"}));
    EXPECT_TRUE(!document || (*document)->pageCount() <= kMaxDocumentPages) << count;
  }
}

TEST_F(PdfDamageTest, AHugeAnEmptyAndAnImpossiblePageCostNoMoreThanAnyOther) {
  for (const char* box : {"[0 0 1e30 1e30]", "[0 0 0 0]", "[0 0 1e-30 5]", "[5 5 -5 -5]",
                          "[0 0 1000000 1]", "[1 2 3]", "(box)", "[0 0 4 R 2]"}) {
    const Clock::time_point start = Clock::now();
    tryAll(madePdf({{textLine("words on it"), box}}));
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(20)) << box;
  }
}

TEST_F(PdfDamageTest, APictureBeyondTheLimitsIsRefused) {
  const auto document = need(whole_);
  for (const ImageSize size : {ImageSize{100'000, 100'000}, ImageSize{20'001, 1}, ImageSize{0, 10},
                               ImageSize{10, -1}, ImageSize{8000, 8000}}) {
    const Result<RgbImage> image = document->renderPage(0, size, {});
    ASSERT_FALSE(image.has_value());
    EXPECT_EQ(image.error().code, ErrorCode::Unsupported);
  }
}

TEST_F(PdfDamageTest, APageThatDrawsForeverIsGivenUpAndTheNextOneIsRead) {
  // nine forms, each of which draws the one before it twenty times: 5e11 lines
  std::vector<std::string> list{
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
      std::string("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 5 0 R ") +
          "/Resources << /XObject << /F 14 0 R >> >> >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
      "<< /Length 4 >>\nstream\n/F Do\nendstream"};
  for (int level = 0; level < 9; ++level) {
    std::string content;
    for (int i = 0; i < 20; ++i) content += level == 0 ? "0 0 m 200 200 l S " : "/F Do ";
    list.push_back(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << /XObject << "
        "/F " +
        std::to_string(5 + level) + " 0 R >> >> /Length " + std::to_string(content.size()) +
        " >>\nstream\n" + content + "\nendstream");
  }
  const std::string endless = pdfOf(list);
  const auto document = need(endless, {}, {{}, milliseconds(700)});
  const Clock::time_point start = Clock::now();
  const Result<RgbImage> image = document->renderPage(0, {200, 200}, {});
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(10));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::Corrupt);
  EXPECT_TRUE(document->renderPage(1, {200, 200}, {}).has_value());

  // with this much time for a page, that it ends at all is due to the stop
  const auto patient = need(endless, {}, {{}, std::chrono::hours(1)});
  std::stop_source stop;
  const std::jthread stopper([&stop] {
    std::this_thread::sleep_for(milliseconds(100));
    stop.request_stop();
  });
  const Result<RgbImage> stopped = patient->renderPage(0, {200, 200}, stop.get_token());
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST_F(PdfDamageTest, AHelperThatDiesIsReplaced) {
  const std::filesystem::path real =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "vl2-pages";
  const std::string runsTheRealOne = "exec " + real.string();
  PdfReading how = helper(runsTheRealOne);
  how.pageTime = std::chrono::seconds(20);
  const auto document = need(whole_, {}, how);
  EXPECT_EQ(*document->pageText(0, {}), "the first page");

  pid_t child = 0;
  ASSERT_TRUE(std::ifstream("/proc/thread-self/children") >> child);
  helper("kill -9 $$");  // what the next one does
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  for (int i = 0; i < 2; ++i) {
    const Result<std::string> lost = document->pageText(1, {});
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().code, ErrorCode::Corrupt);
  }
  helper(runsTheRealOne);
  EXPECT_EQ(*document->pageText(1, {}), "the second page");
}

TEST_F(PdfDamageTest, AHelperThatSaysNothingIsGivenUp) {
  const auto document = open(whole_, {}, helper("sleep 30"));
  ASSERT_FALSE(document.has_value());
  EXPECT_NE(document.error().what.find("took longer"), std::string::npos) << document.error().what;
}

TEST_F(PdfDamageTest, AHelperThatSpeaksNonsenseIsGivenUp) {
  for (const char* script : {"head -c 200000 /dev/urandom >&0; sleep 5", "echo hello >&0", "exit 0",
                             "head -c 4000000 /dev/zero >&0; sleep 5"}) {
    tryAll(whole_, helper(script));
  }
}

}  // namespace
}  // namespace vl::test
