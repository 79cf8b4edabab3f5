#pragma once

#include <span>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// What hangs on a message. Each requires an open transaction for writing.

Status insertBoxes(Database& database, MessageId message, std::span<const GroundedBox> boxes);
Status insertSummary(Database& database, MessageId answer, const AnswerSummary& summary);
/// Error: NotFound (an image that was never imported).
Status insertAttachments(Database& database, MessageId message,
                         std::span<const Attachment> attachments);

}  // namespace vl
