#pragma once

#include <QString>
#include <vector>

#include "inference/base/grounding_types.h"

namespace vl {

/// An answer with its boxes, with the names and numbers that `vl2 --json` writes: whole pixels of
/// the oriented image in "box", the model's own 0..999 in "grid".
QString answerJson(const QString& text, const std::vector<GroundedBox>& boxes);

}  // namespace vl
