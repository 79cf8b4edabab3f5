#pragma once

#include <QDataStream>

#include "storage/records.h"

namespace vl {

// Qt 6.4 gives every enum in a signal stream operators of its own, which do not compile for an enum
// of long (std::int64_t here; Qt knows long long). These are chosen instead.
inline QDataStream& operator<<(QDataStream& stream, SessionId id) {
  return stream << static_cast<qint64>(id);
}
inline QDataStream& operator<<(QDataStream& stream, MessageId id) {
  return stream << static_cast<qint64>(id);
}
inline QDataStream& operator>>(QDataStream& stream, SessionId& id) {
  qint64 value = 0;
  stream >> value;
  id = SessionId{value};
  return stream;
}
inline QDataStream& operator>>(QDataStream& stream, MessageId& id) {
  qint64 value = 0;
  stream >> value;
  id = MessageId{value};
  return stream;
}

inline QDataStream& operator<<(QDataStream& stream, FolderId id) {
  return stream << static_cast<qint64>(id);
}
inline QDataStream& operator>>(QDataStream& stream, FolderId& id) {
  qint64 value = 0;
  stream >> value;
  id = FolderId{value};
  return stream;
}

}  // namespace vl
