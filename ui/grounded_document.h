#pragma once

#include <QString>
#include <cstddef>
#include <optional>
#include <string_view>

#include "inference/text/grounding_parser.h"
#include "ui/label_palette.h"

class QTextDocument;
class QUrl;

namespace vl {

/// Boxes of one answer, by the order in which they were written.
struct BoxRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// Writes an answer for reading: phrases are underlined in the colour of their boxes, coordinates
/// and tags are left out. A phrase with boxes is a link, which boxesOfLink() understands. Text is
/// only ever inserted as plain text: nothing in it is read as HTML.
void writeAnswer(QTextDocument& document, const GroundedText& answer, LabelPalette& palette);

/// The same for a question: its grounding tags become words and a highlight.
void writeQuestion(QTextDocument& document, std::string_view raw);

std::optional<BoxRange> boxesOfLink(const QUrl& link);

/// One line of a question without tags, for titles.
QString questionTitle(std::string_view raw);

}  // namespace vl
