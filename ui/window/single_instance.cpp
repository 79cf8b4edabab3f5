#include "ui/window/single_instance.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QStandardPaths>
#include <system_error>

namespace vl {
namespace {

constexpr int kConnectMs = 500;
constexpr int kAnswerMs = 3000;            // a window that draws or loads may take a while
constexpr qint64 kMostBytes = 1 << 20;     // of a message: thousands of paths
constexpr const char* kTaken = "taken\n";  // the answer

QByteArray messageOf(const QStringList& files) {
  return QJsonDocument(QJsonArray::fromStringList(files)).toJson(QJsonDocument::Compact) + '\n';
}

QStringList filesIn(const QByteArray& message) {
  QStringList files;
  for (const auto& file : QJsonDocument::fromJson(message).array()) {
    if (file.isString()) files << file.toString();
  }
  return files;
}

}  // namespace

QString SingleInstance::socketFor(const std::filesystem::path& dataFolder) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::weakly_canonical(dataFolder, error);
  if (error) folder = dataFolder;
  if (!folder.has_filename()) folder = folder.parent_path();  // ended with a slash
  const QByteArray key = QByteArray::fromStdString(folder.string());
  // a socket's path may have about a hundred letters
  const QByteArray hash =
      QCryptographicHash::hash(key, QCryptographicHash::Sha256).toHex().left(16);
  return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + "/vl2-desk-" + hash;
}

bool SingleInstance::handOver(const QString& socket, const QStringList& files) {
  QLocalSocket other;
  other.connectToServer(socket);
  if (!other.waitForConnected(kConnectMs)) return false;
  other.write(messageOf(files));
  if (!other.waitForBytesWritten(kAnswerMs)) return false;
  while (!other.canReadLine()) {
    if (!other.waitForReadyRead(kAnswerMs)) return false;
  }
  return other.readLine() == kTaken;
}

SingleInstance::SingleInstance(const QString& socket, QObject* parent)
    : QObject(parent), server_(this) {
  server_.setSocketOptions(QLocalServer::UserAccessOption);
  connect(&server_, &QLocalServer::newConnection, this, &SingleInstance::greet);
  if (server_.listen(socket)) return;
  QLocalSocket other;
  other.connectToServer(socket);
  if (other.waitForConnected(kConnectMs)) return;  // somebody has come first
  QLocalServer::removeServer(socket);              // left behind by a crash
  if (!server_.listen(socket)) {
    qWarning("A second start will open a second window: %s", qPrintable(server_.errorString()));
  }
}

void SingleInstance::greet() {
  while (QLocalSocket* guest = server_.nextPendingConnection()) {
    connect(guest, &QLocalSocket::disconnected, guest, &QObject::deleteLater);
    connect(guest, &QLocalSocket::readyRead, this, [this, guest] {
      if (guest->bytesAvailable() > kMostBytes) guest->abort();
      if (!guest->canReadLine()) return;
      const QStringList files = filesIn(guest->readLine(kMostBytes));
      guest->write(kTaken);
      guest->disconnectFromServer();
      emit wanted(files);
    });
  }
}

}  // namespace vl
