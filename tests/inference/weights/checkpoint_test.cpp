#include "inference/weights/checkpoint.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

const std::string kOneTensor = SafetensorsBuilder().add("a", "U8", {2}, "xy").text();
const std::string kOtherTensor = SafetensorsBuilder().add("b", "U8", {2}, "zw").text();

std::string index(const std::string& weightMap) { return R"({"weight_map":)" + weightMap + "}"; }

Error errorOf(const std::filesystem::path& folder) {
  const Result<Checkpoint> checkpoint = Checkpoint::open(folder);
  EXPECT_FALSE(checkpoint);
  return checkpoint ? Error{} : checkpoint.error();
}

void expectComplaint(const std::filesystem::path& folder, ErrorCode code,
                     const std::string& complaint) {
  const Error error = errorOf(folder);
  EXPECT_EQ(error.code, code) << error.what;
  EXPECT_NE(error.what.find(complaint), std::string::npos) << error.what;
}

TEST(Checkpoint, OpensEveryMicroCheckpoint) {
  for (const char* name : {"micro-tiny", "micro-small", "micro-base"}) {
    const Result<Checkpoint> checkpoint = Checkpoint::open(microCheckpoint(name));
    ASSERT_TRUE(checkpoint) << checkpoint.error().what;
    EXPECT_NE(checkpoint->find("language.model.embed_tokens.weight"), nullptr) << name;
    EXPECT_EQ(checkpoint->find("vision.attn_pool.latent") != nullptr,
              std::string(name) == "micro-base");
  }
}

TEST(Checkpoint, ReadsOneFileWithoutAnIndex) {
  const TempFolder folder;
  writeText(folder / "model.safetensors", kOneTensor);
  const Result<Checkpoint> checkpoint = Checkpoint::open(folder.path());
  ASSERT_TRUE(checkpoint) << checkpoint.error().what;
  EXPECT_EQ(checkpoint->tensors().size(), 1u);
  EXPECT_EQ(checkpoint->fileBytes(), kOneTensor.size());
}

TEST(Checkpoint, FollowsAnIndexWithAnyShardNamesAndPrefersIt) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "deep");
  writeText(folder / "deep/anything at all", kOneTensor);
  writeText(folder / "é.bin", kOtherTensor);
  writeText(folder / "model.safetensors", "not looked at");
  writeText(folder / "model.safetensors.index.json",
            index(R"({"a":"./deep/anything at all","b":"é.bin"})"));
  const Result<Checkpoint> opened = Checkpoint::open(folder.path());
  ASSERT_TRUE(opened) << opened.error().what;
  const std::vector<const StoredTensor*> tensors = opened->tensors();
  ASSERT_EQ(tensors.size(), 2u);
  EXPECT_EQ(tensors[0]->name, "a");
  EXPECT_EQ(tensors[1]->name, "b");
}

TEST(Checkpoint, FollowsLinksAsDownloadCachesUseThem) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "snapshot");
  writeText(folder / "blob", kOneTensor);
  std::filesystem::create_symlink("../blob", folder / "snapshot/model.safetensors");
  EXPECT_TRUE(Checkpoint::open(folder / "snapshot"));
}

TEST(Checkpoint, KeepsTensorsThatTheIndexDoesNotList) {
  const TempFolder folder;
  writeText(folder / "x",
            SafetensorsBuilder().add("a", "U8", {1}, "x").add("b", "U8", {1}, "y").text());
  writeText(folder / "model.safetensors.index.json", index(R"({"a":"x"})"));
  const Result<Checkpoint> checkpoint = Checkpoint::open(folder.path());
  ASSERT_TRUE(checkpoint);
  EXPECT_NE(checkpoint->find("b"), nullptr);
}

TEST(Checkpoint, RefusesFoldersWithoutWeights) {
  const TempFolder folder;
  expectComplaint(folder / "missing", ErrorCode::NotFound, "no such model folder");
  expectComplaint(folder.path(), ErrorCode::NotFound, "there are no weights");
  writeText(folder / "file", "");
  expectComplaint(folder / "file", ErrorCode::NotFound, "no such model folder");
}

