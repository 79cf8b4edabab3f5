#include "inference/weights/convert.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/tensor/to_float.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/conversion_plan.h"
#include "inference/weights/model_config.h"
#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

Status convert(const fs::path& source, const fs::path& destination,
               const ConvertProgress& progress = {}, const std::stop_token& stop = {}) {
  return convertCheckpoint(source, destination, WeightType::Q8_0, progress, stop);
}

std::vector<float> floatsOf(const StoredTensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeOf(tensor.dtype));
  toFloat(tensor.dtype, tensor.bytes, values);
  return values;
}

/// Every value within half a step of its block's scale, up to rounding of the quotient (see
/// quantize_test.cpp).
void expectQuantised(const StoredTensor& source, Checkpoint& converted) {
  const std::size_t rows = source.shape[0];
  const std::size_t cols = source.shape[1];
  const Result<WeightMatrix> matrix = converted.matrix(source.name, rows, cols);
  ASSERT_TRUE(matrix) << matrix.error().what;
  ASSERT_EQ(matrix->type(), WeightType::Q8_0) << source.name;
  const auto* values = static_cast<const std::int8_t*>(matrix->data());
  const std::vector<float> expected = floatsOf(source);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::size_t block = i / cols * q8BlocksPerRow(cols) + i % cols / kQ8BlockSize;
    const double scale = halfToFloat(matrix->scales()[block]);
    ASSERT_LE(std::abs(expected[i] - values[i] * scale), scale * (0.5 + 1e-5))
        << source.name << " at " << i;
  }
}

class ConvertMicroCheckpoint : public testing::TestWithParam<const char*> {};

TEST_P(ConvertMicroCheckpoint, KeepsEveryTensorWithinTheBoundsOfItsType) {
  const TempFolder folder;
  const Status converted = convert(microCheckpoint(GetParam()), folder / "q8");
  ASSERT_TRUE(converted) << converted.error().what;
  EXPECT_EQ(listNames(folder.path()), Names{"q8"});
  const Result<Checkpoint> source = Checkpoint::open(microCheckpoint(GetParam()));
  Result<Checkpoint> result = Checkpoint::open(folder / "q8");
  ASSERT_TRUE(source && result);
  std::size_t expectedTensors = 0;
  for (const StoredTensor* tensor : source->tensors()) {
    if (isDropped(tensor->name)) {
      EXPECT_EQ(result->find(tensor->name), nullptr);
    } else if (isQuantized(*tensor)) {
      expectedTensors += 2;
      expectQuantised(*tensor, *result);
    } else {
      expectedTensors += 1;
      const StoredTensor* copy = result->find(tensor->name);
      ASSERT_NE(copy, nullptr) << tensor->name;
      EXPECT_EQ(copy->dtype, tensor->dtype);
      EXPECT_EQ(copy->shape, tensor->shape);
      EXPECT_TRUE(std::ranges::equal(copy->bytes, tensor->bytes)) << tensor->name;
    }
  }
  EXPECT_EQ(result->tensors().size(), expectedTensors);
}

TEST_P(ConvertMicroCheckpoint, HasAllThatIsNeededToRun) {
  const TempFolder folder;
  ASSERT_TRUE(convert(microCheckpoint(GetParam()), folder / "q8"));
  for (const char* name : {"processor_config.json", "tokenizer.json", "tokenizer_config.json",
                           "special_tokens_map.json"}) {
    EXPECT_EQ(readText(folder / "q8" / name), readText(microCheckpoint(GetParam()) / name));
  }
  const Result<ModelConfig> config = loadModelConfig(folder / "q8");
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_TRUE(config->quantization);
  EXPECT_EQ(config->quantization->type, "q8_0");
  nlohmann::json written = readJson(folder / "q8/config.json");
  written.erase("quantization_config");
  EXPECT_EQ(written, readJson(microCheckpoint(GetParam()) / "config.json"));
}

