#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "storage/records.h"

namespace vl {

/// The images of the messages, in the order in which boxes count them.
inline std::vector<Attachment> imagesOf(std::span<const StoredMessage> messages) {
  std::vector<Attachment> images;
  for (const StoredMessage& message : messages) {
    images.insert(images.end(), message.attachments.begin(), message.attachments.end());
  }
  return images;
}

}  // namespace vl
