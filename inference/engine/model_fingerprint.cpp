#include "inference/engine/model_fingerprint.h"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>
#include <vector>

#include "inference/kernels/blas.h"
#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// To be raised when the same picture and weights give other features than before: pixels, tiles,
/// tower, projector or layout.
constexpr std::uint64_t kFeatureVersion = 2;

/// Weights and what their meaning is read from. Tokenizers, cards and the like do not matter.
bool decidesFeatures(const fs::path& file) {
  constexpr std::array kConfigs{"config.json", "processor_config.json"};
  return file.extension() == ".safetensors" ||
         std::find(kConfigs.begin(), kConfigs.end(), file.filename()) != kConfigs.end();
}

/// Paths below the folder, in order.
std::optional<std::vector<fs::path>> filesOf(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (decidesFeatures(entry->path())) files.push_back(entry->path());
  }
  if (error) return std::nullopt;
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::optional<Digest> modelFingerprint(const fs::path& folder, const Checkpoint& checkpoint,
                                       Precision precision) {
  DigestStream stream;
  stream.add(kFeatureVersion);
  stream.add(static_cast<std::uint64_t>(precision));
  stream.add(std::string_view(kernels().isa));  // the last bits of sums
  stream.add(std::string_view(matrixProductsTrouble()));
  const auto files = filesOf(folder);
  if (!files) return std::nullopt;
  for (const fs::path& file : *files) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file, error);
    if (error) return std::nullopt;
    const fs::file_time_type written = fs::last_write_time(file, error);
    if (error) return std::nullopt;
    stream.add(std::string_view(file.lexically_relative(folder).native()));
    stream.add(std::uint64_t{bytes});
    stream.add(static_cast<std::uint64_t>(written.time_since_epoch().count()));
  }
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    stream.add(std::string_view(tensor->name));
    stream.add(static_cast<std::uint64_t>(tensor->dtype));
    stream.add(std::as_bytes(std::span(tensor->shape)));
  }
  return stream.finish();
}

}  // namespace vl
