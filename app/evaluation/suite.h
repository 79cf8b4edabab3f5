#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "inference/engine/request.h"

namespace vl {

/// What an answer is judged by; scores.h says how.
enum class Metric { Cer, Exact, Boxes, Deny };

/// A question of a suite, and what is expected.
struct SuiteItem {
  std::string id;
  std::string category;
  Metric metric = Metric::Exact;
  ChatMessage question;
  std::string expected;        // Cer, Exact
  std::vector<GridBox> boxes;  // Boxes: on the last image
};

/// Reads {"items": [{"id", "category", "images", "question", "metric", "answer", "boxes"}]}.
///
/// Image paths start at the suite's folder and must stay in it, symbolic links included: a suite
/// from elsewhere must not have private pictures read out. An <image> in a question is the place
/// of the next image; a question without one comes after all images, each on a line of its own, as
/// in the app. "boxes" asks for [x1, y1, x2, y2] in 0..999 with an area; "cer" and "exact" ask for
/// an answer that is not blank. Other keys are ignored.
/// Errors, naming file and item: NotFound (the suite or an image), Io, Corrupt.
Result<std::vector<SuiteItem>> readSuite(const std::filesystem::path& path);

}  // namespace vl
