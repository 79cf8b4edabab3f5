#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "inference/vision/image_codec.h"

namespace vl::codec {
namespace {

/// What giflib's callback sees.
struct Source {
  std::span<const std::byte> encoded;
  std::size_t position = 0;
};

int readBytes(GifFileType* gif, GifByteType* out, int count) {
  auto* source = static_cast<Source*>(gif->UserData);
  const std::size_t left = source->encoded.size() - source->position;
  const std::size_t taken = std::min(static_cast<std::size_t>(std::max(count, 0)), left);
  if (taken > 0) std::memcpy(out, source->encoded.data() + source->position, taken);
  source->position += taken;
  return static_cast<int>(taken);
}

struct GifClose {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using GifHandle = std::unique_ptr<GifFileType, GifClose>;

Error gifError(const ImageHeader& header, int code) {
  const char* reason = GifErrorString(code);
  return damaged(header, reason != nullptr ? reason : "no reason given");
}

/// Reads one extension; a graphics control block sets the transparent palette index.
bool readExtension(GifFileType* gif, int& transparentIndex) {
  int label = 0;
  GifByteType* block = nullptr;  // length, then that many bytes
  if (DGifGetExtension(gif, &label, &block) == GIF_ERROR) return false;
  while (block != nullptr) {
    GraphicsControlBlock control{};
    if (label == GRAPHICS_EXT_FUNC_CODE &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
      transparentIndex = control.TransparentColor;
    }
    if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return false;
  }
  return true;
}

/// Moves to the first picture; its place is then in gif->Image.
bool findFirstPicture(GifFileType* gif, int& transparentIndex) {
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif, &record) == GIF_ERROR) return false;
    if (record == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK;
    if (record != EXTENSION_RECORD_TYPE || !readExtension(gif, transparentIndex)) return false;
  }
}

/// Palette indices in the order of the file, which is not that of the rows when interlaced. Grows
/// with what is decoded.
std::optional<std::vector<GifPixelType>> readIndices(GifFileType* gif) {
  const auto width = static_cast<std::size_t>(gif->Image.Width);
  const auto height = static_cast<std::size_t>(gif->Image.Height);
  std::vector<GifPixelType> indices;
  indices.reserve(width * height);
  for (std::size_t y = 0; y < height; ++y) {
    indices.resize(indices.size() + width);
    GifPixelType* row = indices.data() + y * width;
    if (DGifGetLine(gif, row, gif->Image.Width) == GIF_ERROR) return std::nullopt;
  }
  return indices;
}

/// Row of the picture that each stored row belongs to (GIF89a, appendix E).
std::vector<std::size_t> rowOrder(std::size_t height, bool interlaced) {
  struct Pass {
    std::size_t first, step;
  };
  constexpr std::array<Pass, 4> kInterlaced{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  std::vector<std::size_t> order;
  order.reserve(height);
  if (!interlaced) {
    for (std::size_t y = 0; y < height; ++y) order.push_back(y);
    return order;
  }
  for (const Pass& pass : kInterlaced) {
    for (std::size_t y = pass.first; y < height; y += pass.step) order.push_back(y);
  }
  return order;
}

void paintRow(const GifPixelType* indices, std::size_t width, const ColorMapObject& palette,
              int transparentIndex, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < width; ++x, rgb += 3) {
    const int index = indices[x];
    if (index == transparentIndex) continue;  // the page is white already
    GifColorType colour{0, 0, 0};             // an index past the palette is black
    if (index < palette.ColorCount) colour = palette.Colors[index];
    rgb[0] = colour.Red;
    rgb[1] = colour.Green;
    rgb[2] = colour.Blue;
  }
}

}  // namespace

Result<RgbImage> decodeGif(std::span<const std::byte> encoded, const ImageHeader& header) {
  Source source{encoded};
  int code = 0;
  const GifHandle gif(DGifOpen(&source, readBytes, &code));
  if (gif == nullptr) return gifError(header, code);
  int transparentIndex = NO_TRANSPARENT_COLOR;
  if (!findFirstPicture(gif.get(), transparentIndex)) return gifError(header, gif->Error);
  const GifImageDesc& place = gif->Image;
  if (place.Left + place.Width > header.width || place.Top + place.Height > header.height ||
      place.Width == 0 || place.Height == 0) {
    return sizeDiffers(header);
  }
  const ColorMapObject* palette = place.ColorMap != nullptr ? place.ColorMap : gif->SColorMap;
  if (palette == nullptr) return damaged(header, "it has no palette.");
  const std::optional<std::vector<GifPixelType>> indices = readIndices(gif.get());
  if (!indices) return gifError(header, gif->Error);

  RgbImage page = whitePage(header);
  const auto width = static_cast<std::size_t>(place.Width);
  const auto pageWidth = static_cast<std::size_t>(header.width);
  const GifPixelType* stored = indices->data();
  for (const std::size_t y : rowOrder(static_cast<std::size_t>(place.Height), place.Interlace)) {
    const std::size_t first = (static_cast<std::size_t>(place.Top) + y) * pageWidth +
                              static_cast<std::size_t>(place.Left);
    paintRow(stored, width, *palette, transparentIndex, page.pixels.data() + 3 * first);
    stored += width;
  }
  return page;
}

}  // namespace vl::codec