TEST(Checkpoint, RefusesShardNamesThatLeaveTheFolder) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "model");
  writeText(folder / "outside.safetensors", kOneTensor);
  const std::string absolute = (folder / "outside.safetensors").string();
  for (const std::string& name :
       {std::string("../outside.safetensors"), absolute, std::string("x/../../outside.safetensors"),
        std::string(".."), std::string(), std::string("a\\u0000b")}) {
    writeText(folder / "model/model.safetensors.index.json", index(R"({"a":")" + name + R"("})"));
    expectComplaint(folder / "model", ErrorCode::Corrupt, "leads out of the model's folder");
  }
}

TEST(Checkpoint, RefusesAnIndexThatDoesNotFitItsFiles) {
  const TempFolder folder;
  const std::filesystem::path indexPath = folder / "model.safetensors.index.json";
  writeText(folder / "x", kOneTensor);
  writeText(folder / "again", kOneTensor);
  writeText(folder / "y", kOtherTensor);
  writeText(indexPath, index(R"({"a":"x","b":"missing"})"));
  expectComplaint(folder.path(), ErrorCode::Corrupt, "names 'missing'");
  writeText(indexPath, index(R"({"a":"x","b":"x"})"));
  expectComplaint(folder.path(), ErrorCode::Corrupt, "tensor 'b' should be in 'x'");
  writeText(indexPath, index(R"({"a":"y","b":"x"})"));
  expectComplaint(folder.path(), ErrorCode::Corrupt, "should be in");
  writeText(indexPath, index(R"({"a":"x","b":"y","c":"again"})"));
  expectComplaint(folder.path(), ErrorCode::Corrupt, "also is in another file");
}

TEST(Checkpoint, RefusesAnIndexOfTheWrongForm) {
  const TempFolder folder;
  writeText(folder / "x", kOneTensor);
  for (const char* text :
       {"[]", "{}", R"({"weight_map":[]})", R"({"weight_map":{}})", R"({"weight_map":{"a":1}})",
        R"({"weight_map":{"a":"x","a":"x"}})", R"({"weight_map":{"a":"x"})", "\xff", ""}) {
    writeText(folder / "model.safetensors.index.json", text);
    EXPECT_EQ(errorOf(folder.path()).code, ErrorCode::Corrupt) << text;
  }
}

TEST(Checkpoint, ReportsADamagedShardByItsName) {
  const TempFolder folder;
  writeText(folder / "x", kOneTensor.substr(0, kOneTensor.size() - 1));
  writeText(folder / "model.safetensors.index.json", index(R"({"a":"x"})"));
  expectComplaint(folder.path(), ErrorCode::Corrupt, (folder / "x").string());
}

/// A checkpoint of one file with the given tensors.
class CheckpointTensors : public testing::Test {
 protected:
  Checkpoint open(const SafetensorsBuilder& builder) {
    writeText(folder_ / "model.safetensors", builder.text());
    Result<Checkpoint> checkpoint = Checkpoint::open(folder_.path());
    EXPECT_TRUE(checkpoint);
    return *std::move(checkpoint);
  }

 private:
  TempFolder folder_;
};

TEST_F(CheckpointTensors, MatrixHasTheStoredTypeAndPointsIntoTheFile) {
  const std::vector<std::uint16_t> bits = {1, 2, 3, 4, 5, 6};
  Checkpoint checkpoint = open(SafetensorsBuilder().add("w", "BF16", {2, 3}, bytesOf(bits)));
  const Result<WeightMatrix> matrix = checkpoint.matrix("w", 2, 3);
  ASSERT_TRUE(matrix) << matrix.error().what;
  EXPECT_EQ(matrix->type(), WeightType::BF16);
  EXPECT_EQ(matrix->rows(), 2u);
  EXPECT_EQ(matrix->cols(), 3u);
  EXPECT_EQ(matrix->data(), checkpoint.find("w")->bytes.data());
  EXPECT_EQ(matrix->scales(), nullptr);
}

TEST_F(CheckpointTensors, MatrixFlattensTheInnerDimensionsOfAConvolution) {
  Checkpoint checkpoint =
      open(SafetensorsBuilder().add("w", "F16", {2, 3, 2, 2}, std::string(48, 'x')));
  EXPECT_TRUE(checkpoint.matrix("w", 2, 12));
  EXPECT_FALSE(checkpoint.matrix("w", 6, 4));
}

