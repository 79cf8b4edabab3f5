#pragma once

#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "storage/annotations/annotation.h"

namespace vl {

/// Reads COCO's object detection format or a LabelMe file, whichever it is. LabelMe gives one
/// image. Nothing is left out silently: a file with something this cannot keep is refused.
///   boxes       clipped to their image where rounding put them a pixel outside
///   file names  without folders, so that they can be compared and shown
/// Errors: Corrupt (no JSON, numbers or names missing, boxes outside their image); Unsupported
/// (neither format, shapes that are no rectangles, over the limits of annotation.h).
Result<std::vector<AnnotatedImage>> readAnnotations(std::string_view json);

}  // namespace vl
