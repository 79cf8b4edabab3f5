#pragma once

#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <filesystem>

#include "ui/models/download_manifest.h"

namespace vl {

/// Fetches one file to `<path>.part`, from where it stopped the last time: asks for the rest unless
/// the server says that it has another version now, begins anew then, tries again with growing
/// pauses when the connection breaks. Never writes more than the list allows. GUI thread.
class FileFetch final : public QObject {
  Q_OBJECT
 public:
  FileFetch(QNetworkAccessManager& network, DownloadFile file, const std::filesystem::path& path,
            int firstPauseMs, QObject* parent = nullptr);
  ~FileFetch() override;

  static std::filesystem::path partOf(const std::filesystem::path& path);
  static std::filesystem::path etagOf(const std::filesystem::path& path);

  void start();
  /// Stops; what has come stays in the .part.
  void stop();
  quint64 doneBytes() const { return written_; }

 signals:
  void progressed();
  /// All bytes are there; nobody has looked yet whether they are the right ones.
  void complete();
  void failed(const QString& problem);

 private:
  void request();
  void headersCame();
  /// False: this reply is of no use, and what follows has been decided.
  bool acceptHeaders();
  void bytesCame();
  void replyEnded();
  void follow(const QUrl& target);
  void again(const QString& why);
  void fail(const QString& problem);
  void restartFile();
  void dropReply();

  QNetworkAccessManager& network_;
  const DownloadFile file_;
  QFile part_;
  const QString etagPath_;
  const int firstPauseMs_;
  QUrl url_;
  QByteArray etag_;
  quint64 written_ = 0;
  quint64 furthest_ = 0;  // that written_ has been since start()
  int tries_ = 0;         // since it was there
  int redirects_ = 0;
  bool accepted_ = false;  // the headers of the reply
  QPointer<QNetworkReply> reply_;
  QTimer pause_;
};

/// Whether a download may go on at another address: only from https to https.
bool mayRedirect(const QUrl& from, const QUrl& to);

}  // namespace vl
