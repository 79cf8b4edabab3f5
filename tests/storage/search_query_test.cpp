#include "storage/search_query.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

class SearchQueryTest : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  Words wordsOf(std::string_view text) {
    Words words;
    for (const SearchToken& token : tokenizer_.tokens(text)) words.push_back(token.text);
    return words;
  }
  std::string expression(std::string_view typed) {
    return SearchQuery(typed, tokenizer_).matchExpression();
  }
  Snippet snippet(std::string_view typed, std::string_view text, std::size_t letters = 60) {
    return SearchQuery(typed, tokenizer_).snippetOf(text, letters);
  }
  static Words emphasised(const Snippet& snippet) {
    Words words;
    for (const TextRange& range : snippet.emphasised) {
      words.push_back(snippet.text.substr(range.begin, range.end - range.begin));
    }
    return words;
  }

  SearchTokenizer tokenizer_ = need(SearchTokenizer::create());
};

TEST_F(SearchQueryTest, WordsHaveNoCaseAndNoAccents) {
  EXPECT_EQ(wordsOf("Crème BRÛLÉE, 2 Äpfel"), (Words{"creme", "brulee", "2", "apfel"}));
}

TEST_F(SearchQueryTest, ACharacterOfAScriptWithoutSpacesIsAWord) {
  EXPECT_EQ(wordsOf("红色的cat和2只猫。"), (Words{"红", "色", "的", "cat", "和", "2", "只", "猫"}));
  EXPECT_EQ(wordsOf("ネコ 고양이 แมว 𠀋"),
            (Words{"ネ", "コ", "고", "양", "이", "แ", "ม", "ว", "𠀋"}));
}

TEST_F(SearchQueryTest, TokensKnowTheirPlace) {
  const std::string text = "Das Äpfelchen: 红apple";
  for (const SearchToken& token : tokenizer_.tokens(text)) {
    EXPECT_EQ(wordsOf(std::string_view(text).substr(token.begin, token.end - token.begin)),
              Words{token.text});
  }
}

TEST_F(SearchQueryTest, GroundingTagsAndCoordinatesAreNotWords) {
  const std::string raw = "A <|ref|>red circle<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>, and <|x|>";
  EXPECT_EQ(wordsOf(raw), (Words{"a", "red", "circle", "and", "x"}));
  EXPECT_EQ(readableText(raw), "A red circle, and <|x|>");
  EXPECT_EQ(readableText("cut off <|det|>[[1, 2"), "cut off [[1, 2");
  EXPECT_EQ(readableText("<|ref|><|/ref|>"), "");
}

TEST_F(SearchQueryTest, ManyOpenTagsAreReadInLinearTime) {
  std::string raw;
  for (int i = 0; i < 300'000; ++i) raw += "<|det|>";
  EXPECT_EQ(readableText(raw), "");
}

TEST_F(SearchQueryTest, InvalidUtf8IsReadToItsEnd) {
  EXPECT_EQ(wordsOf("caf\xff cat \xe7\xba").at(1), "cat");
  EXPECT_EQ(wordsOf("\xe7\xba cat \xe7").at(1), "cat");
}

TEST_F(SearchQueryTest, OnlyTheWordBeingTypedMayGoOn) {
  EXPECT_EQ(expression("red ci"), "\"red\" AND \"ci\" *");
  EXPECT_EQ(expression("red ci "), "\"red\" AND \"ci\"");
  EXPECT_EQ(expression("red ci!"), "\"red\" AND \"ci\"");
  EXPECT_EQ(expression("r"), "\"r\"");
  EXPECT_EQ(expression("红色"), "\"红 色\"");
  EXPECT_EQ(expression("红色ap"), "\"红 色 ap\" *");
}

TEST_F(SearchQueryTest, OperatorsAndQuotesArePlainText) {
  EXPECT_EQ(expression("\"red\" OR (text: NEAR) * ^a -b"),
            "\"red\" AND \"or\" AND \"text\" AND \"near\" AND \"a\" AND \"b\"");
  EXPECT_EQ(expression(std::string("a\0b", 3)), "\"a\" AND \"b\"");
  EXPECT_TRUE(SearchQuery("\"*() -- ", tokenizer_).isEmpty());
  EXPECT_TRUE(SearchQuery("", tokenizer_).isEmpty());
}

TEST_F(SearchQueryTest, ASnippetShowsTheHitWithWhatStandsBeforeIt) {
  const Snippet found = snippet("circle", "The image shows many things:\n\n* a red circle\n* more");
  EXPECT_EQ(found.text, "…many things: * a red circle * more");
  EXPECT_EQ(emphasised(found), Words{"circle"});
}

TEST_F(SearchQueryTest, ASnippetKeepsCharactersWhole) {
  const std::string text = std::string(300, 'x') + " 很长的中文句子里有一个红色的圆形和更多的内容";
  for (std::size_t letters = 1; letters < 60; ++letters) {
    const Snippet found = snippet("红色", text, letters);
    const auto isContinuation = [](char c) { return (c & 0xc0) == 0x80; };
    ASSERT_FALSE(isContinuation(found.text.front()));
    const auto leads = std::count_if(found.text.begin(), found.text.end(),
                                     [](char c) { return (c & 0xf0) == 0xe0; });
    const auto continuations = std::count_if(found.text.begin(), found.text.end(), isContinuation);
    EXPECT_EQ(continuations, 2 * leads) << found.text;  // all of three bytes, ellipsis included
    EXPECT_TRUE(emphasised(found).empty() || emphasised(found) == Words{"红色"});
  }
}

TEST_F(SearchQueryTest, EmphasisesEveryWordAndItsBeginnings) {
  EXPECT_EQ(emphasised(snippet("red cir", "A RED circle, circles, rédness and red")),
            (Words{"RED", "circle", "circles", "red"}));
  EXPECT_EQ(emphasised(snippet("state-of", "the state of things")), Words{"state of"});
}

TEST_F(SearchQueryTest, ATextWithoutTheWordIsShownFromItsBeginning) {
  const Snippet found = snippet("cat", "Nothing of the kind", 7);
  EXPECT_EQ(found.text, "Nothing…");
  EXPECT_TRUE(found.emphasised.empty());
}

}  // namespace
}  // namespace vl
