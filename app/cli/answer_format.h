#pragma once

#include <string>

#include "app/cli/json_text.h"
#include "inference/engine/request.h"

namespace vl {

/// The object that --json writes for an answer. Boxes are in pixels, truncated toward zero as
/// upstream draws them; "grid" has the numbers of the model, "image" counts from 0.
OrderedJson answerJson(const GenerateSummary& summary, double loadMs);

/// A line per box: label  [x1, y1, x2, y2] in pixels.
std::string boxLines(const GenerateSummary& summary);

/// "24 tokens, 8.1 per second, the first after 1.2 s".
std::string statistics(const GenerateSummary& summary);

}  // namespace vl
