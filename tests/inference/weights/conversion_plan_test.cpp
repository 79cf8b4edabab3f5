#include "inference/weights/conversion_plan.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "inference/weights/safetensors_header.h"

namespace vl {
namespace {

/// Tensors without real elements: planning looks at names, types and sizes only.
class Tensors {
 public:
  Tensors& add(const std::string& name, std::vector<std::size_t> shape, DType dtype = DType::BF16) {
    std::size_t bytes = sizeOf(dtype);
    for (const std::size_t size : shape) bytes *= size;
    tensors_.push_back({name, dtype, std::move(shape), std::span(elements_).first(bytes)});
    return *this;
  }
  std::vector<const StoredTensor*> pointers() const {
    std::vector<const StoredTensor*> result;
    for (const StoredTensor& tensor : tensors_) result.push_back(&tensor);
    return result;
  }

 private:
  std::vector<std::byte> elements_ = std::vector<std::byte>(1 << 20);
  std::vector<StoredTensor> tensors_;
};

StoredTensor tensor(const std::string& name, const std::vector<std::size_t>& shape,
                    DType dtype = DType::BF16) {
  return {name, dtype, shape, {}};
}

constexpr WeightType kBothTypes[] = {WeightType::Q8Panels, WeightType::Q4Panels};
const std::string kLayer = "language.model.layers.11.";

TEST(StoredType, IsTheWantedTypeForMlpsExpertsAndTheOutputHead) {
  const std::vector<std::size_t> shape = {64, 64};
  for (const std::string& name :
       {std::string("language.lm_head.weight"), kLayer + "mlp.gate_proj.weight",
        kLayer + "mlp.experts.63.down_proj.weight", kLayer + "mlp.shared_experts.up_proj.weight"}) {
    for (const WeightType type : kBothTypes) {
      EXPECT_EQ(storedType(tensor(name, shape), type), type) << name;
      EXPECT_EQ(storedType(tensor(name, shape, DType::F32), type), type) << name;
      EXPECT_EQ(storedType(tensor(name, {15, 64}), type), WeightType::Q8_0) << name << ", few rows";
      EXPECT_EQ(storedType(tensor(name, {64, 31}), type), std::nullopt) << name << ", short rows";
      EXPECT_EQ(storedType(tensor(name, shape, DType::I32), type), std::nullopt) << name;
    }
  }
}

TEST(StoredType, IsEightBitsForTheVisionTowerTheProjectorAndAttention) {
  const std::string block = "vision.blocks.0.";
  const std::string attention = kLayer + "self_attn.";
  for (const std::string& name :
       {block + "attn.qkv.weight", block + "attn.proj.weight", block + "mlp.fc1.weight",
        block + "mlp.fc2.weight", std::string("projector.layers.0.weight"),
        std::string("projector.layers.2.weight"), attention + "q_proj.weight",
        attention + "k_proj.weight", attention + "v_proj.weight", attention + "o_proj.weight",
        attention + "q_a_proj.weight", attention + "q_b_proj.weight",
        attention + "kv_a_proj_with_mqa.weight"}) {
    for (const WeightType type : kBothTypes) {
      EXPECT_EQ(storedType(tensor(name, {64, 64}), type), WeightType::Q8Panels) << name;
    }
  }
}

TEST(StoredType, KeepsInRowsWhatIsReadByRows) {
  for (const std::string& name :
       {std::string("language.model.embed_tokens.weight"), kLayer + "self_attn.kv_b_proj.weight"}) {
    for (const WeightType type : kBothTypes) {
      EXPECT_EQ(storedType(tensor(name, {64, 64}), type), WeightType::Q8_0) << name;
    }
  }
}

TEST(StoredType, SparesTheRouterAndWhatIsSmallOrOneDimensional) {
  for (const WeightType type : kBothTypes) {
    for (const char* name :
         {"language.model.layers.1.mlp.gate.weight", "image_newline", "view_seperator",
          "language.model.layers.1.input_layernorm.weight", "vision.norm.weight",
          "language.model.layers.1.mlp.gate.e_score_correction_bias",
          "vision.blocks.0.attn.qkv.bias",
          "language.model.layers.1.self_attn.kv_a_layernorm.weight"}) {
      EXPECT_EQ(storedType(tensor(name, {64, 64}), type), std::nullopt) << name;
    }
    EXPECT_EQ(storedType(tensor("vision.pos_embed", {1, 729, 144}), type), std::nullopt);
    EXPECT_EQ(storedType(tensor("vision.patch_embed.proj.weight", {144, 3, 14, 14}), type),
              std::nullopt);
    EXPECT_EQ(storedType(tensor("projector.layers.0.bias", {64}), type), std::nullopt);
  }
}

TEST(PlanConversion, LeavesOutTheAttentionPool) {
  const Tensors tensors =
      Tensors().add("vision.attn_pool.q.weight", {64, 64}).add("vision.norm.weight", {64});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers(), WeightType::Q8Panels);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->shards.size(), 1u);
  ASSERT_EQ(plan->shards[0].tensors.size(), 1u);
  EXPECT_EQ(plan->shards[0].tensors[0].values.name, "vision.norm.weight");
  EXPECT_EQ(plan->sourceBytes, 128u);
}

