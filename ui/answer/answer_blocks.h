#pragma once

#include <QString>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "inference/text/grounding_parser.h"

namespace vl {

/// Stands for a phrase in Markdown (U+FFFC): a letter like any other to the Markdown parser, and
/// never part of a model's own text, where it is replaced.
inline constexpr std::string_view kPhraseMark = "\xEF\xBF\xBC";

/// A phrase of an answer. Its boxes are counted through the answer, in the order written.
struct AnswerPhrase {
  QString text;
  std::size_t firstBox = 0;
  std::size_t boxes = 0;
  bool operator==(const AnswerPhrase&) const = default;
};

/// A piece of an answer whose Markdown does not depend on the pieces around it: what follows an
/// empty line and cannot belong to the list or the code before it.
struct AnswerBlock {
  std::string markdown;               // UTF-8, with kPhraseMark where a phrase stands
  std::vector<AnswerPhrase> phrases;  // in the order of their marks
  bool operator==(const AnswerBlock&) const = default;
};

/// Cuts an answer into its blocks. What is added to the end of an answer changes the last block
/// only, unless it gives an earlier phrase its boxes.
std::vector<AnswerBlock> answerBlocks(const GroundedText& answer);

/// The Markdown of an answer with its phrases as plain words, without tags and coordinates.
QString answerMarkdown(const GroundedText& answer);

}  // namespace vl
