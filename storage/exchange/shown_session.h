#pragma once

#include "inference/base/result.h"
#include "storage/session_store.h"

namespace vl {

/// The session as the window shows it: the boxes as a person has changed them.
/// Errors: as SessionStore::loadSession.
Result<StoredSession> loadAsShown(SessionStore& store, SessionId session);

}  // namespace vl
