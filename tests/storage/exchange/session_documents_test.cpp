#include "storage/exchange/session_documents.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "storage/exchange/markdown_html.h"
#include "storage/exchange/text_file.h"
#include "tests/storage/exchange/exchange_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class SessionDocumentsTest : public ExchangeTest {
 protected:
  std::string html() {
    need(exportSessionHtml(*store_, session_, folder_ / "s.html", {}));
    return readFile(folder_ / "s.html");
  }
  std::string markdown() {
    need(exportSessionMarkdown(*store_, session_, folder_ / "s.md", {}));
    return readFile(folder_ / "s.md");
  }
  static bool has(const std::string& text, std::string_view what) {
    return text.find(what) != std::string::npos;
  }
};

TEST_F(SessionDocumentsTest, MarkdownHasTheBranchThatIsShownAndItsImages) {
  const std::string text = markdown();
  EXPECT_TRUE(text.starts_with("# Cats \\& \\<dogs\\>\n")) << text;
  EXPECT_TRUE(has(text, "## Question\n\n![one \\& two.png](s-images/1-one%20%26%20two.png)"))
      << text;
  EXPECT_TRUE(has(text, "(s-images/2-two.png)")) << text;
  EXPECT_TRUE(has(text, "A cat with **bold** text."));
  EXPECT_TRUE(has(text, "| cat, moved | 2 |")) << text;
  EXPECT_FALSE(has(text, "Again"));
  EXPECT_EQ(readFile(folder_ / "s-images/1-one & two.png"), pngBytes("one"));
  EXPECT_EQ(readFile(folder_ / "s-images/2-two.png"), pngBytes("two"));
  EXPECT_FALSE(fs::exists(folder_ / "two.png"));
}

TEST_F(SessionDocumentsTest, NothingInALabelIsMarkdown) {
  const std::vector<GroundedBox> boxes = {box("&lt; ~~a~~ $b$ | c\rd\ne", 0, {1, 2, 3, 4})};
  need(store_->editBoxes(need(store_->loadSession(session_)).messages[1].id, boxes));
  EXPECT_TRUE(has(markdown(), "| \\&lt; \\~\\~a\\~\\~ \\$b\\$ \\| c d e | 1 |")) << markdown();
}

TEST_F(SessionDocumentsTest, MarkdownLeavesAFolderThatIsThereAsItIs) {
  fs::create_directory(folder_ / "s-images");
  writeFile(folder_ / "s-images/2-two.png", "of a person");
  const std::string text = markdown();
  EXPECT_TRUE(has(text, "(s-images-2/2-two.png)")) << text;
  EXPECT_EQ(readFile(folder_ / "s-images/2-two.png"), "of a person");
  EXPECT_EQ(readFile(folder_ / "s-images-2/2-two.png"), pngBytes("two"));
}

TEST_F(SessionDocumentsTest, MarkdownThatIsStoppedLeavesNothing) {
  std::stop_source stop;
  const auto stopAtTheText = [&](std::size_t done, std::size_t) {
    if (done == 2) stop.request_stop();
  };
  EXPECT_TRUE(
      failsWith(ErrorCode::Cancelled, exportSessionMarkdown(*store_, session_, folder_ / "s.md",
                                                            {stopAtTheText, stop.get_token()})));
  EXPECT_FALSE(fs::exists(folder_ / "s.md"));
  EXPECT_FALSE(fs::exists(folder_ / "s-images"));
}

TEST_F(SessionDocumentsTest, ExportsHaveTheModeOfAnyNewFileOrOfTheOneTheyReplace) {
  const mode_t before = ::umask(0027);
  html();
  markdown();
  ::umask(before);
  const auto mode = [this](const char* name) { return fs::status(folder_ / name).permissions(); };
  EXPECT_EQ(mode("s.html"), fs::perms(0640));
  EXPECT_EQ(mode("s.md"), fs::perms(0640));
  EXPECT_EQ(mode("s-images/2-two.png"), fs::perms(0640));
  fs::permissions(folder_ / "s.html", fs::perms(0604));
  html();
  EXPECT_EQ(mode("s.html"), fs::perms(0604));
}