TEST_F(CheckpointTensors, MatrixAtAnOddOffsetIsAnAlignedCopy) {
  const std::vector<float> values = {1.5f, -2.5f};
  Checkpoint checkpoint =
      open(SafetensorsBuilder().add("a", "U8", {1}, "x").add("w", "F32", {1, 2}, bytesOf(values)));
  const Result<WeightMatrix> matrix = checkpoint.matrix("w", 1, 2);
  ASSERT_TRUE(matrix);
  const auto* data = static_cast<const float*>(matrix->data());
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data) % alignof(float), 0u);
  EXPECT_EQ(std::vector<float>(data, data + 2), values);
}

TEST_F(CheckpointTensors, MatrixOfInt8HasTheScalesBesideIt) {
  const std::vector<std::uint16_t> scales = {1, 2, 3, 4};
  Checkpoint checkpoint = open(SafetensorsBuilder()
                                   .add("w.weight_scale", "F16", {2, 2}, bytesOf(scales))
                                   .add("w.weight", "I8", {2, 33}, std::string(66, 'x')));
  const Result<WeightMatrix> matrix = checkpoint.matrix("w.weight", 2, 33);
  ASSERT_TRUE(matrix) << matrix.error().what;
  EXPECT_EQ(matrix->type(), WeightType::Q8_0);
  EXPECT_EQ(matrix->scales()[3], 4u);
}

TEST_F(CheckpointTensors, MatrixRefusesWrongScales) {
  const std::string values(66, 'x');
  Checkpoint none = open(SafetensorsBuilder().add("w", "I8", {2, 33}, values));
  EXPECT_NE(none.matrix("w", 2, 33).error().what.find("'w_scale' is missing"), std::string::npos);
  Checkpoint wide = open(SafetensorsBuilder()
                             .add("w", "I8", {2, 33}, values)
                             .add("w_scale", "F32", {2, 2}, std::string(16, 'x')));
  EXPECT_NE(wide.matrix("w", 2, 33).error().what.find("has dtype F32"), std::string::npos);
  Checkpoint few = open(SafetensorsBuilder()
                            .add("w", "I8", {2, 33}, values)
                            .add("w_scale", "F16", {2, 1}, std::string(4, 'x')));
  EXPECT_NE(few.matrix("w", 2, 33).error().what.find("expected [2, 2]"), std::string::npos);
}

/// 17 x 33 in panels: 2 panels of 2 blocks.
SafetensorsBuilder panels(std::size_t blockBytes, const std::string& suffixes = "sm") {
  SafetensorsBuilder builder;
  builder.add("w", "U8", {2, 2 * blockBytes}, std::string(4 * blockBytes, 'v'));
  if (suffixes.find('s') != std::string::npos) {
    builder.add("w_scale", "F16", {2, 32}, std::string(128, 's'));
  }
  if (suffixes.find('m') != std::string::npos) {
    builder.add("w_min", "F16", {2, 32}, std::string(128, 'm'));
  }
  return builder;
}

TEST_F(CheckpointTensors, MatrixTellsPanelsApartByTheirShape) {
  Checkpoint q8 = open(panels(512, "s"));
  const Result<WeightMatrix> eight = q8.matrix("w", 17, 33);
  ASSERT_TRUE(eight) << eight.error().what;
  EXPECT_EQ(eight->type(), WeightType::Q8Panels);
  EXPECT_EQ(eight->rows(), 17u);
  EXPECT_EQ(eight->cols(), 33u);
  EXPECT_EQ(eight->scales()[63], 's' * 0x101);
  EXPECT_EQ(eight->minimums(), nullptr);

  Checkpoint q4 = open(panels(256));
  const Result<WeightMatrix> four = q4.matrix("w", 17, 33);
  ASSERT_TRUE(four) << four.error().what;
  EXPECT_EQ(four->type(), WeightType::Q4Panels);
  EXPECT_EQ(four->scales()[63], 's' * 0x101);
  EXPECT_EQ(four->minimums()[63], 'm' * 0x101);
}

