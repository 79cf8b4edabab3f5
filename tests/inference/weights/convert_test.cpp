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
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <vector>

#include "inference/tensor/to_float.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/conversion_plan.h"
#include "inference/weights/model_config.h"
#include "tests/inference/weights/test_files.h"
#include "tests/support/random.h"
#include "tests/support/weight_value.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

Status convert(const fs::path& source, const fs::path& destination,
               const ConvertProgress& progress = {}, const std::stop_token& stop = {},
               WeightType type = WeightType::Q8Panels) {
  Compute compute(2);
  return convertCheckpoint(source, destination, type, compute, progress, stop);
}

std::vector<float> floatsOf(const StoredTensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeOf(tensor.dtype));
  toFloat(tensor.dtype, tensor.bytes, values);
  return values;
}

/// Every value within half a step of its block's scale, up to rounding of the quotient (see
/// quantize_test.cpp). 4-bit blocks may give a few values up for the others, a step and a half, and
/// their minimum is rounded to 11 bits.
void expectQuantised(const StoredTensor& source, WeightType type, Checkpoint& converted) {
  const std::size_t rows = source.shape[0];
  const std::size_t cols = source.shape[1];
  const Result<WeightMatrix> matrix = converted.matrix(source.name, rows, cols);
  ASSERT_TRUE(matrix) << matrix.error().what;
  ASSERT_EQ(matrix->type(), type) << source.name;
  const bool isQ4 = type == WeightType::Q4Panels;
  const std::vector<float> expected = floatsOf(source);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double value = test::weightValue(*matrix, i / cols, i % cols);
    const double step = test::scaleOf(*matrix, i / cols, i % cols);
    const double bound = isQ4 ? 1.5 * step + std::ldexp(std::abs(expected[i]), -10) : 0.5 * step;
    ASSERT_LE(std::abs(expected[i] - value), bound * (1 + 1e-5)) << source.name << " at " << i;
  }
}

struct MicroConversion {
  const char* checkpoint;
  WeightType type;
  const char* typeName;
};

class ConvertMicroCheckpoint : public testing::TestWithParam<MicroConversion> {
 protected:
  Status convertMicro() const { return convert(source_, destination_, {}, {}, GetParam().type); }

  TempFolder folder_;
  fs::path source_ = microCheckpoint(GetParam().checkpoint);
  fs::path destination_ = folder_ / "converted";
};

