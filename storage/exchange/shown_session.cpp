#include "storage/exchange/shown_session.h"

#include <optional>
#include <utility>
#include <vector>

#include "inference/base/coordinates.h"
#include "storage/exchange/session_images.h"

namespace vl {

Result<StoredSession> loadAsShown(SessionStore& store, SessionId session) {
  Result<StoredSession> loaded = store.loadSession(session);
  if (!loaded) return loaded;
  const std::vector<Attachment> images = imagesOf(loaded->messages);
  for (StoredMessage& message : loaded->messages) {
    if (message.role != MessageRole::Assistant) continue;
    Result<std::optional<std::vector<GroundedBox>>> edited = store.editedBoxes(message.id);
    if (!edited) return edited.error();
    if (!*edited) continue;
    message.boxes = std::move(**edited);
    for (GroundedBox& box : message.boxes) {
      if (box.image < images.size()) {
        box.pixels = toPixels(box.grid, images[box.image].image.size);
      }
    }
  }
  return loaded;
}

}  // namespace vl
