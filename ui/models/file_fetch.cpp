#include "ui/models/file_fetch.h"

#include <QNetworkRequest>
#include <QRegularExpression>
#include <algorithm>
#include <utility>

#include "ui/widgets/path_text.h"

namespace vl {
namespace {

constexpr int kMostTries = 6;
constexpr int kMostRedirects = 5;
constexpr int kSilenceMs = 30'000;        // after which a connection counts as broken
constexpr qint64 kBufferBytes = 4 << 20;  // not more is held in memory
constexpr int kOk = 200;
constexpr int kPartial = 206;
constexpr int kRangeRefused = 416;
constexpr int kTooMany = 429;

QByteArray readSmallFile(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.read(1024) : QByteArray();
}

/// Where "bytes 100-199/200" begins.
std::optional<quint64> rangeStart(const QByteArray& header) {
  static const QRegularExpression kRange("\\Abytes (\\d{1,18})-\\d{1,18}/");
  const QRegularExpressionMatch match = kRange.match(QString::fromLatin1(header));
  if (!match.hasMatch()) return std::nullopt;
  return match.captured(1).toULongLong();
}

int statusOf(const QNetworkReply& reply) {
  return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

}  // namespace

bool mayRedirect(const QUrl& from, const QUrl& to) {
  return from.scheme() == "https" && to.scheme() == "https" && !to.host().isEmpty();
}

std::filesystem::path FileFetch::partOf(const std::filesystem::path& path) {
  return path.string() + ".part";
}

std::filesystem::path FileFetch::etagOf(const std::filesystem::path& path) {
  return path.string() + ".etag";
}

FileFetch::FileFetch(QNetworkAccessManager& network, DownloadFile file,
                     const std::filesystem::path& path, int firstPauseMs, QObject* parent)
    : QObject(parent),
      network_(network),
      file_(std::move(file)),
      part_(pathText(partOf(path))),
      etagPath_(pathText(etagOf(path))),
      firstPauseMs_(firstPauseMs) {
  pause_.setSingleShot(true);
  connect(&pause_, &QTimer::timeout, this, &FileFetch::request);
}

FileFetch::~FileFetch() { dropReply(); }

void FileFetch::start() {
  if (!part_.open(QIODevice::ReadWrite)) {
    fail(tr("%1 cannot be written: %2").arg(part_.fileName(), part_.errorString()));
    return;
  }
  etag_ = readSmallFile(etagPath_);
  written_ = static_cast<quint64>(part_.size());
  if (written_ > file_.bytes) restartFile();  // not the beginning of this file
  part_.seek(static_cast<qint64>(written_));
  furthest_ = written_;
  if (written_ == file_.bytes) {
    part_.close();
    QMetaObject::invokeMethod(this, &FileFetch::complete, Qt::QueuedConnection);
    return;
  }
  request();
}

void FileFetch::stop() {
  pause_.stop();
  dropReply();
  part_.close();
}

void FileFetch::dropReply() {
  if (!reply_) return;
  QNetworkReply* reply = reply_;
  reply_.clear();
  reply->disconnect(this);
  reply->abort();
  reply->deleteLater();
}

void FileFetch::restartFile() {
  part_.resize(0);
  part_.seek(0);
  written_ = 0;
  etag_.clear();
  QFile::remove(etagPath_);
}

void FileFetch::request() {
  if (url_.isEmpty()) {
    url_ = file_.url;
    redirects_ = 0;
  }
  QNetworkRequest request(url_);
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                       QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setRawHeader("Accept-Encoding", "identity");  // lengths are those of the file
  request.setRawHeader("User-Agent", "vl2-desk");
  request.setTransferTimeout(kSilenceMs);
  if (written_ > 0) {
    request.setRawHeader("Range", "bytes=" + QByteArray::number(written_) + '-');
    // without a name of the version the digest tells whether the parts belong together
    if (!etag_.isEmpty()) request.setRawHeader("If-Range", etag_);
  }
  accepted_ = false;
  reply_ = network_.get(request);
  reply_->setReadBufferSize(kBufferBytes);
  connect(reply_, &QNetworkReply::metaDataChanged, this, &FileFetch::headersCame);
  connect(reply_, &QNetworkReply::readyRead, this, &FileFetch::bytesCame);
  connect(reply_, &QNetworkReply::finished, this, &FileFetch::replyEnded);
}

void FileFetch::headersCame() {
  if (!accepted_ && (statusOf(*reply_) == kOk || statusOf(*reply_) == kPartial)) {
    accepted_ = acceptHeaders();
  }
}

bool FileFetch::acceptHeaders() {
  const bool partial = statusOf(*reply_) == kPartial;
  if (partial && rangeStart(reply_->rawHeader("Content-Range")) != written_) {
    restartFile();
    again(tr("the server sent another part than was asked for"));
    return false;
  }
  if (!partial && written_ > 0) restartFile();  // it knows no parts, or has another version now
  const QVariant length = reply_->header(QNetworkRequest::ContentLengthHeader);
  if (length.isValid() && written_ + length.toULongLong() != file_.bytes) {
    fail(tr("%1 should have %2 bytes, but the server has %3.")
             .arg(file_.name, QString::number(file_.bytes),
                  QString::number(written_ + length.toULongLong())));
    return false;
  }
  const QByteArray etag = reply_->rawHeader("ETag");
  if (etag != etag_ && !etag.startsWith("W/")) {  // a weak one does not promise the same bytes
    etag_ = etag;
    QFile file(etagPath_);
    if (file.open(QIODevice::WriteOnly)) file.write(etag_);
  }
  return true;
}

void FileFetch::bytesCame() {
  if (!reply_ || !accepted_) return;
  const QByteArray bytes = reply_->readAll();
  if (static_cast<quint64>(bytes.size()) > file_.bytes - written_) {
    fail(tr("The server sends more of %1 than there should be.").arg(file_.name));
    return;
  }
  if (part_.write(bytes) != bytes.size() || !part_.flush()) {
    fail(tr("%1 cannot be written: %2").arg(part_.fileName(), part_.errorString()));
    return;
  }
  written_ += static_cast<quint64>(bytes.size());
  if (written_ > furthest_) {  // a beginning that comes again and again is no progress
    furthest_ = written_;
    tries_ = 0;
  }
  emit progressed();
}

void FileFetch::replyEnded() {
  if (!reply_) return;
  bytesCame();
  if (!reply_) return;  // that failed
  const int status = statusOf(*reply_);
  const QUrl target = reply_->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
  const QString trouble = reply_->errorString();
  const bool broken = reply_->error() != QNetworkReply::NoError;
  const bool useful = accepted_;
  dropReply();
  if (target.isValid() && !useful) {
    follow(url_.resolved(target));
  } else if (useful && written_ == file_.bytes) {
    part_.close();
    emit complete();
  } else if (useful) {
    again(broken ? trouble : tr("the connection ended early"));
  } else if (status == kRangeRefused) {
    restartFile();
    again(tr("the server refused to send a part"));
  } else if (status == 0 || status >= 500 || status == kTooMany) {
    again(status == 0 ? trouble : tr("the server answered with %1").arg(status));
  } else {
    fail(tr("The server does not give out %1: it answered with %2.").arg(file_.name).arg(status));
  }
}

void FileFetch::follow(const QUrl& target) {
  if (!mayRedirect(url_, target) || ++redirects_ > kMostRedirects) {
    fail(tr("%1 is said to be at %2, where it is not fetched from: only https leads on, to https.")
             .arg(file_.name, target.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery)));
    return;
  }
  url_ = target;
  request();
}

void FileFetch::again(const QString& why) {
  dropReply();
  if (++tries_ >= kMostTries) {
    fail(tr("%1 did not come: %2.").arg(file_.name, why));
    return;
  }
  url_.clear();  // an address that was redirected to may have an end
  pause_.start(firstPauseMs_ << (tries_ - 1));
}

void FileFetch::fail(const QString& problem) {
  stop();
  emit failed(problem);
}

}  // namespace vl
