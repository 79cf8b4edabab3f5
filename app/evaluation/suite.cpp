#include "app/evaluation/suite.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "app/evaluation/text_scores.h"
#include "inference/base/coordinates.h"
#include "inference/engine/conversation.h"
#include "inference/weights/json_file.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostSuiteBytes = std::size_t{16} << 20;
constexpr std::size_t kMostTextBytes = std::size_t{64} << 10;  // edit distance is quadratic
constexpr std::size_t kMostBoxes = 1000;                       // of an item

Error corrupt(std::string what) { return {ErrorCode::Corrupt, std::move(what)}; }

/// Reads the items of one suite; errors name the file and where in it.
class SuiteReader {
 public:
  explicit SuiteReader(const fs::path& path) : path_(path) {}

  Result<std::vector<SuiteItem>> read() {
    const Result<json> suite = readJsonFile(path_, kMostSuiteBytes);
    if (!suite) return suite.error();
    std::error_code failure;
    folder_ = fs::canonical(path_, failure).parent_path();
    if (failure) return Error{ErrorCode::Io, path_.string() + ": " + failure.message() + "."};
    const auto items = suite->is_object() ? suite->find("items") : suite->end();
    if (items == suite->end() || !items->is_array() || items->empty()) {
      return corrupt(path_.string() + " holds no list \"items\" with something in it.");
    }
    std::vector<SuiteItem> result;
    for (std::size_t i = 0; i < items->size(); ++i) {
      where_ = path_.string() + ": item " + std::to_string(i + 1);
      Result<SuiteItem> item = readItem((*items)[i]);
      if (!item) return item.error();
      if (!ids_.insert(item->id).second) return wrong("has an id that came before");
      result.push_back(std::move(*item));
    }
    return result;
  }

 private:
  Error wrong(const std::string& what) const { return corrupt(where_ + ' ' + what + "."); }

  Result<SuiteItem> readItem(const json& entry) {
    if (!entry.is_object()) return wrong("is no object");
    Result<std::string> id = textOf(entry, "id", true);
    if (!id) return id.error();
    where_ += " (" + *id + ')';
    Result<std::string> category = textOf(entry, "category", true);
    if (!category) return category.error();
    const Result<Metric> metric = metricOf(entry);
    if (!metric) return metric.error();
    const bool isText = *metric == Metric::Cer || *metric == Metric::Exact;
    Result<std::string> expected = textOf(entry, "answer", isText);
    if (!expected) return expected.error();
    Result<std::vector<fs::path>> images = imagesOf(entry);
    if (!images) return images.error();
    Result<std::vector<GridBox>> boxes = boxesOf(entry);
    if (!boxes) return boxes.error();
    if (*metric == Metric::Boxes && (boxes->empty() || images->empty())) {
      return wrong("has no boxes or no image, but is to be scored by boxes");
    }
    Result<ChatMessage> question = questionOf(entry, std::move(*images));
    if (!question) return question.error();
    return SuiteItem{std::move(*id),       std::move(*category), *metric,
                     std::move(*question), std::move(*expected), std::move(*boxes)};
  }

  /// isNeeded: it must be there and not be blank.
  Result<std::string> textOf(const json& entry, const char* key, bool isNeeded) const {
    const auto found = entry.find(key);
    const std::string name = std::string("\"") + key + '"';
    if (found == entry.end()) {
      if (isNeeded) return wrong("has no " + name);
      return std::string();
    }
    if (!found->is_string()) return wrong("has a " + name + " that is no text");
    std::string text = found->get<std::string>();
    if (text.size() > kMostTextBytes) {
      return wrong("has a " + name + " of more than " + std::to_string(kMostTextBytes) + " bytes");
    }
    if (isNeeded && normalizedText(text).empty()) return wrong("has a blank " + name);
    return text;
  }

  Result<Metric> metricOf(const json& entry) const {
    const Result<std::string> name = textOf(entry, "metric", true);
    if (!name) return name.error();
    static constexpr std::array<std::pair<const char*, Metric>, 4> kNames{{{"cer", Metric::Cer},
                                                                           {"exact", Metric::Exact},
                                                                           {"boxes", Metric::Boxes},
                                                                           {"deny", Metric::Deny}}};
    for (const auto& [known, metric] : kNames) {
      if (*name == known) return metric;
    }
    return wrong("has a \"metric\" that is none of cer, exact, boxes, deny");
  }

  Result<std::vector<fs::path>> imagesOf(const json& entry) const {
    std::vector<fs::path> images;
    const auto found = entry.find("images");
    if (found == entry.end()) return images;
    if (!found->is_array()) return wrong("has \"images\" that is no list");
    for (const json& name : *found) {
      if (!name.is_string()) return wrong("has an image that is no path");
      Result<fs::path> image = imageAt(name.get<std::string>());
      if (!image) return image.error();
      images.push_back(std::move(*image));
    }
    return images;
  }

  Result<fs::path> imageAt(const std::string& name) const {
    if (name.empty() || name.find('\0') != std::string::npos) {
      return wrong("has an image that is no path");
    }
    std::error_code failure;
    const fs::path path = fs::canonical(folder_ / name, failure);
    const fs::path inside = fs::path(name).lexically_normal();
    const bool leaves =
        inside.is_absolute() || *inside.begin() == ".." ||
        (!failure &&
         std::mismatch(folder_.begin(), folder_.end(), path.begin(), path.end()).first !=
             folder_.end());
    if (leaves) return wrong("has the image " + name + ", which is outside the suite's folder");
    if (failure || !fs::is_regular_file(path, failure)) {
      return Error{ErrorCode::NotFound, where_ + ": there is no image file " + name + "."};
    }
    return folder_ / name;
  }

  Result<std::vector<GridBox>> boxesOf(const json& entry) const {
    std::vector<GridBox> boxes;
    const auto found = entry.find("boxes");
    if (found == entry.end()) return boxes;
    if (!found->is_array() || found->size() > kMostBoxes) {
      return wrong("has \"boxes\" that is no list of at most " + std::to_string(kMostBoxes));
    }
    for (const json& corners : *found) {
      std::array<double, 4> value{};
      bool isBox = corners.is_array() && corners.size() == value.size();
      for (std::size_t i = 0; isBox && i < value.size(); ++i) {
        isBox = corners[i].is_number();
        if (isBox) value[i] = corners[i].get<double>();
        isBox = isBox && value[i] >= 0 && value[i] <= kGridMax;
      }
      if (!isBox || value[0] >= value[2] || value[1] >= value[3]) {
        return wrong("has a box that is not [x1, y1, x2, y2] in 0..999 with an area");
      }
      boxes.push_back({value[0], value[1], value[2], value[3]});
    }
    return boxes;
  }

  Result<ChatMessage> questionOf(const json& entry, std::vector<fs::path> images) const {
    Result<std::string> text = textOf(entry, "question", true);
    if (!text) return text.error();
    if (text->find("<image>") == std::string::npos) return userMessage(images, std::move(*text));
    Result<ChatMessage> message = upstreamMessage("<|User|>", *text, std::move(images));
    if (!message) return corrupt(where_ + ": " + message.error().what);
    return message;
  }

  const fs::path& path_;
  fs::path folder_;
  std::string where_;  // file and item, for error sentences
  std::set<std::string> ids_;
};

}  // namespace

Result<std::vector<SuiteItem>> readSuite(const fs::path& path) { return SuiteReader(path).read(); }

}  // namespace vl
