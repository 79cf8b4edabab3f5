#include "inference/vision/annotate.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "tests/inference/vision/synthetic_images.h"

namespace vl {
namespace {

using Pixel = std::array<int, 3>;

RgbImage grey(int width, int height) { return test::flat(width, height, 128); }

GroundedBox box(const std::string& label, PixelBox pixels) {
  GroundedBox grounded;
  grounded.label = label;
  grounded.pixels = pixels;
  return grounded;
}

Pixel at(const RgbImage& image, int x, int y) {
  const auto first = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                          static_cast<std::size_t>(x));
  return {image.pixels[first], image.pixels[first + 1], image.pixels[first + 2]};
}

TEST(Annotated, DrawsTheOutlineAndLeavesTheInsideAlone) {
  const RgbImage image = grey(400, 300);
  const RgbImage drawn = annotated(image, std::vector{box("cat", {100, 100, 300, 250})});
  EXPECT_EQ(drawn.size(), image.size());
  const Pixel outline = at(drawn, 200, 250);
  EXPECT_NE(outline, at(image, 200, 250));
  EXPECT_EQ(outline, at(drawn, 300, 180));
  EXPECT_EQ(at(drawn, 200, 180), at(image, 200, 180));
  EXPECT_EQ(at(drawn, 50, 280), at(image, 50, 280));
}

TEST(Annotated, GivesEachLabelOneColour) {
  const RgbImage drawn = annotated(
      grey(400, 300), std::vector{box("cat", {10, 100, 90, 250}), box("dog", {110, 100, 190, 250}),
                                  box("cat", {210, 100, 290, 250})});
  EXPECT_EQ(at(drawn, 50, 250), at(drawn, 250, 250));
  EXPECT_NE(at(drawn, 50, 250), at(drawn, 150, 250));
}

TEST(Annotated, DrawsThickerLinesOnLargerPictures) {
  const auto changedColumns = [](int size) {
    const RgbImage image = grey(size, size);
    const RgbImage drawn = annotated(
        image, std::vector{box("x", {0.25 * size, 0.25 * size, 0.75 * size, 0.75 * size})});
    int changed = 0;
    for (int x = size / 2; x < size; ++x) {
      changed += at(drawn, x, size / 2) != at(image, x, size / 2) ? 1 : 0;
    }
    return changed;
  };
  EXPECT_GE(changedColumns(200), 3);
  EXPECT_GT(changedColumns(3000), 2 * changedColumns(200));
}

TEST(Annotated, NumbersBoxesWhoseLabelItCannotSpell) {
  // The plates of both lists say the same, "#1" and "#2", so the pictures are the same.
  const PixelBox first{50, 100, 150, 200};
  const PixelBox second{200, 100, 300, 200};
  const RgbImage chinese =
      annotated(grey(400, 300), std::vector{box("猫", first), box("狗", second)});
  const RgbImage broken =
      annotated(grey(400, 300), std::vector{box("\xff\xfe", first), box("a\nb", second)});
  EXPECT_EQ(chinese.pixels, broken.pixels);
  const RgbImage spelt = annotated(grey(400, 300), std::vector{box("a", first), box("b", second)});
  EXPECT_NE(chinese.pixels, spelt.pixels);
}

TEST(Annotated, TakesAnyBoxAndAnySize) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<GroundedBox> boxes{
      box("outside", {-1e9, -1e9, 1e9, 1e9}), box("", {5, 5, 5, 5}),
      box("not numbers", {std::nan(""), -infinity, infinity, std::nan("")}),
      box(std::string(10000, 'w'), {0, 0, 1, 1})};
  for (const ImageSize size : {ImageSize{1, 1}, ImageSize{2, 3000}, ImageSize{640, 480}}) {
    EXPECT_EQ(annotated(grey(size.width, size.height), boxes).size(), size);
  }
}

TEST(Annotated, WithoutBoxesIsTheImage) {
  const RgbImage image = grey(20, 10);
  EXPECT_EQ(annotated(image, {}).pixels, image.pixels);
}

}  // namespace
}  // namespace vl
