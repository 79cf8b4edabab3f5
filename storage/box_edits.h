#pragma once

#include <optional>
#include <span>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// A part of another image: what was cut out, or what was marked on a copy of all of it.
struct CropPlace {
  Sha256 parent;
  int x = 0, y = 0, width = 0, height = 0;  // pixels of the parent
  bool operator==(const CropPlace&) const = default;
};

// What a person says about boxes, beside what the model said. SessionStore documents the calls;
// those that write require an open transaction.

/// Pixels of the boxes are not filled in.
Result<std::optional<std::vector<GroundedBox>>> readEditedBoxes(Database& database,
                                                                MessageId answer);
Status writeEditedBoxes(Database& database, MessageId answer, std::span<const GroundedBox> boxes);
Status removeEditedBoxes(Database& database, MessageId answer);

Status writeCropPlace(Database& database, const Sha256& crop, const CropPlace& place);
Result<std::vector<CropPlace>> readCropPlaces(Database& database, const Sha256& crop);

}  // namespace vl
