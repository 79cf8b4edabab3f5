#include "app/cli/box_format.h"

#include <array>
#include <span>
#include <utility>

#include "storage/annotations/write_annotations.h"

namespace vl {
namespace {

constexpr std::array<std::pair<std::string_view, BoxFormat>, 5> kNames{
    {{"coco", BoxFormat::Coco},
     {"labelme", BoxFormat::LabelMe},
     {"voc", BoxFormat::PascalVoc},
     {"yolo", BoxFormat::Yolo},
     {"csv", BoxFormat::Csv}}};

}  // namespace

std::optional<BoxFormat> boxFormatFrom(std::string_view name) {
  for (const auto& [known, format] : kNames) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::string boxDocument(BoxFormat format, const std::vector<std::filesystem::path>& images,
                        const GenerateSummary& summary) {
  const std::size_t last = images.size() - 1;  // what boxes are on
  AnnotatedImage image{images[last].filename().string(), summary.images[last], {}};
  for (const GroundedBox& box : summary.boxes) image.boxes.push_back({box.label, box.pixels});
  const std::span<const AnnotatedImage> all(&image, 1);
  switch (format) {
    case BoxFormat::Coco:
      return cocoJson(all);
    case BoxFormat::LabelMe:
      return labelMeJson(image);
    case BoxFormat::PascalVoc:
      return pascalVocXml(image);
    case BoxFormat::Yolo:
      return yoloText(image, classesOf(all));
    case BoxFormat::Csv:
      return annotationsCsv(all);
  }
  return {};
}

}  // namespace vl
