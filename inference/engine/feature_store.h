#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "inference/engine/digest.h"
#include "inference/tensor/matrix.h"
#include "inference/tensor/matrix_view.h"

namespace vl {

inline constexpr std::uintmax_t kDefaultFeatureBytes = std::uintmax_t{1} << 30;

/// Vision features of pictures on disk, so that a picture of yesterday is not encoded again. They
/// are F32, as computed: an answer does not depend on where they came from.
///
/// One file per key, written under another name and renamed. Folder and files can be read by their
/// owner only; a folder of somebody else is not used. What is damaged, cut or of another size is no
/// hit and is removed. A failure to read or write is no error, only no hit: features can always be
/// computed. Any number of processes may use one folder; one thread per object.
class FeatureStore {
 public:
  /// Makes the folder where there is none. Where that fails, nothing is ever found.
  ///   mostBytes  what all files take together; those not used for longest are removed first
  explicit FeatureStore(std::filesystem::path folder,
                        std::uintmax_t mostBytes = kDefaultFeatureBytes);

  /// Features [rows, cols] saved under this key, which counts as a use of them.
  std::optional<Matrix> load(const Digest& key, std::size_t rows, std::size_t cols);
  void save(const Digest& key, MatrixView<const float> features);

  struct Usage {
    std::size_t files = 0;
    std::uintmax_t bytes = 0;
  };
  Usage usage() const;
  /// Removes all that is saved, files of interrupted writes included; other files stay. False when
  /// something could not be removed.
  bool clear();

 private:
  std::filesystem::path folder_;
  std::uintmax_t mostBytes_;
};

/// $XDG_CACHE_HOME/vl2-desk/features, or below ~/.cache; none without a home.
std::optional<std::filesystem::path> userFeatureFolder();

}  // namespace vl
