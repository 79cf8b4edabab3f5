// jpeglib.h needs size_t and FILE.
// clang-format off
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <cstdlib>

#include "tests/inference/vision/encoded_images.h"

namespace vl::test {
namespace {

/// Compresses rows of `channels` samples; `configure` may change the defaults for its colour space.
template <typename Configure>
Bytes compressed(int width, int height, int channels, J_COLOR_SPACE space, const Samples& samples,
                 const Bytes& exif, Configure configure) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* encoded = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &encoded, &size);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = channels;
  jpeg.in_color_space = space;
  jpeg_set_defaults(&jpeg);
  configure(jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  if (!exif.empty()) {
    const Bytes marker = ByteWriter(std::endian::big).text({"Exif\0\0", 6}).bytes(exif).result();
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(marker.data()),
                      static_cast<unsigned>(marker.size()));
  }
  while (jpeg.next_scanline < jpeg.image_height) {
    const std::size_t stride = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    auto* row = const_cast<JSAMPLE*>(samples.data() + jpeg.next_scanline * stride);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  const auto* first = reinterpret_cast<const std::byte*>(encoded);
  Bytes out(first, first + size);
  std::free(encoded);
  return out;
}

}  // namespace

Bytes jpegFile(const RgbImage& image, const JpegSpec& spec) {
  return compressed(image.width, image.height, 3, JCS_RGB, image.pixels, spec.exif,
                    [&spec](jpeg_compress_struct& jpeg) {
                      if (spec.grey) jpeg_set_colorspace(&jpeg, JCS_GRAYSCALE);
                      jpeg_set_quality(&jpeg, spec.quality, TRUE);
                      if (spec.progressive) jpeg_simple_progression(&jpeg);
                      jpeg.comp_info[0].h_samp_factor = 1;  // full chroma
                      jpeg.comp_info[0].v_samp_factor = 1;
                    });
}

Bytes cmykJpegFile(int width, int height, const Samples& inks, bool ycck) {
  return compressed(width, height, 4, JCS_CMYK, inks, {}, [ycck](jpeg_compress_struct& jpeg) {
    jpeg_set_colorspace(&jpeg, ycck ? JCS_YCCK : JCS_CMYK);
    jpeg_set_quality(&jpeg, 100, TRUE);
    for (int c = 0; c < 4; ++c) {
      jpeg.comp_info[c].h_samp_factor = 1;
      jpeg.comp_info[c].v_samp_factor = 1;
    }
  });
}

}  // namespace vl::test
