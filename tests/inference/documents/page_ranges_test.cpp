#include "inference/documents/page_ranges.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vl {
namespace {

using Pages = std::vector<std::size_t>;

Pages read(std::string_view text, std::size_t pageCount = 9) {
  const Result<Pages> pages = parsePageRanges(text, pageCount);
  EXPECT_TRUE(pages.has_value()) << text << ": " << pages.error().what;
  return pages ? *pages : Pages();
}

TEST(PageRanges, NameSinglePagesAndRangesInAnyOrder) {
  EXPECT_EQ(read("1-3,5"), (Pages{0, 1, 2, 4}));
  EXPECT_EQ(read(" 5 , 1 - 3 "), (Pages{0, 1, 2, 4}));
  EXPECT_EQ(read("2,2,1-2"), (Pages{0, 1}));
  EXPECT_EQ(read("9"), Pages{8});
}

TEST(PageRanges, OpenEndsReachTheFirstAndTheLastPage) {
  EXPECT_EQ(read("8-"), (Pages{7, 8}));
  EXPECT_EQ(read("-2"), (Pages{0, 1}));
}

TEST(PageRanges, NothingAndAllMeanEveryPage) {
  for (const char* text : {"", "  ", "all", "1-"}) EXPECT_EQ(read(text, 3), (Pages{0, 1, 2}));
}

TEST(PageRanges, APageThatIsNotThereIsNamed) {
  for (const std::string text : {"10", "0", "3-12", "99999999999999999999999"}) {
    const Result<Pages> pages = parsePageRanges(text, 9);
    ASSERT_FALSE(pages.has_value()) << text;
    EXPECT_EQ(pages.error().code, ErrorCode::InvalidArgument);
    EXPECT_NE(pages.error().what.find("has 9 pages"), std::string::npos) << pages.error().what;
  }
}

TEST(PageRanges, WhatIsNoRangeIsRefused) {
  for (const std::string text :
       {"a", "1-b", "3-1", "1,,2", ",", "-", "1;2", "1-2-3", "+1", "1 2"}) {
    EXPECT_FALSE(parsePageRanges(text, 9).has_value()) << text;
  }
}

TEST(PageRanges, AreWrittenAsShortAsTheyCanBe) {
  EXPECT_EQ(formatPageRanges(Pages{}), "");
  EXPECT_EQ(formatPageRanges(Pages{0, 1, 2, 4}), "1-3,5");
  EXPECT_EQ(formatPageRanges(Pages{0, 2, 3}), "1,3-4");
}

TEST(PageRanges, SurviveBeingWrittenAndRead) {
  for (unsigned bits = 1; bits < 512; ++bits) {
    Pages pages;
    for (std::size_t page = 0; page < 9; ++page) {
      if ((bits >> page & 1u) != 0) pages.push_back(page);
    }
    EXPECT_EQ(read(formatPageRanges(pages)), pages);
  }
}

}  // namespace
}  // namespace vl
