#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "storage/answer_settings.h"
#include "storage/box_edits.h"
#include "storage/database.h"
#include "storage/records.h"
#include "storage/sha256.h"

namespace vl {

/// A session with all of its branches, apart from any database: messages name each other by their
/// places in the list.
struct SessionTree {
  struct Node {
    StoredMessage message;              // without siblings; its id says nothing elsewhere
    std::optional<std::size_t> parent;  // comes before it; none: it begins the session
    /// As a person has changed them; none: as the model said.
    std::optional<std::vector<GroundedBox>> editedBoxes;
  };
  /// An image of the session that is a part of another one.
  struct Crop {
    Sha256 image;
    CropPlace place;
  };

  SessionRecord session;                  // without folder; its context has no start
  std::optional<std::string> folder;      // by name: one that is not there is made
  std::optional<AnswerSettings> answers;  // none: the defaults
  std::vector<Node> messages;
  std::optional<std::size_t> contextStart;
  std::optional<std::size_t> shown;  // the last message of the branch that is shown
  std::vector<Crop> crops;
};

/// Its images, each once.
std::map<Sha256, ImageRecord> imagesOf(const SessionTree& tree);

/// Whether the place is a part of an image of this size.
bool liesIn(const CropPlace& place, ImageSize whole);

/// What is impossible in a damaged history, such as settings or crops, is left out.
/// Errors: NotFound; as Database::execute.
Result<SessionTree> readSessionTree(Database& database, SessionId session);

/// Adds it as a new session, which is not seen before all of it is there; others can write
/// meanwhile. Its images have been imported, or their files are known to be missing. Requires
/// places as above. Errors: InvalidArgument (impossible coordinates or settings); NotFound (boxes
/// of a question changed, a part of an image that is not there); Cancelled; as Database::execute.
Result<SessionId> insertSessionTree(Database& database, const SessionTree& tree,
                                    const std::stop_token& stop);

}  // namespace vl
