#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/engine/request.h"

namespace vl {

/// Formats of other programs for the boxes of an answer: the values of --boxes.
enum class BoxFormat { Coco, LabelMe, PascalVoc, Yolo, Csv };

std::optional<BoxFormat> boxFormatFrom(std::string_view name);

/// The boxes of the answer; those of the image it is about, where the format has one per file.
///   images  the files of the conversation's images, in order
std::string boxDocument(BoxFormat format, const std::vector<std::filesystem::path>& images,
                        const GenerateSummary& summary);

}  // namespace vl
