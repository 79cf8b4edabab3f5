#include "inference/weights/safetensors.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

Result<TensorsByName> parse(const std::string& text) {
  return parseSafetensors(std::as_bytes(std::span(text)), "x.safetensors");
}

/// A header of one tensor "t" with these three values as JSON, and `dataBytes` bytes of data.
std::string oneTensor(const std::string& dtype, const std::string& shape,
                      const std::string& offsets, std::size_t dataBytes) {
  return safetensorsText(
      R"({"t":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}",
      std::string(dataBytes, '\0'));
}

TEST(SafetensorsFile, GivesNameDtypeShapeAndBytesOfEveryTensor) {
  const TempFolder folder;
  writeText(folder / "x.safetensors", SafetensorsBuilder()
                                          .add("a", "F32", {2}, "12345678")
                                          .add("b.weight", "BF16", {1, 2}, "abcd")
                                          .add("scalar", "I8", {}, "s")
                                          .add("nothing", "F16", {0, 7}, "")
                                          .text());
  Result<SafetensorsFile> opened = SafetensorsFile::open(folder / "x.safetensors");
  ASSERT_TRUE(opened) << opened.error().what;
  const SafetensorsFile file = *std::move(opened);  // tensors survive the move
  EXPECT_EQ(file.tensors().size(), 4u);
  const StoredTensor* weight = file.find("b.weight");
  ASSERT_NE(weight, nullptr);
  EXPECT_EQ(weight->name, "b.weight");
  EXPECT_EQ(weight->dtype, DType::BF16);
  EXPECT_EQ(weight->shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(std::to_integer<char>(weight->bytes[3]), 'd');
  EXPECT_EQ(file.find("scalar")->bytes.size(), 1u);
  EXPECT_TRUE(file.find("nothing")->bytes.empty());
  EXPECT_EQ(file.find("c"), nullptr);
}

TEST(SafetensorsFile, TellsAMissingFileFromADamagedOne) {
  const TempFolder folder;
  const auto missing = SafetensorsFile::open(folder / "x.safetensors");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  writeText(folder / "x.safetensors", "");
  const auto empty = SafetensorsFile::open(folder / "x.safetensors");
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::Corrupt);
  EXPECT_NE(empty.error().what.find("x.safetensors"), std::string::npos);
}

TEST(ParseSafetensors, IgnoresMetadataAndThePaddingOfTheHeader) {
  const auto tensors = parse(safetensorsText(
      R"({"__metadata__":{"format":"pt"},"t":{"shape":[1],"dtype":"U8","data_offsets":[0,1]}}   )",
      "x"));
  ASSERT_TRUE(tensors) << tensors.error().what;
  EXPECT_EQ(tensors->size(), 1u);
}

TEST(ParseSafetensors, AcceptsAFileWithoutTensors) {
  const auto tensors = parse(safetensorsText("{}", ""));
  ASSERT_TRUE(tensors);
  EXPECT_TRUE(tensors->empty());
}

TEST(ParseSafetensors, SurvivesACutAtEveryByte) {
  const std::string text = SafetensorsBuilder()
                               .add("a", "F32", {2, 2}, std::string(16, 'x'))
                               .add("b", "I8", {3}, "yyy")
                               .text();
  ASSERT_TRUE(parse(text));
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_FALSE(parse(text.substr(0, size))) << "cut to " << size << " bytes";
  }
}

TEST(ParseSafetensors, SurvivesEveryChangedByteOfTheHeader) {
  const std::string text =
      SafetensorsBuilder().add("ab", "BF16", {2, 2}, std::string(8, 'x')).text();
  for (std::size_t i = 0; i < text.size() - 8; ++i) {
    for (const int change : {0x01, 0x20, 0x80}) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      const auto tensors = parse(damaged);  // some changes only rename the tensor
      if (tensors) {
        ASSERT_EQ(tensors->size(), 1u);
        ASSERT_EQ(tensors->begin()->second.bytes.size(), 8u);
      }
    }
  }
}

