#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/base/result.h"
#include "inference/engine/digest.h"
#include "inference/engine/feature_store.h"
#include "inference/engine/request.h"
#include "inference/kernels/compute.h"
#include "inference/tensor/matrix.h"
#include "inference/vision/image.h"
#include "inference/vision/image_layout.h"
#include "inference/vision/projector.h"
#include "inference/vision/tiling.h"
#include "inference/vision/vision_tower.h"

namespace vl {

/// One image of a conversation, before its pixels are decoded.
struct ImageSource {
  std::vector<std::byte> encoded = {};  // the file
  ImageSize size = {};                  // oriented
  TileGrid grid = {};
  std::size_t tokens = 0;
  Orientation orientation = Orientation::ApplyExif;
  bool tiling = true;
  Digest digest = {};             // of the file's bytes and how it is to be encoded
  std::uint64_t fingerprint = 0;  // 64 bits of it
};

/// Where features are kept between runs, and of which model they are.
struct FeatureCache {
  FeatureStore store;
  Digest model;
};

/// From image file to prompt embeddings: decode, tile, encode, project, lay out. Remembers the
/// embeddings of the last conversation's images, and those used before as long as all of them fit
/// into kKeptFeatureBytes; on disk, too, when it is given a place for them.
///
/// Not thread-safe. The checkpoint must outlive it.
class ImageEncoder {
 public:
  /// Error: Corrupt, naming the tensor that is missing or has another shape.
  static Result<ImageEncoder> load(Checkpoint& checkpoint, const ModelConfig& config,
                                   std::optional<FeatureCache> cache = std::nullopt);

  /// Reads a file and looks at its header only. tiling: see kMaxTiledImages.
  /// Errors: NotFound, Io, Unsupported, Corrupt.
  Result<ImageSource> read(const ImageFile& file, bool tiling, Orientation orientation) const;

  /// Embeddings [source.tokens, hidden] of each source, valid until the next call; none when
  /// cancelled; what was encoded before is remembered then, too. Looks at `stop` between images and
  /// between blocks of the tower.
  /// Adds to timings.imageMs, visionMs and tiles. Errors: Corrupt, Unsupported (images).
  Result<std::optional<std::vector<MatrixView<const float>>>> encode(
      Compute& compute, std::span<const ImageSource> sources,
      const std::function<void(const StageProgress&)>& progress, const std::stop_token& stop,
      GenerateTimings& timings);

  /// The projector's output of each view that is encoded, computed anew; see
  /// LocalEngine::project(). None when cancelled. Errors: Corrupt, Unsupported (the image).
  Result<std::optional<std::vector<Matrix>>> project(Compute& compute, const ImageSource& source,
                                                     const std::stop_token& stop);

 private:
  /// Embeddings [tokens, hidden] of one picture.
  struct Features {
    std::uint64_t fingerprint = 0;
    std::shared_ptr<const Matrix> rows;
    std::size_t bytes() const { return rows->rows() * rows->cols() * sizeof(float); }
  };

  ImageEncoder(const ModelConfig& config, VisionTower tower, Projector projector,
               LayoutVectors vectors, std::optional<FeatureCache> cache);
  std::size_t tilesToEncode(const ImageSource& source) const;
  std::shared_ptr<const Matrix> find(std::uint64_t fingerprint);
  bool findOnDisk(const ImageSource& source);
  void remember(const ImageSource& source, Matrix rows);
  void forgetOldest();
  bool encodeViews(Compute& compute, const TiledImage& image, std::vector<Matrix>& tokens,
                   const std::function<void()>& tileDone, const std::stop_token& stop);

  ModelConfig config_;
  VisionTower tower_;
  Projector projector_;
  LayoutVectors vectors_;
  std::optional<FeatureCache> cache_;
  std::vector<Features> remembered_;                    // the one used last at the end
  std::vector<std::shared_ptr<const Matrix>> current_;  // what the last encode() handed out
};

}  // namespace vl
