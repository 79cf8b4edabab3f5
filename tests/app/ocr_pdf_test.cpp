#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/app/vl2_process.h"
#include "tests/inference/documents/made_pdf.h"

namespace vl::test {
namespace {

using nlohmann::json;

std::string contentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class OcrPdfTest : public testing::Test {
 protected:
  std::string write(const std::string& content, const std::string& name = "made.pdf") {
    writeFile(folder_ / name, content);
    return (folder_ / name).string();
  }

  static Words ocr(Words more) {
    Words words{"ocr", "--model", microModel(), "--max-tokens", "3"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  ScratchFolder folder_;
  const std::string report_ = madePdf({{textLine("The first page.")},
                                       {blackSquare()},
                                       {textLine("A third *page*.")},
                                       {textLine("The fourth page.")}});
};

TEST_F(OcrPdfTest, TextLayersAreWrittenPageByPageWithoutAModel) {
  const std::string file = write(report_);
  const Finished run = runVl2({"ocr", "--model", "/no/model", "--pages", "1,3-4", file});
  EXPECT_EQ(run.exitCode, 0) << run.err;
  EXPECT_EQ(run.out, "==> " + file + ", page 1 <==\nThe first page.\n\n==> " + file +
                         ", page 3 <==\nA third *page*.\n\n==> " + file +
                         ", page 4 <==\nThe fourth page.\n");
}

TEST_F(OcrPdfTest, MarkdownHasHeadingsAndShowsTheSameWords) {
  const std::string file = write(report_);
  const Finished run = runVl2(ocr({"--markdown", "--pages", "3", file}));
  EXPECT_EQ(run.exitCode, 0) << run.err;
  EXPECT_EQ(run.out.find("## "), 0u) << run.out;
  EXPECT_NE(run.out.find(", page 3\n\nA third \\*page\\*.\n"), std::string::npos) << run.out;
}

TEST_F(OcrPdfTest, PagesWithoutATextLayerGoThroughTheModel) {
  const std::string file = write(report_);
  const json pages = jsonOf(runVl2(ocr({"--json", "--pages", "1-2", file})));
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0]["page"], 1);
  EXPECT_EQ(pages[0]["source"], "text_layer");
  EXPECT_EQ(pages[0]["text"], "The first page.");
  EXPECT_EQ(pages[1]["page"], 2);
  EXPECT_EQ(pages[1]["source"], "model");
  EXPECT_GT(pages[1]["usage"]["image_tokens"], 421);  // 200 x 300 points fill more than a tile
}

TEST_F(OcrPdfTest, ScanAsksTheModelAlsoWhereThereIsText) {
  const json pages = jsonOf(runVl2(ocr({"--json", "--scan", "--pages", "1", write(report_)})));
  EXPECT_EQ(pages[0]["source"], "model");
}

TEST_F(OcrPdfTest, TheResultGoesIntoAFileThatIsKeptUntilThereIsOne) {
  const std::string file = write(report_);
  const std::string out = write("of before", "out.md");
  Finished run = runVl2(ocr({"--out", out, "--pages", "9", file}));
  EXPECT_EQ(run.exitCode, 3);
  EXPECT_EQ(contentOf(out), "of before");
  run = runVl2(ocr({"--out", out, "--pages", "1", file}));
  EXPECT_EQ(run.exitCode, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(contentOf(out), "==> " + file + ", page 1 <==\nThe first page.\n");
  EXPECT_EQ(runVl2(ocr({"--out", (folder_ / "no/folder.md").string(), file})).exitCode, 3);
}

TEST_F(OcrPdfTest, ErrorsNameTheFileAndTheCause) {
  const std::string good = write(report_);
  const std::string locked = write(lockedPdf("a secret line", "sesame"), "locked.pdf");
  const std::string damaged = write("%PDF-1.4\nno more than this", "damaged.pdf");
  struct Case {
    Words words;
    std::string says;
  };
  for (const Case& c : {Case{{"--pages", "5", good}, "There is no page 5; the document has 4"},
                        Case{{"--pages", "one", good}, "\"one\" names no pages"},
                        Case{{locked}, "locked.pdf is protected by a password"},
                        Case{{"--password", "barley", locked}, "not the password of locked.pdf"},
                        Case{{damaged}, "damaged.pdf is not a PDF document, or is damaged"}}) {
    const Finished run = runVl2(ocr(c.words));
    EXPECT_EQ(run.exitCode, 3) << c.says;
    EXPECT_NE(run.err.find(c.says), std::string::npos) << run.err;
  }
  const Finished run = runVl2(ocr({"--password", "sesame", locked}));
  EXPECT_EQ(run.exitCode, 0) << run.err;
  EXPECT_NE(run.out.find("a secret"), std::string::npos) << run.out;
}

TEST_F(OcrPdfTest, ADamagedFileDoesNotKeepTheOthersFromBeingRead) {
  const std::string damaged = write("%PDF-1.4\nno more than this", "damaged.pdf");
  const json pages = jsonOf(runVl2(ocr({"--json", damaged, write(report_)})));
  ASSERT_EQ(pages.size(), 5u);
  EXPECT_TRUE(pages[0]["error"].is_string());
  EXPECT_FALSE(pages[0].contains("page"));
  EXPECT_EQ(pages[4]["text"], "The fourth page.");
}

TEST_F(OcrPdfTest, CtrlCEndsWithThePagesReadSoFar) {
  Vl2Process process({"ocr", "--model", microModel(), "--json", write(report_)});
  ASSERT_TRUE(process.waitForErr("answer token"));
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_EQ(run.exitCode, 130) << run.err;
  const json pages = jsonOf(run);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0]["text"], "The first page.");
  EXPECT_EQ(pages[1]["stop_reason"], "cancelled");
}

TEST_F(OcrPdfTest, AQuestionTakesPagesAsImages) {
  const Words words{"ask", "--model",      microModel(), "--json",  "--temperature",
                    "0",   "--max-tokens", "2",          "--image", write(report_)};
  const auto ask = [&](Words more) {
    more.insert(more.begin(), words.begin(), words.end());
    more.emplace_back("What is this?");
    return runVl2(more);
  };
  const json one = jsonOf(ask({"--pages", "2"}));
  const json two = jsonOf(ask({"--pages", "1-2"}));
  EXPECT_EQ(one["usage"]["image_tokens"].get<int>() * 2, two["usage"]["image_tokens"].get<int>());
  EXPECT_EQ(ask({"--pages", "7"}).exitCode, 3);
}

}  // namespace
}  // namespace vl::test
