#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/json_text.h"
#include "app/cli/model_folder.h"
#include "app/cli/verb.h"
#include "inference/vision/image.h"
#include "inference/vision/tile_hash.h"
#include "inference/vision/tiling.h"
#include "inference/weights/model_config.h"

namespace vl {
namespace {

OrderedJson tilesJson(const std::string& file, const RgbImage& image, const ProcessorConfig& config,
                      bool tiling) {
  const TiledImage tiled = tileImage(image, config, tiling);
  OrderedJson tiles = OrderedJson::array();
  for (const RgbImage& view : tiled.views) tiles.push_back({{"sha256", pixelHash(view)}});
  return {{"image", file},
          {"width", image.width},
          {"height", image.height},
          {"grid", {tiled.grid.columns, tiled.grid.rows}},
          {"tokens", imageTokenCount(tiled.grid, config)},
          {"tiles", std::move(tiles)}};
}

Outcome runTiles(const Arguments& arguments, Console& console) {
  const Result<std::filesystem::path> folder = modelFolder(arguments, console);
  if (!folder) return failure(folder.error());
  const Result<ModelConfig> config = loadModelConfig(*folder);
  if (!config) return failure(config.error());
  const std::vector<std::string>& files = arguments.operands();
  const bool tiling = files.size() <= kMaxTiledImages;
  const Orientation orientation =
      arguments.has("--raw") ? Orientation::AsStored : Orientation::ApplyExif;
  OrderedJson list = OrderedJson::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    console.progress.show("image",
                          "image " + std::to_string(i + 1) + " of " + std::to_string(files.size()));
    const Result<RgbImage> image = decodeImageFile(files[i], orientation);
    if (!image) return failure(image.error());
    list.push_back(tilesJson(files[i], *image, config->processor, tiling));
  }
  console.progress.clear();
  console.out.write(jsonText(list, arguments.has("--json")));
  return {};
}

}  // namespace

const Verb& tilesVerb() {
  static const Verb kVerb{
      "tiles",
      "IMAGE...",
      1,
      kUnlimited,
      "Show how images are cut into tiles.",
      "Writes a list with an entry per image, indented unless --json is given: size, grid [tiles "
      "across, tiles down], prompt tokens, and the SHA-256 of each tile's RGB bytes, global view "
      "first. The images count as those of one conversation: more than two are not cut. Computes "
      "on one thread.",
      withCommonOptions({
          {"--raw", "", "Ignore the EXIF orientation, as the official code does."},
      }),
      runTiles};
  return kVerb;
}

}  // namespace vl