TEST(PlanConversion, GivesAWeightInRowsInt8ValuesAndAScalePerBlock) {
  const Tensors tensors = Tensors().add("language.model.embed_tokens.weight", {3, 70});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers(), WeightType::Q4Panels);
  ASSERT_TRUE(plan);
  const PlannedTensor& rows = plan->shards[0].tensors[0];
  EXPECT_EQ(rows.type, WeightType::Q8_0);
  EXPECT_EQ(rows.values.dtype, DType::I8);
  EXPECT_EQ(rows.values.shape, (std::vector<std::size_t>{3, 70}));
  EXPECT_EQ(rows.values.bytes, 210u);
  ASSERT_TRUE(rows.scales);
  EXPECT_EQ(rows.scales->name, "language.model.embed_tokens.weight_scale");
  EXPECT_EQ(rows.scales->shape, (std::vector<std::size_t>{3, 3}));
  EXPECT_EQ(rows.scales->bytes, 18u);
  EXPECT_FALSE(rows.minimums);
}

TEST(PlanConversion, GivesAWeightInPanelsWholePanelsAndBlocks) {
  // 33 rows are 3 panels of 16, 70 columns are 3 blocks of 32.
  const Tensors tensors = Tensors().add("language.lm_head.weight", {33, 70});
  for (const WeightType type : kBothTypes) {
    const Result<ConversionPlan> plan = planConversion(tensors.pointers(), type);
    ASSERT_TRUE(plan);
    const PlannedTensor& head = plan->shards[0].tensors[0];
    const std::size_t panelBytes = type == WeightType::Q8Panels ? 3 * 512 : 3 * 256;
    EXPECT_EQ(head.type, type);
    EXPECT_EQ(head.values.dtype, DType::U8);
    EXPECT_EQ(head.values.shape, (std::vector<std::size_t>{3, panelBytes}));
    EXPECT_EQ(head.values.bytes, 3 * panelBytes);
    ASSERT_TRUE(head.scales);
    EXPECT_EQ(head.scales->name, "language.lm_head.weight_scale");
    EXPECT_EQ(head.scales->shape, (std::vector<std::size_t>{3, 48}));
    EXPECT_EQ(head.scales->bytes, 3u * 48 * 2);
    ASSERT_EQ(head.minimums.has_value(), type == WeightType::Q4Panels);
    if (head.minimums) {
      EXPECT_EQ(head.minimums->name, "language.lm_head.weight_min");
      EXPECT_EQ(head.minimums->shape, head.scales->shape);
    }
  }
}

