#include "inference/engine/image_encoder.h"

#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <fstream>
#include <utility>

#include "inference/engine/stopwatch.h"
#include "inference/vision/image_header.h"
#include "inference/vision/normalize.h"

namespace vl {
namespace {

/// Files over this are no pictures of at most kMaxImagePixels.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{4} << 30;

Result<std::vector<std::byte>> readFile(const std::filesystem::path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) {
    return Error{ErrorCode::NotFound, "There is no image at " + path.string() + "."};
  }
  if (!std::filesystem::is_regular_file(status)) {
    return Error{ErrorCode::Io, path.string() + " is not a file, expected an image."};
  }
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (failure || size > kMaxFileBytes) {
    return Error{ErrorCode::Io, "Cannot read " + path.string() + ": " +
                                    (failure ? failure.message() : "larger than 4 GiB") + "."};
  }
  std::vector<std::byte> bytes(size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file) return Error{ErrorCode::Io, "Cannot read " + path.string() + "."};
  return bytes;
}

Error atPath(const Error& error, const std::filesystem::path& path) {
  return {error.code, path.string() + ": " + error.what};
}

/// 64 bits of a SHA-256 over the file and what else decides its embeddings.
std::uint64_t fingerprintOf(std::span<const std::byte> file, bool tiling, Orientation orientation) {
  const std::array<unsigned char, 2> options{static_cast<unsigned char>(tiling),
                                             static_cast<unsigned char>(orientation)};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  EVP_DigestUpdate(context.get(), options.data(), options.size());
  EVP_DigestUpdate(context.get(), file.data(), file.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  std::uint64_t fingerprint = 0;
  std::memcpy(&fingerprint, digest.data(), sizeof(fingerprint));
  return fingerprint;
}

}  // namespace

ImageEncoder::ImageEncoder(const ModelConfig& config, VisionTower tower, Projector projector,
                           LayoutVectors vectors)
    : config_(config),
      tower_(std::move(tower)),
      projector_(std::move(projector)),
      vectors_(std::move(vectors)) {}

Result<ImageEncoder> ImageEncoder::load(Checkpoint& checkpoint, const ModelConfig& config) {
  Result<VisionTower> tower = VisionTower::load(checkpoint, config.vision);
  if (!tower) return tower.error();
  Result<Projector> projector = Projector::load(checkpoint, config.projector);
  if (!projector) return projector.error();
  Result<LayoutVectors> vectors = LayoutVectors::load(checkpoint, config.projector.nEmbed);
  if (!vectors) return vectors.error();
  return ImageEncoder(config, std::move(tower).value(), std::move(projector).value(),
                      std::move(vectors).value());
}

Result<ImageSource> ImageEncoder::read(const ImageFile& file, bool tiling,
                                       Orientation orientation) const {
  Result<std::vector<std::byte>> encoded = readFile(file.path);
  if (!encoded) return encoded.error();
  const Result<ImageHeader> header = readImageHeader(*encoded);
  if (!header) return atPath(header.error(), file.path);
  ImageSource source{.encoded = std::move(encoded).value(),
                     .size = {header->width, header->height},
                     .orientation = orientation,
                     .tiling = tiling};
  // Orientations 5 to 8 turn the picture by a quarter.
  if (orientation == Orientation::ApplyExif && header->orientation >= 5) {
    std::swap(source.size.width, source.size.height);
  }
  source.grid = tileGrid(source.size, config_.processor, tiling);
  source.tokens = imageTokenCount(source.grid, config_.processor);
  source.fingerprint = fingerprintOf(source.encoded, tiling, orientation);
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
  std::size_t missing = 0;
  std::size_t totalTiles = 0;
  for (const ImageSource& source : sources) {
    if (cache_.contains(source.fingerprint)) continue;
    ++missing;
    totalTiles += tilesToEncode(source);
  }

  std::unordered_map<std::uint64_t, std::shared_ptr<const Matrix>> kept;
  std::size_t decoded = 0;
  std::size_t tilesDone = 0;
  for (const ImageSource& source : sources) {
    if (stop.stop_requested()) return Encoded{};
    if (kept.contains(source.fingerprint)) continue;
    if (const auto found = cache_.find(source.fingerprint); found != cache_.end()) {
      kept.insert(*found);
      continue;
    }
    Stopwatch watch;
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
    auto laidOut = std::make_shared<Matrix>(source.tokens, config_.language.hiddenSize);
    layoutImage(views, tiled.grid, projector_.outputSide(config_.vision.gridSide()), vectors_,
                config_.globalViewFirst, laidOut->view());
    kept.emplace(source.fingerprint, std::move(laidOut));
    timings.visionMs += watch.milliseconds();
  }

  cache_ = std::move(kept);
  std::vector<MatrixView<const float>> embeddings;
  for (const ImageSource& source : sources) {
    embeddings.push_back(cache_.at(source.fingerprint)->view());
  }
  return Encoded(std::move(embeddings));
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
