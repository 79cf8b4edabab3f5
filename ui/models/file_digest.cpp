#include "ui/models/file_digest.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>

#include "ui/widgets/path_text.h"

namespace vl {
namespace {

constexpr qint64 kChunkBytes = 1 << 20;

struct Downloads {
  Q_DECLARE_TR_FUNCTIONS(Downloads)
};

Error corrupt(const QString& what) { return {ErrorCode::Corrupt, what.toStdString()}; }

/// What is hashed before the content.
QByteArray prefixOf(const DownloadFile& file) {
  if (file.digest.kind == FileDigest::Kind::Sha256) return {};
  return "blob " + QByteArray::number(file.bytes) + QByteArray(1, '\0');
}

}  // namespace

Status checkFile(const std::filesystem::path& path, const DownloadFile& expected,
                 const std::stop_token& stop) {
  QFile file(pathText(path));
  if (!file.open(QIODevice::ReadOnly)) {
    return Error{ErrorCode::Io, path.string() + ": " + file.errorString().toStdString() + "."};
  }
  if (static_cast<quint64>(file.size()) != expected.bytes) {
    return corrupt(Downloads::tr("%1 has another length.").arg(expected.name));
  }
  QCryptographicHash hash(expected.digest.kind == FileDigest::Kind::Sha256
                              ? QCryptographicHash::Sha256
                              : QCryptographicHash::Sha1);
  hash.addData(prefixOf(expected));
  while (!file.atEnd()) {
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "Checking was stopped."};
    const QByteArray chunk = file.read(kChunkBytes);
    if (chunk.isEmpty()) {
      return Error{ErrorCode::Io, path.string() + ": " + file.errorString().toStdString() + "."};
    }
    hash.addData(chunk);
  }
  if (hash.result().toHex() == expected.digest.hex) return {};
  return corrupt(
      Downloads::tr("%1 is damaged: its digest is not the one it has to have.").arg(expected.name));
}

}  // namespace vl
