#include "inference/vision/annotate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "inference/vision/png_file.h"

namespace vl {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;

/// Sizes in pixels for a picture of this size.
struct Pen {
  int line = 2;
  int casing = 1;  // a dark or light rim on both sides, so that no background hides the line
  double fontScale = 1.0;
  int textLine = 1;
  int margin = 4;  // of the text on its plate

  explicit Pen(ImageSize size) {
    const int shortSide = std::min(size.width, size.height);
    line = std::max(2, shortSide / 240);
    casing = std::max(1, line / 2);
    const double textHeight = std::max(12.0, shortSide / 40.0);
    textLine = std::max(1, static_cast<int>(textHeight / 16));
    fontScale = cv::getFontScaleFromHeight(kFont, static_cast<int>(textHeight), textLine);
    margin = std::max(3, static_cast<int>(textHeight / 4));
  }
};

struct Colour {
  std::uint8_t red, green, blue;

  cv::Scalar scalar() const { return {double(red), double(green), double(blue)}; }
  /// Rec. 601 luma over the middle: black text reads better on it than white.
  bool isLight() const { return 299 * red + 587 * green + 114 * blue > 128 * 1000; }
  cv::Scalar contrast() const { return cv::Scalar::all(isLight() ? 0 : 255); }
};

/// Okabe and Ito, "Color Universal Design" (2008), without black, which is the text's.
constexpr std::array<Colour, 7> kColours{{{230, 159, 0},
                                          {86, 180, 233},
                                          {0, 158, 115},
                                          {240, 228, 66},
                                          {0, 114, 178},
                                          {213, 94, 0},
                                          {204, 121, 167}}};

/// Colours in order of the labels' first appearance.
std::vector<Colour> coloursOf(std::span<const GroundedBox> boxes) {
  std::vector<std::string_view> labels;
  std::vector<Colour> colours;
  for (const GroundedBox& box : boxes) {
    const auto known = std::find(labels.begin(), labels.end(), box.label);
    const auto index = static_cast<std::size_t>(known - labels.begin());
    if (known == labels.end()) labels.emplace_back(box.label);
    colours.push_back(kColours[index % kColours.size()]);
  }
  return colours;
}

bool isPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

cv::Size textSize(const std::string& text, const Pen& pen, int& baseline) {
  return cv::getTextSize(text, kFont, pen.fontScale, pen.textLine, &baseline);
}

/// What the plate says: the label, its beginning and "..." where it is wider than the picture, or
/// the box's number.
std::string plateText(const GroundedBox& box, std::size_t index, const Pen& pen, int imageWidth) {
  if (box.label.empty() || !isPrintableAscii(box.label)) {
    return std::string("#").append(std::to_string(index + 1));
  }
  constexpr std::size_t kMaxCharacters = 80;
  std::size_t kept = std::min(box.label.size(), kMaxCharacters);
  for (;;) {
    std::string text = box.label.substr(0, kept);
    if (kept < box.label.size()) text += "...";
    int baseline = 0;
    if (kept == 0 || textSize(text, pen, baseline).width + 2 * pen.margin <= imageWidth) {
      return text;
    }
    --kept;
  }
}

/// Nearest pixel inside the image; boxes come from a model and may hold anything.
cv::Point pixelAt(double x, double y, const cv::Mat& canvas) {
  const auto inside = [](double value, int size) {
    if (!(value > 0)) return 0;  // also NaN
    return value >= size - 1 ? size - 1 : static_cast<int>(std::lround(value));
  };
  return {inside(x, canvas.cols), inside(y, canvas.rows)};
}

void drawOutline(cv::Mat& canvas, const PixelBox& box, Colour colour, const Pen& pen) {
  const cv::Point first = pixelAt(box.x1, box.y1, canvas);
  const cv::Point last = pixelAt(box.x2, box.y2, canvas);
  cv::rectangle(canvas, first, last, colour.contrast(), pen.line + 2 * pen.casing, cv::LINE_8);
  cv::rectangle(canvas, first, last, colour.scalar(), pen.line, cv::LINE_8);
}

/// Above the box's upper left corner, or inside the box where there is no room above.
void drawPlate(cv::Mat& canvas, const PixelBox& box, const std::string& text, Colour colour,
               const Pen& pen) {
  int baseline = 0;
  const cv::Size size = textSize(text, pen, baseline);
  const cv::Size plate(size.width + 2 * pen.margin, size.height + baseline + 2 * pen.margin);
  cv::Point corner = pixelAt(box.x1, box.y1, canvas);
  if (corner.y >= plate.height) corner.y -= plate.height;
  corner.x = std::clamp(corner.x, 0, std::max(0, canvas.cols - plate.width));
  cv::rectangle(canvas, cv::Rect(corner, plate), colour.scalar(), cv::FILLED);
  cv::putText(canvas, text, corner + cv::Point(pen.margin, pen.margin + size.height), kFont,
              pen.fontScale, colour.contrast(), pen.textLine, cv::LINE_AA);
}

}  // namespace

RgbImage annotated(const RgbImage& image, std::span<const GroundedBox> boxes) {
  RgbImage result = image;
  cv::Mat canvas(result.height, result.width, CV_8UC3, result.pixels.data());  // red first
  const Pen pen(image.size());
  const std::vector<Colour> colours = coloursOf(boxes);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    drawOutline(canvas, boxes[i].pixels, colours[i], pen);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {  // on top of every line
    drawPlate(canvas, boxes[i].pixels, plateText(boxes[i], i, pen, image.width), colours[i], pen);
  }
  return result;
}

Status writeAnnotatedPng(const RgbImage& image, std::span<const GroundedBox> boxes,
                         const std::filesystem::path& path) {
  return writePng(annotated(image, boxes), path);
}

}  // namespace vl