TEST_F(SessionDocumentsTest, AnExportIntoAFolderThatNobodyListsSucceeds) {
  const fs::path folder = folder_ / "closed" / "home";
  fs::create_directories(folder);
  fs::permissions(folder_.path(), fs::perms(0777));
  fs::permissions(folder, fs::perms(0333));
  fs::permissions(folder_ / "closed", fs::perms(0311));
  {
    const OrdinaryUser user;  // who is not the owner of these where tests run as root
    Result<TextFile> file = TextFile::create(folder / "s.html");
    ASSERT_TRUE(file.has_value()) << file.error().what;
    EXPECT_TRUE(succeeds(file->finish()));
  }
  fs::permissions(folder_ / "closed", fs::perms(0755));
  fs::permissions(folder, fs::perms(0755));
  EXPECT_TRUE(fs::exists(folder / "s.html"));
}

TEST_F(SessionDocumentsTest, AnExportFollowsALink) {
  fs::create_directory(folder_ / "elsewhere");
  writeFile(folder_ / "elsewhere/real.html", "old");
  fs::create_symlink("elsewhere/real.html", folder_ / "s.html");
  const std::string text = html();
  EXPECT_TRUE(fs::is_symlink(folder_ / "s.html"));
  EXPECT_EQ(readFile(folder_ / "elsewhere/real.html"), text);
}

TEST_F(SessionDocumentsTest, HtmlHasImagesInsideAndBoxesOverThem) {
  const std::string text = html();
  EXPECT_TRUE(has(text, "<title>Cats &amp; &lt;dogs&gt;</title>"));
  EXPECT_TRUE(has(text, "href=\"data:image/png;base64,"));
  EXPECT_TRUE(has(text, "viewBox=\"0 0 200 100\""));
  EXPECT_TRUE(has(text, "<title>cat, moved</title></rect>"));
  EXPECT_TRUE(has(text, "<mark class=b0>cat</mark> with <strong>bold</strong> text."));
  EXPECT_FALSE(has(text, "http:"));
  EXPECT_FALSE(has(text, "https:"));
  EXPECT_FALSE(has(text, "<script"));
}

TEST_F(SessionDocumentsTest, TheBoxesOfTheModelAreThereAgainOnceChangesAreTakenBack) {
  need(store_->resetBoxes(need(store_->loadSession(session_)).messages[1].id));
  EXPECT_TRUE(has(markdown(), "| cat \\<b\\> | 1 | 0 | 0 | 1 | 100 |")) << markdown();
  EXPECT_TRUE(has(html(), "<title>cat &lt;b&gt;</title></rect>"));
  EXPECT_FALSE(has(html(), "moved"));
}

TEST_F(SessionDocumentsTest, AMissingImageIsNamed) {
  const Attachment gone = need(store_->loadSession(session_)).messages[0].attachments[0];
  fs::remove(need(store_->imagePath(gone.image)));
  EXPECT_TRUE(has(html(), "The image one &amp; two.png is missing."));
  EXPECT_TRUE(has(markdown(), "*The image one \\& two.png is missing.*"));
}

TEST(MarkdownHtml, NothingInATextActs) {
  for (const char* text :
       {"<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hi)", "![x](http://example.org/x.png)", "![x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>", "[x](vbscript:a \"\\\" onclick=alert(1)\")",
        "<javascript:alert(1)>", "[a]: javascript:alert(1)\n[a]"}) {
    const std::string html = htmlOfMarkdown(text);
    for (const char* bad : {"<script", "href=\"javascript", "href=\"JaVa", "href=\"data", "src=\"h",
                            "src=\"j", "<img src=x", "href=\"vbscript", "\" onclick"}) {
      EXPECT_EQ(html.find(bad), std::string::npos) << text << " -> " << html;
    }
  }
  EXPECT_NE(htmlOfMarkdown("[x](https://example.org)").find("href=\"https://example.org\""),
            std::string::npos);
}

TEST(FileName, IsShortAndHarmless) {
  EXPECT_EQ(fileNameFor("What is this?"), "What is this");
  EXPECT_EQ(fileNameFor("../../etc/passwd"), "etc passwd");
  EXPECT_EQ(fileNameFor("a\nb\t c"), "a b c");
  EXPECT_EQ(fileNameFor("  "), "session");
  EXPECT_EQ(fileNameFor("..."), "session");
  EXPECT_EQ(fileNameFor("-rf"), "rf");
  EXPECT_EQ(fileNameFor("图片"), "图片");
  EXPECT_EQ(fileNameFor(std::string(300, 'x')).size(), 80u);
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "图";
  EXPECT_EQ(fileNameFor(chinese).size(), 198u);
}

}  // namespace
}  // namespace vl