TEST_F(CheckpointTensors, MatrixRefusesPanelsOfAnotherShape) {
  Checkpoint q8 = open(panels(512, "s"));
  EXPECT_TRUE(q8.matrix("w", 32, 64));
  for (const auto& [rows, cols] : std::vector<std::pair<std::size_t, std::size_t>>{
           {16, 33}, {33, 33}, {17, 32}, {17, 65}, {2, 1024}, {1024, 2}}) {
    const Result<WeightMatrix> matrix = q8.matrix("w", rows, cols);
    ASSERT_FALSE(matrix) << rows << " x " << cols;
    EXPECT_EQ(matrix.error().code, ErrorCode::Corrupt);
    EXPECT_NE(matrix.error().what.find("tensor 'w' has shape [2, 1024], expected ["),
              std::string::npos)
        << matrix.error().what;
  }
  EXPECT_NE(q8.matrix("w", 17, 65)
                .error()
                .what.find("expected [2, 1536] or [2, 768] for a 17 x 65 matrix of U8"),
            std::string::npos);
}

TEST_F(CheckpointTensors, MatrixRefusesPanelsWithoutTheirScalesOrMinimums) {
  const auto complaint = [](Checkpoint checkpoint) {
    const Result<WeightMatrix> matrix = checkpoint.matrix("w", 17, 33);
    EXPECT_FALSE(matrix);
    return matrix ? std::string() : matrix.error().what;
  };
  EXPECT_NE(complaint(open(panels(512, ""))).find("'w_scale' is missing"), std::string::npos);
  EXPECT_NE(complaint(open(panels(256, "m"))).find("'w_scale' is missing"), std::string::npos);
  EXPECT_NE(complaint(open(panels(256, "s"))).find("'w_min' is missing"), std::string::npos);
  EXPECT_NE(complaint(open(panels(256, "s").add("w_min", "F32", {2, 32}, std::string(256, 'm'))))
                .find("'w_min' has dtype F32, expected F16"),
            std::string::npos);
  EXPECT_NE(complaint(open(panels(256, "s").add("w_min", "F16", {17, 2}, std::string(68, 'm'))))
                .find("'w_min' has shape [17, 2], expected [2, 32]"),
            std::string::npos);
  EXPECT_NE(complaint(open(panels(512, "").add("w_scale", "F16", {2, 2}, std::string(8, 's'))))
                .find("'w_scale' has shape [2, 2], expected [2, 32]"),
            std::string::npos);
}

TEST_F(CheckpointTensors, MatrixNamesTheTensorTheShapeFoundAndTheOneExpected) {
  Checkpoint checkpoint = open(SafetensorsBuilder()
                                   .add("w", "F32", {2, 3}, std::string(24, 'x'))
                                   .add("v", "F32", {3}, std::string(12, 'x'))
                                   .add("i", "I32", {1, 1}, "1234"));
  const Result<WeightMatrix> transposed = checkpoint.matrix("w", 3, 2);
  ASSERT_FALSE(transposed);
  EXPECT_EQ(transposed.error().code, ErrorCode::Corrupt);
  EXPECT_NE(transposed.error().what.find("'w' has shape [2, 3], expected [3, 2]"),
            std::string::npos);
  EXPECT_FALSE(checkpoint.matrix("v", 3, 1));
  EXPECT_FALSE(checkpoint.matrix("i", 1, 1));
  EXPECT_NE(checkpoint.matrix("x", 1, 1).error().what.find("'x' is missing"), std::string::npos);
}

TEST_F(CheckpointTensors, VectorWidensEveryFloatTypeOfAnyShape) {
  const std::vector<float> expected = {1.0f, -2.0f};
  const Checkpoint checkpoint =
      open(SafetensorsBuilder()
               .add("odd", "U8", {1}, "x")
               .add("f32", "F32", {1, 2}, bytesOf(expected))
               .add("f16", "F16", {2, 1}, bytesOf(std::vector<std::uint16_t>{0x3c00, 0xc000}))
               .add("bf16", "BF16", {2}, bytesOf(std::vector<std::uint16_t>{0x3f80, 0xc000})));
  for (const char* name : {"f32", "f16", "bf16"}) {
    const Result<std::vector<float>> values = checkpoint.vector(name, 2);
    ASSERT_TRUE(values) << values.error().what;
    EXPECT_EQ(*values, expected) << name;
  }
  EXPECT_NE(checkpoint.vector("f32", 3).error().what.find("expected 3 values"), std::string::npos);
  EXPECT_NE(checkpoint.vector("odd", 1).error().what.find("dtype U8"), std::string::npos);
  EXPECT_NE(checkpoint.vector("x", 1).error().what.find("'x' is missing"), std::string::npos);
}

}  // namespace
}  // namespace vl
