#pragma once

#include <QString>
#include <cstddef>
#include <optional>
#include <string_view>

class QTextDocument;
class QUrl;

namespace vl {

/// Boxes of one answer, by the order in which they were written.
struct BoxRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// Writes a question for reading: its grounding tags become words and a highlight. The rest stands
/// as it was typed.
void writeQuestion(QTextDocument& document, std::string_view raw);

/// The boxes of a phrase that is a link in an answer.
std::optional<BoxRange> boxesOfLink(const QUrl& link);

/// One line of a question without tags, for titles.
QString questionTitle(std::string_view raw);

}  // namespace vl
