#include "inference/engine/image_encoder.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "inference/engine/stopwatch.h"
#include "inference/vision/image_header.h"
#include "inference/vision/normalize.h"
#include "inference/weights/memory_plan.h"

namespace vl {
namespace {

Error atPath(const Error& error, const std::filesystem::path& path) {
  return {error.code, path.string() + ": " + error.what};
}

/// Of the file and what else decides its embeddings.
std::optional<Digest> digestOf(std::span<const std::byte> file, bool tiling,
                               Orientation orientation) {
  DigestStream stream;
  stream.add(std::uint64_t{tiling});
  stream.add(static_cast<std::uint64_t>(orientation));
  stream.add(file);
  return stream.finish();
}

/// What a picture's embeddings are saved under.
std::optional<Digest> keyOf(const Digest& model, const ImageSource& source) {
  DigestStream stream;
  stream.add(model);
  stream.add(source.digest);
  stream.add(std::uint64_t{source.grid.columns});
  stream.add(std::uint64_t{source.grid.rows});
  return stream.finish();
}

}  // namespace

ImageEncoder::ImageEncoder(const ModelConfig& config, VisionTower tower, Projector projector,
                           LayoutVectors vectors, std::optional<FeatureCache> cache)
    : config_(config),
      tower_(std::move(tower)),
      projector_(std::move(projector)),
      vectors_(std::move(vectors)),
      cache_(std::move(cache)) {}

Result<ImageEncoder> ImageEncoder::load(Checkpoint& checkpoint, const ModelConfig& config,
                                        std::optional<FeatureCache> cache) {
  Result<VisionTower> tower = VisionTower::load(checkpoint, config.vision);
  if (!tower) return tower.error();
  Result<Projector> projector = Projector::load(checkpoint, config.projector);
  if (!projector) return projector.error();
  Result<LayoutVectors> vectors = LayoutVectors::load(checkpoint, config.projector.nEmbed);
  if (!vectors) return vectors.error();
  return ImageEncoder(config, std::move(tower).value(), std::move(projector).value(),
                      std::move(vectors).value(), std::move(cache));
}

Result<ImageSource> ImageEncoder::read(const ImageFile& file, bool tiling,
                                       Orientation orientation) const {
  Result<std::vector<std::byte>> encoded = readImageFile(file.path);
  if (!encoded) return encoded.error();
  const Result<ImageHeader> header = readImageHeader(*encoded);
  if (!header) return atPath(header.error(), file.path);
  const bool asShown = orientation == Orientation::ApplyExif;
  ImageSource source{
      .encoded = std::move(encoded).value(),
      .size = asShown ? orientedSize(*header) : ImageSize{header->width, header->height},
      .orientation = orientation,
      .tiling = tiling};
  source.grid = tileGrid(source.size, config_.processor, tiling);
  source.tokens = imageTokenCount(source.grid, config_.processor);
  const std::optional<Digest> digest = digestOf(source.encoded, tiling, orientation);
  if (!digest) return Error{ErrorCode::Internal, "OpenSSL has no SHA-256."};
  source.digest = *digest;
  std::memcpy(&source.fingerprint, digest->data(), sizeof(source.fingerprint));
  return source;
}

/// The only tile of a 1 x 1 grid is the global view, pixel for pixel: it is encoded once.
std::size_t ImageEncoder::tilesToEncode(const ImageSource& source) const {
  const std::size_t tiles = source.grid.rows * source.grid.columns;
  return tiles == 1 ? 1 : 1 + tiles;
}

Result<std::optional<std::vector<MatrixView<const float>>>> ImageEncoder::encode(
    Compute& compute, std::span<const ImageSource> sources,
    const std::function<void(const StageProgress&)>& progress, const std::stop_token& stop,
    GenerateTimings& timings) {
  using Encoded = std::optional<std::vector<MatrixView<const float>>>;
  const auto report = [&](Stage stage, std::size_t done, std::size_t total) {
    if (progress) progress({stage, done, total});
  };
  current_.clear();
  std::size_t missing = 0;
  std::size_t totalTiles = 0;
  Stopwatch watch;
  std::set<std::uint64_t> counted;
  for (const ImageSource& source : sources) {
    if (!counted.insert(source.fingerprint).second) continue;
    if (find(source.fingerprint) != nullptr || findOnDisk(source)) continue;
    ++missing;
    totalTiles += tilesToEncode(source);
  }
  timings.imageMs += watch.milliseconds();

  std::size_t decoded = 0;
  std::size_t tilesDone = 0;
  for (const ImageSource& source : sources) {
    if (stop.stop_requested()) return Encoded{};
    if (auto found = find(source.fingerprint)) {
      current_.push_back(std::move(found));
      continue;
    }
    watch.reset();
    report(Stage::DecodeImages, decoded, missing);
    const Result<RgbImage> image = decodeImage(source.encoded, source.orientation);
    if (!image) return image.error();
    const TiledImage tiled = tileImage(*image, config_.processor, source.tiling);
    report(Stage::DecodeImages, ++decoded, missing);
    timings.imageMs += watch.milliseconds();

    watch.reset();
    std::vector<Matrix> tokens;
    const auto tileDone = [&] {
      ++timings.tiles;
      report(Stage::EncodeTiles, ++tilesDone, totalTiles);
    };
    report(Stage::EncodeTiles, tilesDone, totalTiles);
    if (!encodeViews(compute, tiled, tokens, tileDone, stop)) return Encoded{};
    std::vector<MatrixView<const float>> views;
    views.reserve(tokens.size() + 1);
    for (const Matrix& view : tokens) views.push_back(view.view());
    if (views.size() == 1) views.push_back(views.front());  // a 1 x 1 grid
    Matrix laidOut(source.tokens, config_.language.hiddenSize);
    layoutImage(views, tiled.grid, projector_.outputSide(config_.vision.gridSide()), vectors_,
                config_.globalViewFirst, laidOut.view());
    timings.visionMs += watch.milliseconds();
    remember(source, std::move(laidOut));
    current_.push_back(find(source.fingerprint));
  }

  forgetOldest();
  std::vector<MatrixView<const float>> embeddings;
  for (const auto& rows : current_) embeddings.push_back(rows->view());
  return Encoded(std::move(embeddings));
}

/// Null when it is not remembered. What is found has been used last.
std::shared_ptr<const Matrix> ImageEncoder::find(std::uint64_t fingerprint) {
  const auto found = std::ranges::find(remembered_, fingerprint, &Features::fingerprint);
  if (found == remembered_.end()) return nullptr;
  std::rotate(found, found + 1, remembered_.end());
  return remembered_.back().rows;
}

bool ImageEncoder::findOnDisk(const ImageSource& source) {
  if (!cache_) return false;
  const std::optional<Digest> key = keyOf(cache_->model, source);
  if (!key) return false;
  auto rows = cache_->store.load(*key, source.tokens, config_.language.hiddenSize);
  if (!rows) return false;
  remembered_.push_back({source.fingerprint, std::make_shared<const Matrix>(std::move(*rows))});
  return true;
}

void ImageEncoder::remember(const ImageSource& source, Matrix rows) {
  if (cache_) {
    const std::optional<Digest> key = keyOf(cache_->model, source);
    if (key) cache_->store.save(*key, rows.view());
  }
  remembered_.push_back({source.fingerprint, std::make_shared<const Matrix>(std::move(rows))});
}

/// Keeps the images of this conversation, whatever they take, and of the others what fits.
void ImageEncoder::forgetOldest() {
  std::size_t bytes = 0;
  for (const Features& features : remembered_) bytes += features.bytes();
  auto kept = remembered_.begin();
  for (; kept != remembered_.end() && bytes > kKeptFeatureBytes; ++kept) {
    if (std::ranges::find(current_, kept->rows) != current_.end()) break;
    bytes -= kept->bytes();
  }
  remembered_.erase(remembered_.begin(), kept);
}

Result<std::optional<std::vector<Matrix>>> ImageEncoder::project(Compute& compute,
                                                                 const ImageSource& source,
                                                                 const std::stop_token& stop) {
  const Result<RgbImage> image = decodeImage(source.encoded, source.orientation);
  if (!image) return image.error();
  const TiledImage tiled = tileImage(*image, config_.processor, source.tiling);
  std::optional<std::vector<Matrix>> views(std::in_place);
  if (!encodeViews(
          compute, tiled, *views, [] {}, stop))
    views.reset();
  return views;
}

bool ImageEncoder::encodeViews(Compute& compute, const TiledImage& image,
                               std::vector<Matrix>& tokens, const std::function<void()>& tileDone,
                               const std::stop_token& stop) {
  const std::size_t side = projector_.outputSide(config_.vision.gridSide());
  const std::size_t count = image.grid.rows * image.grid.columns == 1 ? 1 : image.views.size();
  Matrix patches(config_.vision.patches(), config_.vision.width);
  std::vector<float> planes(3 * config_.vision.imageSize * config_.vision.imageSize);
  for (std::size_t i = 0; i < count; ++i) {
    normalizeView(image.views[i], config_.processor, planes);
    if (!tower_.encode(compute, planes, patches.view(), stop)) return false;
    Matrix& view = tokens.emplace_back(side * side, config_.projector.nEmbed);
    projector_.project(compute, patches.view(), config_.vision.gridSide(), view.view());
    tileDone();
  }
  return true;
}

}  // namespace vl
