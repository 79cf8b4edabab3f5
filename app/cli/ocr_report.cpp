#include "app/cli/ocr_report.h"

#include <utility>

#include "inference/documents/page_text.h"

namespace vl {
namespace {

std::string nameOf(const OcrItem& item) {
  return item.page ? item.file + ", page " + std::to_string(*item.page + 1) : item.file;
}

}  // namespace

void OcrReport::begin(const OcrItem& item) {
  const bool isFirst = std::exchange(isFirst_, false);
  if (format_ == OcrFormat::Json || !hasHeaders_) return;
  const std::string name = nameOf(item);
  const std::string header =
      format_ == OcrFormat::Text ? "==> " + name + " <==\n" : "## " + markdownOf(name) + '\n';
  out_.write((isFirst ? "" : "\n") + header);
}

void OcrReport::addTextLayer(const OcrItem& item, std::string_view text) {
  switch (format_) {
    case OcrFormat::Text:
      out_.write(std::string(text) + '\n');
      return;
    case OcrFormat::Markdown:
      out_.write(markdownOf(text));
      return;
    case OcrFormat::Json:
      add(item, {{"text", text}});
      return;
  }
}

void OcrReport::add(const OcrItem& item, const OrderedJson& result) {
  OrderedJson object{{"file", item.file}};
  if (item.page) {
    object["page"] = *item.page + 1;
    if (!result.contains("error")) {
      object["source"] = result.contains("stop_reason") ? "model" : "text_layer";
    }
  }
  object.update(result);
  results_.push_back(std::move(object));
}

}  // namespace vl