TEST_P(ConvertMicroCheckpoint, KeepsEveryTensorWithinTheBoundsOfItsType) {
  const Status converted = convertMicro();
  ASSERT_TRUE(converted) << converted.error().what;
  EXPECT_EQ(listNames(folder_.path()), Names{"converted"});
  const Result<Checkpoint> source = Checkpoint::open(source_);
  Result<Checkpoint> result = Checkpoint::open(destination_);
  ASSERT_TRUE(source && result);
  std::size_t expectedTensors = 0;
  for (const StoredTensor* tensor : source->tensors()) {
    const std::optional<WeightType> type = storedType(*tensor, GetParam().type);
    if (isDropped(tensor->name)) {
      EXPECT_EQ(result->find(tensor->name), nullptr);
    } else if (type) {
      expectedTensors += *type == WeightType::Q4Panels ? 3 : 2;
      expectQuantised(*tensor, *type, *result);
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
  ASSERT_TRUE(convertMicro());
  for (const char* name : {"processor_config.json", "tokenizer.json", "tokenizer_config.json",
                           "special_tokens_map.json"}) {
    EXPECT_EQ(readText(destination_ / name), readText(source_ / name));
  }
  const Result<ModelConfig> config = loadModelConfig(destination_);
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_TRUE(config->quantization);
  EXPECT_EQ(config->quantization->type, GetParam().typeName);
  nlohmann::json written = readJson(destination_ / "config.json");
  EXPECT_EQ(written["quantization_config"]["version"], 2);
  written.erase("quantization_config");
  EXPECT_EQ(written, readJson(source_ / "config.json"));
}

std::vector<MicroConversion> everyMicroConversion() {
  std::vector<MicroConversion> conversions;
  for (const char* checkpoint : {"micro-tiny", "micro-small", "micro-base"}) {
    conversions.push_back({checkpoint, WeightType::Q8Panels, "q8_0"});
    conversions.push_back({checkpoint, WeightType::Q4Panels, "q4"});
  }
  return conversions;
}

INSTANTIATE_TEST_SUITE_P(All, ConvertMicroCheckpoint, testing::ValuesIn(everyMicroConversion()),
                         [](const auto& test) {
                           std::string name =
                               std::string(test.param.checkpoint) + "_" + test.param.typeName;
                           std::ranges::replace(name, '-', '_');
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
  // And says so nowhere:
  writeWeights(SafetensorsBuilder().add("x.weight", "I8", {1, 1}, "x"));
  expectError(ErrorCode::InvalidArgument, "is already quantised");
  writeWeights(SafetensorsBuilder()
                   .add("x.weight", "U8", {1, 512}, std::string(512, 'x'))
                   .add("x.weight_scale", "F16", {1, 16}, std::string(32, 'x')));
  expectError(ErrorCode::InvalidArgument, "is already quantised");
}

/// Rows that are no whole number of panels, and columns no whole number of blocks.
TEST_F(ConvertFolder, KeepsEveryTailOfRowsAndColumns) {
  for (const WeightType type : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    for (const std::size_t rows : {15, 16, 17, 31, 33, 48}) {
      for (const std::size_t cols : {32, 33, 63, 64, 70, 96, 127}) {
        const std::string bytes = bytesOf(test::gaussian(rows * cols, 7, 0.02f));
        writeWeights(
            SafetensorsBuilder().add("language.lm_head.weight", "F32", {rows, cols}, bytes));
        const Status converted = convert(source_, destination_, {}, {}, type);
        ASSERT_TRUE(converted) << converted.error().what;
        const Result<Checkpoint> source = Checkpoint::open(source_);
        Result<Checkpoint> result = Checkpoint::open(destination_);
        ASSERT_TRUE(source && result);
        const StoredTensor& weight = *source->find("language.lm_head.weight");
        expectQuantised(weight, *storedType(weight, type), *result);
        if (HasFailure()) FAIL() << rows << " x " << cols;
        fs::remove_all(destination_);
      }
    }
  }
}

/// Rows too long for one piece are cut into several.
TEST_F(ConvertFolder, KeepsRowsLongerThanAPiece) {
  for (const WeightType type : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    for (const auto& [name, rows, cols] :
         {std::tuple{"language.lm_head.weight", 17, 40'001},  // of panels: 2^14 columns
          std::tuple{"language.model.embed_tokens.weight", 2, 600'001}}) {  // of rows: 2^18
      const std::vector<std::size_t> shape{static_cast<std::size_t>(rows),
                                           static_cast<std::size_t>(cols)};
      const std::string bytes = bytesOf(test::gaussian(shape[0] * shape[1], 8, 0.02f));
      writeWeights(SafetensorsBuilder().add(name, "F32", shape, bytes));
      ASSERT_TRUE(convert(source_, destination_, {}, {}, type));
      const Result<Checkpoint> source = Checkpoint::open(source_);
      Result<Checkpoint> result = Checkpoint::open(destination_);
      ASSERT_TRUE(source && result);
      const StoredTensor& weight = *source->find(name);
      expectQuantised(weight, *storedType(weight, type), *result);
      fs::remove_all(destination_);
    }
  }
}

TEST_F(ConvertFolder, WritesTheSameWithAnyNumberOfThreads) {
  writeWeights(
      SafetensorsBuilder().add("language.lm_head.weight", "F32", {100, 1000},
                               bytesOf(test::gaussian(std::size_t{100} * 1000, 9, 0.02f))));
  std::vector<std::string> files;
  for (const std::size_t threads : {1, 2, 3}) {
    Compute compute(threads);
    ASSERT_TRUE(convertCheckpoint(source_, destination_, WeightType::Q4Panels, compute, {}, {}));
    files.push_back(readText(destination_ / "model-00001-of-00001.safetensors"));
    fs::remove_all(destination_);
  }
  EXPECT_EQ(files[1], files[0]);
  EXPECT_EQ(files[2], files[0]);
}

TEST_F(ConvertFolder, NamesTheTensorWhoseWeightsOverflowTheType) {
  for (const WeightType type : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    writeWeights(SafetensorsBuilder().add("language.lm_head.weight", "F32", {16, 32},
                                          bytesOf(std::vector<float>(512, -1e30f))));
    const Status converted = convert(source_, destination_, {}, {}, type);
    ASSERT_FALSE(converted);
    EXPECT_EQ(converted.error().code, ErrorCode::Unsupported);
    EXPECT_NE(
        converted.error().what.find("tensor 'language.lm_head.weight': a weight is too large"),
        std::string::npos)
        << converted.error().what;
    EXPECT_EQ(listNames(folder_.path()), Names{"source"});
  }
}

TEST_F(ConvertFolder, RefusesOtherTypes) {
  writeWeights(smallWeights());
  const Status converted = convert(source_, destination_, {}, {}, WeightType::F16);
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
/// Converting may take a few buffers of a megabyte, a window of 16 MiB of the source, and change.
TEST_F(ConvertFolder, PeakMemoryDoesNotGrowWithTheModel) {
  constexpr std::size_t kRows = 32768;
  constexpr std::size_t kCols = 4096;
  constexpr std::size_t kDataBytes = kRows * kCols * 2;
  constexpr std::size_t kAllowedBytes = std::size_t{64} << 20;
  const std::string header = R"({"language.lm_head.weight":{"dtype":"BF16","shape":[32768,4096],)"
                             R"("data_offsets":[0,268435456]}})";
  writeText(source_ / "model.safetensors", safetensorsText(header, ""));
  fs::resize_file(source_ / "model.safetensors", 8 + header.size() + kDataBytes);

  for (const WeightType type : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    // A child of its own, because the peak of this process also covers the tests before.
    const pid_t child = ::fork();
    if (child == 0) {
      const std::size_t before = peakResidentBytes();
      const bool converted = convert(source_, destination_, {}, {}, type).has_value();
      ::_exit(converted && peakResidentBytes() - before < kAllowedBytes ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_TRUE(Checkpoint::open(destination_));
    fs::remove_all(destination_);
  }
}

}  // namespace
}  // namespace vl
