#include "inference/engine/model_fingerprint.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "tests/inference/engine/engine_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class ModelFingerprintTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy(test::checkpoint("micro-tiny"), model(), fs::copy_options::recursive);
  }
  fs::path model() const { return scratch_.path() / "model"; }
  Digest fingerprint(Precision precision = Precision::Exact) const {
    return modelFingerprint(model(), *Checkpoint::open(model()), precision).value();
  }

  test::ScratchFolder scratch_;
};

TEST_F(ModelFingerprintTest, IsTheSameForTheSameFiles) {
  const Digest before = fingerprint();
  std::ofstream(model() / "README.md") << "a card does not matter";
  EXPECT_EQ(fingerprint(), before);
}

TEST_F(ModelFingerprintTest, ChangesWithWeightsConfigsAndPrecision) {
  const Digest before = fingerprint();
  EXPECT_NE(fingerprint(Precision::Fast), before);
  for (const std::string name : {"model.safetensors", "config.json", "processor_config.json"}) {
    const fs::path file = model() / name;
    const auto written = fs::last_write_time(file);
    fs::last_write_time(file, written + std::chrono::seconds(1));
    EXPECT_NE(fingerprint(), before) << name;
    fs::last_write_time(file, written);
    EXPECT_EQ(fingerprint(), before) << name;
  }
  const fs::path config = model() / "config.json";
  const auto written = fs::last_write_time(config);
  std::ofstream(config, std::ios::app) << ' ';
  fs::last_write_time(config, written);
  EXPECT_NE(fingerprint(), before) << "the size counts, too";
}

TEST_F(ModelFingerprintTest, TellsModelsApart) {
  const fs::path other = test::checkpoint("micro-small");
  EXPECT_NE(modelFingerprint(other, *Checkpoint::open(other), Precision::Exact), fingerprint());
}

TEST_F(ModelFingerprintTest, IsNoneForAFolderThatIsGone) {
  const Checkpoint checkpoint = *Checkpoint::open(model());
  EXPECT_FALSE(modelFingerprint(scratch_.path() / "nothing", checkpoint, Precision::Exact));
}

}  // namespace
}  // namespace vl
