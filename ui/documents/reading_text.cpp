#include "ui/documents/reading_text.h"

#include "inference/documents/page_text.h"

namespace vl {

std::string markdownOf(const ReadingRecord& reading, std::span<const ReadingPage> pages) {
  std::string out = "# " + markdownOf(reading.fileName);
  for (const ReadingPage& page : pages) {
    if (!page.source) continue;
    out += "\n## Page " + std::to_string(page.page + 1) + "\n\n";
    const bool isPrinted = page.source == PageSource::TextLayer;
    out += isPrinted ? markdownOf(page.text) : page.text + '\n';
  }
  return out;
}

std::string plainTextOf(std::span<const ReadingPage> pages) {
  std::string out;
  for (const ReadingPage& page : pages) {
    if (!page.source) continue;
    if (!out.empty()) out += '\f';
    out += page.text + '\n';
  }
  return out;
}

}  // namespace vl