TEST(PlanConversion, CopiesEverythingWhenNoTypeIsWanted) {
  const Tensors tensors = Tensors().add("language.lm_head.weight", {33, 70});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers(), std::nullopt);
  ASSERT_TRUE(plan);
  const PlannedTensor& head = plan->shards[0].tensors[0];
  EXPECT_EQ(head.type, std::nullopt);
  EXPECT_EQ(head.values.dtype, DType::BF16);
  EXPECT_EQ(head.values.bytes, 33u * 70 * 2);
  EXPECT_FALSE(head.scales);
}

TEST(PlanConversion, HeadersAreValidAndEveryTensorAlignedForVectorLoads) {
  for (const std::string& extraName : {std::string(), std::string("x"), std::string(61, 'x')}) {
    const Tensors tensors = Tensors()
                                .add("language.model.embed_tokens.weight", {3, 33})  // 99 bytes
                                .add("vision.norm.weight", {5})
                                .add("language.lm_head.weight", {17, 33})
                                .add("vision.blocks.0.mlp.fc1.weight", {16, 32})
                                .add("bias" + extraName, {3}, DType::F32);
    const Result<ConversionPlan> plan = planConversion(tensors.pointers(), WeightType::Q4Panels);
    ASSERT_TRUE(plan);
    const PlannedShard& shard = plan->shards[0];
    std::string file = shard.header;
    file.resize(shard.fileBytes);
    const auto parsed = parseSafetensors(std::as_bytes(std::span(file)), "planned");
    ASSERT_TRUE(parsed) << parsed.error().what;
    EXPECT_EQ(parsed->size(), 9u);
    for (const auto& [name, stored] : *parsed) {
      const auto offset =
          static_cast<std::size_t>(stored.bytes.data() - std::as_bytes(std::span(file)).data());
      const bool ofPanels =
          name.starts_with("language.lm_head") || name.starts_with("vision.blocks");
      const std::size_t alignment = !ofPanels                   ? sizeOf(stored.dtype)
                                    : stored.dtype == DType::U8 ? 64
                                                                : 32;
      EXPECT_EQ(offset % alignment, 0u) << name;
    }
  }
}

TEST(PlanConversion, StartsANewShardBeforeOneGetsTooLarge) {
  Tensors tensors;
  for (const char* name : {"a", "b", "c", "d", "e"}) tensors.add(name, {100});  // 200 bytes each
  tensors.add("huge", {1000});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers(), WeightType::Q8Panels, 500);
  ASSERT_TRUE(plan);
  std::vector<std::string> names;
  std::vector<std::size_t> counts;
  for (const PlannedShard& shard : plan->shards) {
    names.push_back(shard.fileName);
    counts.push_back(shard.tensors.size());
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{2, 2, 1, 1}));
  EXPECT_EQ(names[0], "model-00001-of-00004.safetensors");
  EXPECT_EQ(names[3], "model-00004-of-00004.safetensors");
  const auto index = nlohmann::json::parse(indexText(*plan));
  EXPECT_EQ(index["weight_map"]["c"], names[1]);
  EXPECT_EQ(index["metadata"]["total_size"], 3000);
}

TEST(PlanConversion, RefusesASourceThatAlreadyUsesTheNameOfAScaleOrMinimum) {
  for (const char* suffix : {"_scale", "_min"}) {
    const std::string name = "language.lm_head.weight";
    const Tensors tensors = Tensors().add(name, {32, 32}).add(name + suffix, {32});
    const Result<ConversionPlan> plan = planConversion(tensors.pointers(), WeightType::Q4Panels);
    ASSERT_FALSE(plan) << suffix;
    EXPECT_EQ(plan.error().code, ErrorCode::Corrupt);
    EXPECT_NE(plan.error().what.find(name + suffix), std::string::npos) << plan.error().what;
  }
}

}  // namespace
}  // namespace vl
