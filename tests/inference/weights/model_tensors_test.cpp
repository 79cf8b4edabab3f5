#include "inference/weights/model_tensors.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "inference/weights/checkpoint.h"
#include "inference/weights/conversion_plan.h"
#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

using Shapes = std::map<std::string, std::vector<std::size_t>>;

/// The micro checkpoints were written by the official code: MHA, MLA, MLA with noaux_tc.
TEST(ModelTensors, AreThoseThatTheOfficialCodeWritesLessTheAttentionPool) {
  for (const char* name : {"micro-tiny", "micro-small", "micro-base"}) {
    const Result<ModelConfig> config = loadModelConfig(microCheckpoint(name));
    const Result<Checkpoint> checkpoint = Checkpoint::open(microCheckpoint(name));
    ASSERT_TRUE(config && checkpoint);
    Shapes expected;
    for (const StoredTensor* tensor : checkpoint->tensors()) {
      if (!isDropped(tensor->name)) expected[tensor->name] = tensor->shape;
    }
    Shapes found;
    const std::vector<TensorShape> tensors = modelTensors(*config);
    for (const TensorShape& tensor : tensors) found[tensor.name] = tensor.shape;
    EXPECT_EQ(found, expected) << name;
    EXPECT_EQ(found.size(), tensors.size()) << name << ": a name occurs twice";
  }
}

TEST(ModelTensors, HaveNoOutputHeadWhereTheEmbeddingsAreTied) {
  Result<ModelConfig> config = loadModelConfig(microCheckpoint("micro-tiny"));
  ASSERT_TRUE(config);
  config->language.tieWordEmbeddings = true;
  for (const TensorShape& tensor : modelTensors(*config)) {
    EXPECT_NE(tensor.name, "language.lm_head.weight");
  }
}

}  // namespace
}  // namespace vl
