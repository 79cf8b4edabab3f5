#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "inference/base/result.h"
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
  std::uint64_t fingerprint = 0;  // of the file's bytes and how it is to be encoded
};

/// From image file to prompt embeddings: decode, tile, encode, project, lay out. Remembers the
/// embeddings of the last conversation's images.
///
/// Not thread-safe. The checkpoint must outlive it.
class ImageEncoder {
 public:
  /// Error: Corrupt, naming the tensor that is missing or has another shape.
  static Result<ImageEncoder> load(Checkpoint& checkpoint, const ModelConfig& config);

  /// Reads a file and looks at its header only. tiling: see kMaxTiledImages.
  /// Errors: NotFound, Io, Unsupported, Corrupt.
  Result<ImageSource> read(const ImageFile& file, bool tiling, Orientation orientation) const;

  /// Embeddings [source.tokens, hidden] of each source, valid until the next call; none when
  /// cancelled. Looks at `stop` between images and between blocks of the tower.
  /// Adds to timings.imageMs, visionMs and tiles. Errors: Corrupt, Unsupported (images).
  Result<std::optional<std::vector<MatrixView<const float>>>> encode(
      Compute& compute, std::span<const ImageSource> sources,
      const std::function<void(const StageProgress&)>& progress, const std::stop_token& stop,
      GenerateTimings& timings);

 private:
  ImageEncoder(const ModelConfig& config, VisionTower tower, Projector projector,
               LayoutVectors vectors);
  std::size_t tilesToEncode(const ImageSource& source) const;
  bool encodeViews(Compute& compute, const TiledImage& image, std::vector<Matrix>& tokens,
                   const std::function<void()>& tileDone, const std::stop_token& stop);

  ModelConfig config_;
  VisionTower tower_;
  Projector projector_;
  LayoutVectors vectors_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const Matrix>> cache_;  // by fingerprint
};

}  // namespace vl