INSTANTIATE_TEST_SUITE_P(All, ConvertMicroCheckpoint,
                         testing::Values("micro-tiny", "micro-small", "micro-base"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

/// A model folder with micro-base's configs and tensors of the test's own.
class ConvertFolder : public testing::Test {
 protected:
  ConvertFolder() {
    fs::create_directory(source_);
    for (const char* name : {"config.json", "processor_config.json"}) {
      fs::copy_file(microCheckpoint("micro-base") / name, source_ / name);
    }
  }

  void writeWeights(const SafetensorsBuilder& builder) const {
    writeText(source_ / "model.safetensors", builder.text());
  }

  /// The conversion fails and leaves nothing beside the source.
  void expectError(ErrorCode code, const std::string& complaint) const {
    const Status converted = convert(source_, destination_);
    ASSERT_FALSE(converted) << complaint;
    EXPECT_EQ(converted.error().code, code) << converted.error().what;
    EXPECT_NE(converted.error().what.find(complaint), std::string::npos) << converted.error().what;
    EXPECT_EQ(listNames(folder_.path()), Names{"source"});
  }

  TempFolder folder_;
  fs::path source_ = folder_ / "source";
  fs::path destination_ = folder_ / "q8";
};

SafetensorsBuilder smallWeights() {
  return SafetensorsBuilder()
      .add("language.lm_head.weight", "F32", {2, 32}, bytesOf(std::vector<float>(64, 0.5f)))
      .add("vision.norm.weight", "F32", {2}, bytesOf(std::vector<float>(2, 1.0f)));
}

TEST_F(ConvertFolder, CopiesLicenceAndModelCardButNothingUnknown) {
  writeWeights(smallWeights());
  for (const char* name : {"LICENSE", "LICENSE-MODEL.txt", "README.md", "NOTICE"}) {
    writeText(source_ / name, std::string("text of ") + name);
  }
  for (const char* name : {"training.log", "model.bin", ".git"}) writeText(source_ / name, "x");
  const Status converted = convert(source_, destination_);
  ASSERT_TRUE(converted) << converted.error().what;
  EXPECT_EQ(listNames(destination_),
            (Names{"LICENSE", "LICENSE-MODEL.txt", "NOTICE", "README.md", "config.json",
                   "model-00001-of-00001.safetensors", "model.safetensors.index.json",
                   "processor_config.json"}));
  EXPECT_EQ(readText(destination_ / "LICENSE"), "text of LICENSE");
}

TEST_F(ConvertFolder, ReportsProgressUpToAllOfTheWeights) {
  writeWeights(smallWeights());
  std::vector<std::size_t> done;
  std::size_t total = 0;
  ASSERT_TRUE(convert(source_, destination_, [&](std::size_t doneBytes, std::size_t totalBytes) {
    done.push_back(doneBytes);
    total = totalBytes;
  }));
  EXPECT_TRUE(std::ranges::is_sorted(done));
  ASSERT_FALSE(done.empty());
  EXPECT_EQ(done.back(), total);
  EXPECT_EQ(total, (64 + 2) * sizeof(float));
}

TEST_F(ConvertFolder, StopsAtTheNextPieceAndLeavesNothing) {
  SafetensorsBuilder weights;
  for (char name = 'a'; name < 'k'; ++name) {
    weights.add(std::string(1, name), "U8", {100}, std::string(100, name));
  }
  writeWeights(weights);
  std::stop_source stop;
  std::size_t calls = 0;
  const auto stopAtThird = [&](std::size_t, std::size_t) {
    if (++calls == 3) stop.request_stop();
  };
  const Status converted = convert(source_, destination_, stopAtThird, stop.get_token());
  ASSERT_FALSE(converted);
  EXPECT_EQ(converted.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(calls, 3u);
  EXPECT_EQ(listNames(folder_.path()), Names{"source"});
}

TEST_F(ConvertFolder, NamesTheTensorThatIsNotFinite) {
  std::vector<float> values(64, 0.5f);
  values[40] = std::numeric_limits<float>::quiet_NaN();
  writeWeights(
      SafetensorsBuilder().add("language.lm_head.weight", "F32", {2, 32}, bytesOf(values)));
  expectError(ErrorCode::Corrupt, "tensor 'language.lm_head.weight': a weight is not a finite");
}

TEST_F(ConvertFolder, RefusesToConvertOntoTheSource) {
  writeWeights(smallWeights());
  const std::string before = readText(source_ / "model.safetensors");
  for (const fs::path& destination : {source_, folder_ / "source/", folder_ / "./source/."}) {
    const Status converted = convert(source_, destination);
    ASSERT_FALSE(converted);
    EXPECT_EQ(converted.error().code, ErrorCode::InvalidArgument);
  }
  EXPECT_EQ(readText(source_ / "model.safetensors"), before);
}

TEST_F(ConvertFolder, RefusesADestinationWithContent) {
  writeWeights(smallWeights());
  fs::create_directory(destination_);
  writeText(destination_ / "precious", "x");
  const Status converted = convert(source_, destination_);
  ASSERT_FALSE(converted);
  EXPECT_EQ(converted.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(listNames(destination_), Names{"precious"});
}

TEST_F(ConvertFolder, RefusesASourceThatIsQuantised) {
  writeWeights(smallWeights());
  ASSERT_TRUE(convert(source_, destination_));
  const Status again = convert(destination_, folder_ / "again");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::InvalidArgument);
  fs::remove_all(destination_);
  writeWeights(SafetensorsBuilder().add("x.weight", "I8", {1, 1}, "x"));  // and says so nowhere
  expectError(ErrorCode::InvalidArgument, "is already quantised");
}

TEST_F(ConvertFolder, RefusesOtherTypes) {
  writeWeights(smallWeights());
  const Status converted = convertCheckpoint(source_, destination_, WeightType::F16, {}, {});
  ASSERT_FALSE(converted);
  EXPECT_EQ(converted.error().code, ErrorCode::Unsupported);
}

TEST_F(ConvertFolder, ReportsADamagedSource) {
  expectError(ErrorCode::NotFound, "there are no weights");
  const std::string text = smallWeights().text();
  writeText(source_ / "model.safetensors", text.substr(0, text.size() - 1));
  expectError(ErrorCode::Corrupt, "model.safetensors");
  writeWeights(smallWeights());
  writeText(source_ / "config.json", "{");
  expectError(ErrorCode::Corrupt, "config.json");
}

/// Files may not grow beyond this while it lives, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(ConvertFolder, LeavesNothingWhenTheDiskIsFull) {
  writeWeights(SafetensorsBuilder().add("language.lm_head.weight", "BF16", {64, 4096},
                                        std::string(std::size_t{64} * 4096 * 2, '\0')));
  const FileSizeLimit limit(100'000);
  expectError(ErrorCode::Io, "model-00001-of-00001.safetensors: cannot");
}

TEST_F(ConvertFolder, LeavesNothingWhenTheDestinationCannotBeWritten) {
  writeWeights(smallWeights());
  destination_ = folder_ / "missing/q8";
  expectError(ErrorCode::NotFound, "the folder that should hold it does not exist");
}

/// A conversion killed at any moment leaves no folder that loads.
TEST_F(ConvertFolder, AKilledConversionLeavesNoModelAndTheNextOneWorks) {
  writeWeights(smallWeights());
  const pid_t child = ::fork();
  if (child == 0) {
    const auto die = [](std::size_t done, std::size_t total) {
      if (done == total) ::raise(SIGKILL);
    };
    const Status ignored = convert(source_, destination_, die);
    ::_exit(ignored ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(fs::exists(destination_));
  const Names left = listNames(folder_.path());
  ASSERT_EQ(left.size(), 2u);  // the hidden partial folder and the source
  EXPECT_FALSE(loadModelConfig(folder_ / left[0]));

  const Status converted = convert(source_, destination_);
  ASSERT_TRUE(converted) << converted.error().what;
  EXPECT_EQ(listNames(folder_.path()), (Names{"q8", "source"}));
}

std::size_t peakResidentBytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

/// 256 MiB of weights in one matrix; a file full of holes, so that the test writes only the result.
/// Converting may take two write buffers of 8 MiB, a window of 16 MiB of the source, and change.
TEST_F(ConvertFolder, PeakMemoryDoesNotGrowWithTheModel) {
  constexpr std::size_t kRows = 32768;
  constexpr std::size_t kCols = 4096;
  constexpr std::size_t kDataBytes = kRows * kCols * 2;
  constexpr std::size_t kAllowedBytes = std::size_t{64} << 20;
  const std::string header = R"({"language.lm_head.weight":{"dtype":"BF16","shape":[32768,4096],)"
                             R"("data_offsets":[0,268435456]}})";
  writeText(source_ / "model.safetensors", safetensorsText(header, ""));
  fs::resize_file(source_ / "model.safetensors", 8 + header.size() + kDataBytes);

  // A child of its own, because the peak of this process also covers the tests before.
  const pid_t child = ::fork();
  if (child == 0) {
    const std::size_t before = peakResidentBytes();
    const bool converted = convert(source_, destination_).has_value();
    ::_exit(converted && peakResidentBytes() - before < kAllowedBytes ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_TRUE(Checkpoint::open(destination_));
}

}  // namespace
}  // namespace vl
