#pragma once

#include <span>
#include <string_view>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// What hangs on a message. Each requires an open transaction for writing.

/// `table` is "boxes" for what the model said, "edited_boxes" for what a person made of it.
Status insertBoxes(Database& database, std::string_view table, MessageId message,
                   std::span<const GroundedBox> boxes);
Status insertSummary(Database& database, MessageId answer, const AnswerSummary& summary);
/// Error: NotFound (an image that was never imported).
Status insertAttachments(Database& database, MessageId message,
                         std::span<const Attachment> attachments);

}  // namespace vl
