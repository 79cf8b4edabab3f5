#include "storage/annotations/write_annotations.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

namespace vl {
namespace {

using Json = nlohmann::ordered_json;

std::string textOf(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// The shortest text that reads back as the same number.
std::string number(double value) {
  std::array<char, 32> text{};
  const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() ? std::string(text.data(), end) : "0";
}

/// Text of an element. XML has no way to write most control characters, nor U+FFFE and U+FFFF.
std::string escaped(std::string text) {
  for (const char* none : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (std::size_t at = text.find(none); at != text.npos; at = text.find(none, at)) {
      text.replace(at, 3, "\xef\xbf\xbd");
    }
  }
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

/// Valid UTF-8, by the rules that the JSON writer has.
std::string validUtf8(const std::string& text) {
  const std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

std::string element(const char* name, const std::string& content) {
  return std::string("<") + name + '>' + content + "</" + name + '>';
}

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// Pixels from 1 with both ends included: those that the box touches, and at least one.
std::string bounds(const PixelBox& box) {
  const auto first = [](double edge) { return static_cast<std::int64_t>(std::floor(edge)) + 1; };
  const auto last = [&](double low, double high) {
    return std::max(static_cast<std::int64_t>(std::ceil(high)), first(low));
  };
  return element("bndbox", element("xmin", std::to_string(first(box.x1))) +
                               element("ymin", std::to_string(first(box.y1))) +
                               element("xmax", std::to_string(last(box.x1, box.x2))) +
                               element("ymax", std::to_string(last(box.y1, box.y2))));
}

}  // namespace

std::vector<std::string> classesOf(std::span<const AnnotatedImage> images) {
  std::vector<std::string> classes;
  std::map<std::string_view, bool> seen;
  for (const AnnotatedImage& image : images) {
    for (const Annotation& annotation : image.boxes) {
      if (seen.emplace(annotation.label, true).second) classes.push_back(annotation.label);
    }
  }
  return classes;
}

std::string cocoJson(std::span<const AnnotatedImage> images) {
  Json pictures = Json::array();
  Json categories = Json::array();
  Json annotations = Json::array();
  std::map<std::string, std::size_t> numbers;
  for (const std::string& name : classesOf(images)) {
    const std::size_t id = numbers.size() + 1;
    numbers.emplace(name, id);
    categories.push_back({{"id", id}, {"name", name}, {"supercategory", ""}});
  }
  for (std::size_t i = 0; i < images.size(); ++i) {
    const AnnotatedImage& image = images[i];
    pictures.push_back({{"id", i + 1},
                        {"file_name", image.fileName},
                        {"width", image.size.width},
                        {"height", image.size.height}});
    for (const auto& [label, box] : image.boxes) {
      const double width = box.x2 - box.x1;
      const double height = box.y2 - box.y1;
      annotations.push_back({{"id", annotations.size() + 1},
                             {"image_id", i + 1},
                             {"category_id", numbers.at(label)},
                             {"bbox", {box.x1, box.y1, width, height}},
                             {"area", width * height},
                             {"segmentation", Json::array()},
                             {"iscrowd", 0}});
    }
  }
  return textOf({{"info", {{"description", "Boxes from VL2 Desk"}}},
                 {"licenses", Json::array()},
                 {"images", std::move(pictures)},
                 {"categories", std::move(categories)},
                 {"annotations", std::move(annotations)}});
}

std::string labelMeJson(const AnnotatedImage& image) {
  Json shapes = Json::array();
  for (const auto& [label, box] : image.boxes) {
    shapes.push_back({{"label", label},
                      {"points", {{box.x1, box.y1}, {box.x2, box.y2}}},
                      {"group_id", nullptr},
                      {"description", ""},
                      {"shape_type", "rectangle"},
                      {"flags", Json::object()}});
  }
  return textOf({{"version", "5.0.1"},
                 {"flags", Json::object()},
                 {"shapes", std::move(shapes)},
                 {"imagePath", image.fileName},
                 {"imageData", nullptr},
                 {"imageHeight", image.size.height},
                 {"imageWidth", image.size.width}});
}

std::string pascalVocXml(const AnnotatedImage& image) {
  std::string xml = "<annotation>\n";
  xml += "  <folder></folder>\n";
  xml += "  " + element("filename", escaped(validUtf8(image.fileName))) + '\n';
  xml += "  " +
         element("size", element("width", std::to_string(image.size.width)) +
                             element("height", std::to_string(image.size.height)) +
                             element("depth", "3")) +
         '\n';
  xml += "  <segmented>0</segmented>\n";
  for (const auto& [label, box] : image.boxes) {
    xml += "  <object>\n    " + element("name", escaped(validUtf8(label))) +
           "\n    <pose>Unspecified</pose>\n    <truncated>0</truncated>\n"
           "    <difficult>0</difficult>\n    " +
           bounds(box) + "\n  </object>\n";
  }
  return xml + "</annotation>\n";
}

std::string yoloText(const AnnotatedImage& image, std::span<const std::string> classes) {
  std::string text;
  for (const auto& [label, box] : image.boxes) {
    const auto found = std::find(classes.begin(), classes.end(), label);
    const double width = image.size.width;
    const double height = image.size.height;
    text += std::to_string(found - classes.begin());
    for (const double share : {(box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height,
                               (box.x2 - box.x1) / width, (box.y2 - box.y1) / height}) {
      text += ' ' + number(share);
    }
    text += '\n';
  }
  return text;
}

std::string annotationsCsv(std::span<const AnnotatedImage> images) {
  std::string csv = "image,width,height,label,x1,y1,x2,y2\r\n";
  for (const AnnotatedImage& image : images) {
    for (const auto& [label, box] : image.boxes) {
      csv += field(validUtf8(image.fileName)) + ',' + std::to_string(image.size.width) + ',' +
             std::to_string(image.size.height) + ',' + field(validUtf8(label));
      for (const double edge : {box.x1, box.y1, box.x2, box.y2}) csv += ',' + number(edge);
      csv += "\r\n";
    }
  }
  return csv;
}

}  // namespace vl
