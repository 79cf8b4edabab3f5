#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// A question that is being written.
struct Draft {
  std::string text;
  std::vector<Attachment> attachments;

  bool isEmpty() const { return text.empty() && attachments.empty(); }
  bool operator==(const Draft&) const = default;
};

/// See SessionStore::saveDraft and loadDraft.
Status writeDraft(Database& database, std::optional<SessionId> session, const Draft& draft);
Result<Draft> readDraft(Database& database, std::optional<SessionId> session);

}  // namespace vl
