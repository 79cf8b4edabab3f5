#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/cli/json_text.h"
#include "app/cli/output.h"

namespace vl {

enum class OcrFormat { Text, Markdown, Json };

/// One thing that is read: an image, or a page of a document.
struct OcrItem {
  std::string file;
  std::optional<std::size_t> page;  // counted from 0
};

/// Writes what `vl2 ocr` reads, item after item.
class OcrReport {
 public:
  /// `hasHeaders`: each item has a line with its name.
  OcrReport(Output& out, OcrFormat format, bool hasHeaders)
      : out_(out), format_(format), hasHeaders_(hasHeaders) {}

  OcrFormat format() const { return format_; }
  /// What stands above an item; nothing in JSON.
  void begin(const OcrItem& item);
  /// A text layer, whole.
  void addTextLayer(const OcrItem& item, std::string_view text);
  /// JSON: an object about an item goes into the list.
  void add(const OcrItem& item, const OrderedJson& result);
  /// JSON: the whole list.
  std::string list() const { return jsonText(results_, true); }

 private:
  Output& out_;
  OcrFormat format_;
  bool hasHeaders_;
  bool isFirst_ = true;
  OrderedJson results_ = OrderedJson::array();
};

}  // namespace vl