TEST(ParseSafetensors, RefusesNestingWithoutDescendingIntoIt) {
  const std::string deep(1'000'000, '[');
  EXPECT_FALSE(parse(safetensorsText(deep, "")));
  EXPECT_FALSE(parse(safetensorsText(R"({"t":)" + deep, "")));
  EXPECT_FALSE(parse(safetensorsText(R"({"t":{"shape":)" + deep, "")));
  EXPECT_FALSE(parse(safetensorsText(R"({"__metadata__":{"a":)" + deep, "")));
}

TEST(ParseSafetensors, ErrorsShowHostileNamesShortAndPrintable) {
  const std::string name = std::string(500, 'n') + "\\n";
  const auto tensors = parse(safetensorsText(R"({")" + name + R"(":1})", ""));
  ASSERT_FALSE(tensors);
  EXPECT_LT(tensors.error().what.size(), 300u);
  const auto control = parse(safetensorsText(R"({"a\u001b[2J":1})", ""));
  ASSERT_FALSE(control);
  EXPECT_EQ(control.error().what.find('\x1b'), std::string::npos);
}

struct Damage {
  std::string name;
  std::string text;
  std::string complaint;  // part of the error sentence
  ErrorCode code = ErrorCode::Corrupt;
};

class SafetensorsDamage : public testing::TestWithParam<Damage> {};

TEST_P(SafetensorsDamage, IsRefusedWithASentenceThatSaysWhat) {
  const auto tensors = parse(GetParam().text);
  ASSERT_FALSE(tensors);
  EXPECT_EQ(tensors.error().code, GetParam().code);
  const std::string& what = tensors.error().what;
  EXPECT_TRUE(what.starts_with("x.safetensors: ")) << what;
  EXPECT_NE(what.find(GetParam().complaint), std::string::npos) << what;
}

const std::string kValid = R"({"dtype":"U8","shape":[2],"data_offsets":[0,2]})";

INSTANTIATE_TEST_SUITE_P(
    Header, SafetensorsDamage,
    testing::Values(
        Damage{"ShorterThanTheLength", "1234567", "too short"},
        Damage{"LengthBeyondTheFile", safetensorsText(1000, "{}", ""), "claims 1000 bytes"},
        Damage{"LengthOver100MB", safetensorsText(100'000'001, "{}", ""), "claims 100000001"},
        Damage{"HugeLength", safetensorsText(~std::uint64_t{0}, "{}", ""), "claims"},
        Damage{"NoHeader", safetensorsText("", "data"), "does not begin with '{'"},
        Damage{"LeadingSpace", safetensorsText(" {}", ""), "does not begin with '{'"},
        Damage{"NotAnObject", safetensorsText("[]", ""), "does not begin with '{'"},
        Damage{"Unfinished", safetensorsText(R"({"t":)", ""), "not valid JSON"},
        Damage{"TextBehindIt", safetensorsText("{} {}", ""), "not valid JSON"},
        Damage{"NotUtf8", safetensorsText("{\"\xff\":" + kValid + "}", "ab"), "not valid JSON"},
        Damage{"HalfASurrogate", safetensorsText(R"({"\ud800":)" + kValid + "}", "ab"),
               "not valid JSON"},
        Damage{"TensorTwice",
               safetensorsText(R"({"t":)" + kValid + R"(,"t":)" + kValid + "}", "ab"),
               "tensor 't' occurs twice"},
        Damage{"MetadataTwice", safetensorsText(R"({"__metadata__":{},"__metadata__":{}})", ""),
               "__metadata__ occurs twice"},
        Damage{"MetadataNotTexts", safetensorsText(R"({"__metadata__":{"a":1}})", ""),
               "map texts to texts"},
        Damage{"MetadataNoObject", safetensorsText(R"({"__metadata__":"a"})", ""),
               "map texts to texts"},
        Damage{"TensorNoObject", safetensorsText(R"({"t":[]})", ""), "found a list"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Tensor, SafetensorsDamage,
    testing::Values(
        Damage{"UnknownDtype", oneTensor(R"("F64")", "[1]", "[0,8]", 8), "dtype 'F64'",
               ErrorCode::Unsupported},
        Damage{"DtypeNumber", oneTensor("1", "[1]", "[0,1]", 1), "dtype to be a text"},
        Damage{
            "DtypeTwice",
            safetensorsText(R"({"t":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                            "x"),
            "'dtype' occurs twice"},
        Damage{"UnknownKey", safetensorsText(R"({"t":{"stride":[1]}})", ""),
               "unknown key 'stride'"},
        Damage{"ShapeMissing", safetensorsText(R"({"t":{"dtype":"U8","data_offsets":[0,1]}})", "x"),
               "is missing"},
        Damage{"NothingInIt", safetensorsText(R"({"t":{}})", ""), "is missing"},
        Damage{"ShapeText", oneTensor(R"("U8")", R"("1")", "[0,1]", 1), "shape to be a list"},
        Damage{"ShapeNegative", oneTensor(R"("U8")", "[-1]", "[0,1]", 1), "a negative number"},
        Damage{"ShapeFraction", oneTensor(R"("U8")", "[1.0]", "[0,1]", 1), "a fraction"},
        Damage{"ShapeBeyond64Bits", oneTensor(R"("U8")", "[18446744073709551616]", "[0,1]", 1),
               "beyond 64 bits"},
        Damage{"ShapeNull", oneTensor(R"("U8")", "[null]", "[0,1]", 1), "found null"},
        Damage{"ShapeNested", oneTensor(R"("U8")", "[[1]]", "[0,1]", 1), "found a list"},
        Damage{"ShapeTooManyDimensions", oneTensor(R"("U8")", "[1,1,1,1,1,1,1,1,1]", "[0,1]", 1),
               "dimensions", ErrorCode::Unsupported},
        Damage{"ShapeOverflow", oneTensor(R"("U8")", "[4294967296,4294967296]", "[0,0]", 0),
               "larger than any memory"},
        Damage{"ByteOverflow", oneTensor(R"("F32")", "[4611686018427387904]", "[0,0]", 0),
               "larger than any memory"},
        Damage{"ShapeLargerThanBytes", oneTensor(R"("F32")", "[2]", "[0,4]", 4), "make 8 bytes"},
        Damage{"ShapeSmallerThanBytes", oneTensor(R"("F32")", "[1]", "[0,8]", 8), "make 4 bytes"},
        Damage{"OffsetsNegative", oneTensor(R"("U8")", "[1]", "[-1,0]", 1), "a negative number"},
        Damage{"OffsetsFraction", oneTensor(R"("U8")", "[1]", "[0,1.5]", 1), "a fraction"},
        Damage{"OffsetsText", oneTensor(R"("U8")", "[1]", R"(["0","1"])", 1), "found a text"},
        Damage{"OneOffset", oneTensor(R"("U8")", "[1]", "[1]", 1), "has 1 values"},
        Damage{"ThreeOffsets", oneTensor(R"("U8")", "[1]", "[0,1,1]", 1), "over 2 values"},
        Damage{"BeginBehindEnd", oneTensor(R"("U8")", "[1]", "[2,1]", 2), "do not lie in"},
        Damage{"EndBehindTheFile", oneTensor(R"("U8")", "[2]", "[0,2]", 1), "do not lie in"},
        Damage{"HugeOffsets",
               oneTensor(R"("U8")", "[1]", "[18446744073709551614,18446744073709551615]", 1),
               "do not lie in"}),
    [](const auto& test) { return test.param.name; });

/// Two tensors "a" and "b" of four bytes each, at these places of twelve bytes of data.
std::string twoTensors(const std::string& first, const std::string& second,
                       std::size_t dataBytes = 8) {
  return safetensorsText(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
                             R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}",
                         std::string(dataBytes, 'x'));
}

INSTANTIATE_TEST_SUITE_P(
    Layout, SafetensorsDamage,
    testing::Values(Damage{"Overlap", twoTensors("[0,4]", "[3,7]"), "inside the tensor before it"},
                    Damage{"SamePlace", twoTensors("[0,4]", "[0,4]"), "inside the tensor before"},
                    Damage{"Gap", twoTensors("[0,4]", "[5,9]", 9), "after a gap"},
                    Damage{"GapAtTheStart", twoTensors("[5,9]", "[1,5]", 9), "after a gap"},
                    Damage{"RestAtTheEnd", twoTensors("[0,4]", "[4,8]", 9), "cover 8 of 9 bytes"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace vl
