#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>
#include <functional>

namespace vl::test {

/// An HTTP server on this computer that serves files, and misbehaves as it is told.
class LyingServer final : public QObject {
  Q_OBJECT
 public:
  struct Request {
    QByteArray path;
    QMap<QByteArray, QByteArray> headers;  // names in lower case
  };
  struct Behaviour {
    bool knowsRanges = true;
    bool hasEtag = true;
    int status = 0;         // in place of 200 and 206
    qint64 cutAfter = -1;   // bytes of a body after which the connection breaks
    qint64 lengthBias = 0;  // added to Content-Length
    bool chunked = false;   // no Content-Length
    QByteArray extra;       // sent after the body
    QByteArray location;    // of a redirect
    bool silent = false;    // never answers
  };

  LyingServer() {
    server_.listen(QHostAddress::LocalHost);
    connect(&server_, &QTcpServer::newConnection, this, [this] {
      while (QTcpSocket* socket = server_.nextPendingConnection()) {
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
      }
    });
  }

  QString url(const QString& path) const {
    return QString("http://127.0.0.1:%1%2").arg(server_.serverPort()).arg(path);
  }
  void serve(const QByteArray& path, const QByteArray& content) { files_[path] = content; }
  const QList<Request>& requests() const { return requests_; }

  Behaviour behaviour;
  /// Called for each request before it is answered, to change the behaviour.
  std::function<void(int number)> onRequest;

 private:
  void read(QTcpSocket* socket) {
    QByteArray& head = heads_[socket];
    head += socket->readAll();
    const qsizetype end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const QList<QByteArray> lines = head.left(end).split('\n');
    head.clear();
    Request request;
    request.path = lines[0].split(' ').value(1);
    for (const QByteArray& line : lines.mid(1)) {
      const qsizetype colon = line.indexOf(':');
      request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
    }
    requests_ << request;
    if (onRequest) onRequest(static_cast<int>(requests_.size()));
    if (!behaviour.silent) answer(socket, request);
  }

  void answer(QTcpSocket* socket, const Request& request) {
    const QByteArray content = files_.value(request.path);
    const QByteArray etag = "\"" + QByteArray::number(qHash(content)) + "\"";
    int status = files_.contains(request.path) ? 200 : 404;
    qint64 begin = 0;
    const bool sameVersion = request.headers.value("if-range", etag) == etag;
    if (status == 200 && behaviour.knowsRanges && sameVersion &&
        request.headers.contains("range")) {
      begin = request.headers["range"].mid(6).split('-').value(0).toLongLong();
      status = begin < content.size() ? 206 : 416;
    }
    if (behaviour.status != 0) status = behaviour.status;
    const QByteArray body = status < 300 ? content.mid(begin) : QByteArray("sorry");
    QByteArray head = "HTTP/1.1 " + QByteArray::number(status) + " X\r\nConnection: close\r\n";
    if (behaviour.hasEtag && status < 300) head += "ETag: " + etag + "\r\n";
    if (!behaviour.location.isEmpty()) head += "Location: " + behaviour.location + "\r\n";
    if (status == 206) {
      head += "Content-Range: bytes " + QByteArray::number(begin) + '-' +
              QByteArray::number(content.size() - 1) + '/' + QByteArray::number(content.size()) +
              "\r\n";
    }
    if (!behaviour.chunked) {
      head += "Content-Length: " + QByteArray::number(body.size() + behaviour.lengthBias) + "\r\n";
    }
    socket->write(head + "\r\n");
    if (behaviour.cutAfter >= 0 && status < 300) {
      socket->write(body.left(behaviour.cutAfter));
      socket->flush();
      socket->disconnectFromHost();
      return;
    }
    socket->write(body + behaviour.extra);
    socket->disconnectFromHost();
  }

  QTcpServer server_;
  QMap<QByteArray, QByteArray> files_;
  QMap<QTcpSocket*, QByteArray> heads_;
  QList<Request> requests_;
};

}  // namespace vl::test
