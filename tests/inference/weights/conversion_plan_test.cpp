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

TEST(IsQuantized, HoldsForEveryLinearWeight) {
  const std::vector<std::size_t> shape = {64, 64};
  const std::string layer = "language.model.layers.11.";
  for (const std::string& name :
       {std::string("vision.blocks.0.attn.qkv.weight"),
        std::string("vision.blocks.0.attn.proj.weight"),
        std::string("vision.blocks.26.mlp.fc1.weight"),
        std::string("vision.blocks.26.mlp.fc2.weight"), std::string("projector.layers.0.weight"),
        std::string("projector.layers.2.weight"), std::string("language.model.embed_tokens.weight"),
        std::string("language.lm_head.weight"), layer + "self_attn.q_proj.weight",
        layer + "self_attn.k_proj.weight", layer + "self_attn.v_proj.weight",
        layer + "self_attn.o_proj.weight", layer + "self_attn.q_a_proj.weight",
        layer + "self_attn.q_b_proj.weight", layer + "self_attn.kv_a_proj_with_mqa.weight",
        layer + "self_attn.kv_b_proj.weight", layer + "mlp.gate_proj.weight",
        layer + "mlp.experts.63.down_proj.weight", layer + "mlp.shared_experts.up_proj.weight"}) {
    EXPECT_TRUE(isQuantized(tensor(name, shape))) << name;
    EXPECT_TRUE(isQuantized(tensor(name, shape, DType::F32))) << name;
    EXPECT_FALSE(isQuantized(tensor(name, {64, 31}))) << name << " with short rows";
    EXPECT_FALSE(isQuantized(tensor(name, shape, DType::I32))) << name << " of integers";
  }
}

TEST(IsQuantized, SparesTheRouterAndWhatIsSmallOrOneDimensional) {
  for (const char* name :
       {"language.model.layers.1.mlp.gate.weight", "image_newline", "view_seperator",
        "language.model.layers.1.input_layernorm.weight", "vision.norm.weight",
        "language.model.layers.1.mlp.gate.e_score_correction_bias", "vision.blocks.0.attn.qkv.bias",
        "language.model.layers.1.self_attn.kv_a_layernorm.weight"}) {
    EXPECT_FALSE(isQuantized(tensor(name, {64, 64}))) << name;
  }
  EXPECT_FALSE(isQuantized(tensor("vision.pos_embed", {1, 729, 144})));
  EXPECT_FALSE(isQuantized(tensor("vision.patch_embed.proj.weight", {144, 3, 14, 14})));
  EXPECT_FALSE(isQuantized(tensor("projector.layers.0.bias", {64})));
}

TEST(PlanConversion, LeavesOutTheAttentionPool) {
  const Tensors tensors =
      Tensors().add("vision.attn_pool.q.weight", {64, 64}).add("vision.norm.weight", {64});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers());
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->shards.size(), 1u);
  ASSERT_EQ(plan->shards[0].tensors.size(), 1u);
  EXPECT_EQ(plan->shards[0].tensors[0].values.name, "vision.norm.weight");
  EXPECT_EQ(plan->sourceBytes, 128u);
}

TEST(PlanConversion, GivesAQuantisedWeightInt8ValuesAndAScalePerBlock) {
  const Tensors tensors = Tensors().add("language.lm_head.weight", {3, 70});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers());
  ASSERT_TRUE(plan);
  const PlannedTensor& head = plan->shards[0].tensors[0];
  EXPECT_EQ(head.values.dtype, DType::I8);
  EXPECT_EQ(head.values.bytes, 210u);
  ASSERT_TRUE(head.scales);
  EXPECT_EQ(head.scales->name, "language.lm_head.weight_scale");
  EXPECT_EQ(head.scales->shape, (std::vector<std::size_t>{3, 3}));
  EXPECT_EQ(head.scales->bytes, 18u);
}

TEST(PlanConversion, HeadersAreValidAndEveryTensorAligned) {
  const Tensors tensors = Tensors()
                              .add("language.lm_head.weight", {3, 33})  // 99 bytes of int8
                              .add("vision.norm.weight", {5})
                              .add("e_score_correction_bias", {3}, DType::F32);
  const Result<ConversionPlan> plan = planConversion(tensors.pointers());
  ASSERT_TRUE(plan);
  const PlannedShard& shard = plan->shards[0];
  std::string file = shard.header;
  file.resize(shard.fileBytes);
  const auto parsed = parseSafetensors(std::as_bytes(std::span(file)), "planned");
  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(parsed->size(), 4u);
  for (const auto& [name, stored] : *parsed) {
    const auto offset =
        static_cast<std::size_t>(stored.bytes.data() - std::as_bytes(std::span(file)).data());
    EXPECT_EQ(offset % sizeOf(stored.dtype), 0u) << name;
  }
}

TEST(PlanConversion, StartsANewShardBeforeOneGetsTooLarge) {
  Tensors tensors;
  for (const char* name : {"a", "b", "c", "d", "e"}) tensors.add(name, {100});  // 200 bytes each
  tensors.add("huge", {1000});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers(), 500);
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

TEST(PlanConversion, RefusesASourceThatAlreadyUsesTheNameOfAScale) {
  const Tensors tensors =
      Tensors().add("language.lm_head.weight", {32, 32}).add("language.lm_head.weight_scale", {32});
  const Result<ConversionPlan> plan = planConversion(tensors.pointers());
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace vl
