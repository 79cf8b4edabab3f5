#include "storage/annotations/read_annotations.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

namespace vl {
namespace {

using Json = nlohmann::json;

constexpr int kMostLevels = 32;       // COCO and LabelMe need six
constexpr double kMostOutside = 1.0;  // pixels by which writers round a box out of its image

Error corrupt(std::string what) { return {ErrorCode::Corrupt, std::move(what)}; }
Error unsupported(std::string what) { return {ErrorCode::Unsupported, std::move(what)}; }

/// Whether brackets nest too deep for a parser that may recurse.
bool tooDeep(std::string_view json) {
  int level = 0;
  bool inString = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (inString) {
      if (c == '\\') ++i;
      inString = c != '"';
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++level > kMostLevels) return true;
    } else if (c == ']' || c == '}') {
      --level;
    }
  }
  return false;
}

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<double> numberAt(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double number = value->get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<std::string> textAt(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

/// Ids are numbers in COCO, but some writers quote them.
std::optional<std::string> idAt(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  if (value->is_number_integer()) return value->dump();
  return std::nullopt;
}

std::string withoutFolders(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::optional<ImageSize> sizeAt(const Json& object, const char* width, const char* height) {
  const auto side = [&](const char* key) -> std::optional<int> {
    const std::optional<double> value = numberAt(object, key);
    const bool fits = value && *value >= 1 && *value <= std::numeric_limits<int>::max() &&
                      *value == std::floor(*value);
    return fits ? std::optional(static_cast<int>(*value)) : std::nullopt;
  };
  const std::optional<int> x = side(width);
  const std::optional<int> y = side(height);
  if (!x || !y) return std::nullopt;
  return ImageSize{*x, *y};
}

/// `what` names the box in a sentence.
Result<PixelBox> boxIn(ImageSize image, PixelBox box, const std::string& what) {
  if (box.x1 > box.x2) std::swap(box.x1, box.x2);
  if (box.y1 > box.y2) std::swap(box.y1, box.y2);
  if (box.x1 < -kMostOutside || box.y1 < -kMostOutside || box.x2 > image.width + kMostOutside ||
      box.y2 > image.height + kMostOutside) {
    return corrupt(what + " reaches out of its image of " + std::to_string(image.width) + " x " +
                   std::to_string(image.height) + " pixels.");
  }
  const auto clip = [](double value, int most) { return std::clamp(value, 0.0, double(most)); };
  return PixelBox{clip(box.x1, image.width), clip(box.y1, image.height), clip(box.x2, image.width),
                  clip(box.y2, image.height)};
}

/// Exactly `Count` finite numbers.
template <std::size_t Count>
std::optional<std::array<double, Count>> numbersIn(const Json& list) {
  if (!list.is_array() || list.size() != Count) return std::nullopt;
  std::array<double, Count> numbers{};
  for (std::size_t i = 0; i < Count; ++i) {
    if (!list[i].is_number()) return std::nullopt;
    numbers[i] = list[i].template get<double>();
    if (!std::isfinite(numbers[i])) return std::nullopt;
  }
  return numbers;
}

using Places = std::map<std::string, std::size_t>;  // by id

Status readCocoImages(const Json& list, std::vector<AnnotatedImage>& images, Places& places) {
  if (!list.is_array()) return corrupt("\"images\" is no list.");
  if (list.size() > kMaxAnnotatedImages) return unsupported("The file has too many images.");
  for (const Json& entry : list) {
    const std::optional<std::string> id = idAt(entry, "id");
    const std::optional<std::string> name = textAt(entry, "file_name");
    const std::optional<ImageSize> size = sizeAt(entry, "width", "height");
    if (!id || !name || !size) {
      return corrupt("Image " + std::to_string(images.size() + 1) +
                     " of the file lacks its id, its file_name, or its width and height.");
    }
    if (!places.emplace(*id, images.size()).second) {
      return corrupt("Two images of the file have the id " + *id + '.');
    }
    images.push_back({withoutFolders(*name), *size, {}});
  }
  return {};
}

Result<std::map<std::string, std::string>> readCocoCategories(const Json* list) {
  std::map<std::string, std::string> names;
  if (list == nullptr) return names;
  if (!list->is_array()) return corrupt("\"categories\" is no list.");
  for (const Json& entry : *list) {
    const std::optional<std::string> id = idAt(entry, "id");
    const std::optional<std::string> name = textAt(entry, "name");
    if (!id || !name) return corrupt("A category of the file lacks its id or its name.");
    names[*id] = *name;
  }
  return names;
}

Result<std::vector<AnnotatedImage>> readCoco(const Json& file) {
  std::vector<AnnotatedImage> images;
  Places places;
  Status pictures = readCocoImages(*find(file, "images"), images, places);
  if (!pictures) return pictures.error();
  const auto names = readCocoCategories(find(file, "categories"));
  if (!names) return names.error();
  const Json& list = *find(file, "annotations");
  if (!list.is_array()) return corrupt("\"annotations\" is no list.");
  if (list.size() > kMaxAnnotations) return unsupported("The file has too many boxes.");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string what = "Annotation " + std::to_string(i + 1) + " of the file";
    const std::optional<std::string> imageId = idAt(list[i], "image_id");
    const std::optional<std::string> category = idAt(list[i], "category_id");
    const auto place = imageId ? places.find(*imageId) : places.end();
    if (place == places.end()) return corrupt(what + " is on an image that the file lacks.");
    const auto name = category ? names->find(*category) : names->end();
    if (name == names->end()) return corrupt(what + " has a category that the file lacks.");
    const Json* bbox = find(list[i], "bbox");
    const auto numbers = bbox != nullptr ? numbersIn<4>(*bbox) : std::nullopt;
    if (!numbers) return corrupt(what + " has no bbox of four numbers.");
    const auto [x, y, width, height] = *numbers;
    if (width < 0 || height < 0) return corrupt(what + " has a negative width or height.");
    AnnotatedImage& image = images[place->second];
    const auto box = boxIn(image.size, {x, y, x + width, y + height}, what);
    if (!box) return box.error();
    image.boxes.push_back({name->second, *box});
  }
  return images;
}

Result<std::vector<AnnotatedImage>> readLabelMe(const Json& file) {
  const std::optional<std::string> name = textAt(file, "imagePath");
  const std::optional<ImageSize> size = sizeAt(file, "imageWidth", "imageHeight");
  if (!name || !size) return corrupt("The file lacks imagePath, or imageWidth and imageHeight.");
  AnnotatedImage image{withoutFolders(*name), *size, {}};
  const Json& shapes = *find(file, "shapes");
  if (!shapes.is_array()) return corrupt("\"shapes\" is no list.");
  if (shapes.size() > kMaxAnnotations) return unsupported("The file has too many shapes.");
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string what = "Shape " + std::to_string(i + 1) + " of the file";
    const std::string type = textAt(shapes[i], "shape_type").value_or("polygon");
    if (type != "rectangle") return unsupported(what + " is no rectangle but a " + type + '.');
    const std::optional<std::string> label = textAt(shapes[i], "label");
    const Json* points = find(shapes[i], "points");
    if (!label || points == nullptr || !points->is_array() || points->size() != 2) {
      return corrupt(what + " lacks its label or its two corners.");
    }
    const auto first = numbersIn<2>((*points)[0]);
    const auto second = numbersIn<2>((*points)[1]);
    if (!first || !second) return corrupt(what + " has a corner that is no pair of numbers.");
    const auto box =
        boxIn(image.size, {(*first)[0], (*first)[1], (*second)[0], (*second)[1]}, what);
    if (!box) return box.error();
    image.boxes.push_back({*label, *box});
  }
  return std::vector{std::move(image)};
}

}  // namespace

Result<std::vector<AnnotatedImage>> readAnnotations(std::string_view json) {
  if (json.size() > kMaxAnnotationBytes) return unsupported("The file is larger than 64 MiB.");
  if (tooDeep(json)) return corrupt("The file's lists are nested too deep.");
  const Json file = Json::parse(json, nullptr, false);
  if (file.is_discarded()) return corrupt("The file is no JSON, or it is cut off.");
  if (find(file, "shapes") != nullptr) return readLabelMe(file);
  if (find(file, "images") != nullptr && find(file, "annotations") != nullptr) {
    return readCoco(file);
  }
  return unsupported("The file is neither in the COCO nor in the LabelMe format.");
}

}  // namespace vl
