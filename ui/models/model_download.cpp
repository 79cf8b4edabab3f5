#include "ui/models/model_download.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QRegularExpression>
#include <QStorageInfo>
#include <QThreadPool>
#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "ui/models/file_digest.h"
#include "ui/models/file_fetch.h"
#include "ui/models/model_files.h"
#include "ui/models/model_texts.h"
#include "ui/widgets/path_text.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr qint64 kMostListingBytes = 8 << 20;
constexpr int kAnswerMs = 30'000;
constexpr quint64 kSpareBytes = 64 << 20;  // left free on the disk

quint64 sizeOf(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  return error ? 0 : bytes;
}

}  // namespace

ModelDownload::ModelDownload(DownloadManifest manifest, fs::path place, QObject* parent)
    : QObject(parent),
      manifest_(std::move(manifest)),
      place_(std::move(place)),
      files_(manifest_.files) {}

ModelDownload::~ModelDownload() { halt(); }

fs::path ModelDownload::partsFolder() const {
  return place_ / ("." + manifest_.name.toStdString() + ".download");
}

bool ModelDownload::hasParts() const {
  std::error_code ignored;
  return fs::is_directory(partsFolder(), ignored);
}

bool ModelDownload::isActive() const {
  return state_ == State::Asking || state_ == State::Fetching || state_ == State::Checking;
}

quint64 ModelDownload::totalBytes() const {
  quint64 total = 0;
  for (const DownloadFile& file : files_) total += file.bytes;
  return total;
}

quint64 ModelDownload::doneBytes() const {
  return before_ + (fetch_ ? fetch_->doneBytes() : quint64{0});
}

QString ModelDownload::text() const {
  switch (state_) {
    case State::Asking:
      return tr("Asking %1 for the list of files").arg(manifest_.hub->endpoint.host());
    case State::Checking:
      return tr("Checking %1").arg(files_[current_].name);
    case State::Waiting:
    case State::Fetching:
    case State::Paused:
    case State::Failed:
    case State::Done:
      break;
  }
  return tr("%1 of %2").arg(sizeText(doneBytes()), sizeText(totalBytes()));
}

void ModelDownload::setState(State state) {
  state_ = state;
  emit changed();
}

void ModelDownload::start() {
  if (isActive()) return;
  if (state_ == State::Done) forget();
  problem_.clear();
  fetch_.reset();  // before the network it used
  network_ = std::make_unique<QNetworkAccessManager>();
  if (files_.empty()) {
    askHub();
  } else {
    begin();
  }
}

void ModelDownload::ask(const QString& path, const Answered& answered) {
  QUrl url = manifest_.hub->endpoint;
  url.setPath(path);
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                       QNetworkRequest::ManualRedirectPolicy);
  request.setRawHeader("User-Agent", "vl2-desk");
  request.setTransferTimeout(kAnswerMs);
  QNetworkReply* reply = network_->get(request);
  question_ = reply;
  connect(reply, &QNetworkReply::downloadProgress, this, [reply](qint64 bytes) {
    if (bytes > kMostListingBytes) reply->abort();
  });
  connect(reply, &QNetworkReply::finished, this, [this, reply, answered] {
    reply->deleteLater();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (reply->error() == QNetworkReply::NoError && status == 200) {
      answered(reply->readAll());
    } else {
      fail(status == 0 ? tr("%1 could not be reached: %2")
                             .arg(manifest_.hub->endpoint.host(), reply->errorString())
                       : tr("%1 does not list the files: it answered with %2.")
                             .arg(manifest_.hub->endpoint.host())
                             .arg(status));
    }
  });
}

/// Two questions: which commit the branch is at, so that all files are of one version, and what
/// that has.
void ModelDownload::askHub() {
  setState(State::Asking);
  const QString api = "/api/models/" + manifest_.hub->repository;
  ask(api + "/revision/" + manifest_.hub->revision, [this, api](const QByteArray& answer) {
    static const QRegularExpression kCommit("\\A[0-9a-f]{40}\\z");
    const QString commit = QJsonDocument::fromJson(answer).object()["sha"].toString();
    if (!kCommit.match(commit).hasMatch()) {
      fail(tr("%1 does not say which version it has.").arg(manifest_.hub->endpoint.host()));
      return;
    }
    ask(api + "/tree/" + commit, [this, commit](const QByteArray& listing) {
      Result<std::vector<DownloadFile>> files = filesOfListing(*manifest_.hub, commit, listing);
      if (!files) {
        fail(QString::fromStdString(files.error().what));
        return;
      }
      files_ = std::move(*files);
      begin();
    });
  });
}

void ModelDownload::begin() {
  std::error_code error;
  fs::create_directories(partsFolder(), error);
  if (error) {
    fail(tr("%1 cannot be created: %2")
             .arg(pathText(partsFolder()), QString::fromStdString(error.message())));
    return;
  }
  if (!hasSpace()) return;
  current_ = 0;
  before_ = 0;
  fetchedAgain_ = false;
  setState(State::Fetching);
  next();
}

bool ModelDownload::hasSpace() {
  quint64 missing = kSpareBytes;
  for (const DownloadFile& file : files_) {
    const fs::path path = partsFolder() / file.name.toStdString();
    const quint64 there = sizeOf(path) + sizeOf(FileFetch::partOf(path));
    missing += file.bytes - std::min(there, file.bytes);
  }
  const QStorageInfo disk(pathText(partsFolder()));
  const auto free = static_cast<quint64>(std::max<qint64>(disk.bytesAvailable(), 0));
  if (free >= missing) return true;
  fail(tr("There is not enough space in %1: %2 are needed and %3 are free.")
           .arg(pathText(place_), sizeText(missing), sizeText(free)));
  return false;
}

void ModelDownload::next() {
  fetch_.reset();
  while (current_ < files_.size()) {
    if (!isComplete(files_[current_])) break;
    before_ += files_[current_].bytes;
    ++current_;
  }
  if (current_ == files_.size()) {
    finish();
    return;
  }
  const DownloadFile& file = files_[current_];
  fetch_ = std::make_unique<FileFetch>(*network_, file, partsFolder() / file.name.toStdString(),
                                       firstPauseMs_);
  connect(fetch_.get(), &FileFetch::progressed, this, &ModelDownload::changed);
  connect(fetch_.get(), &FileFetch::failed, this, &ModelDownload::fail);
  connect(fetch_.get(), &FileFetch::complete, this, &ModelDownload::check);
  setState(State::Fetching);
  fetch_->start();
}

bool ModelDownload::isComplete(const DownloadFile& file) {
  const fs::path path = partsFolder() / file.name.toStdString();
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored) || sizeOf(path) != file.bytes) return false;
  const auto found = checked_.find(file.name);
  if (found != checked_.end() && found->second == file.digest.hex) return true;
  fs::rename(path, FileFetch::partOf(path), ignored);
  return false;
}

void ModelDownload::check() {
  setState(State::Checking);
  stopCheck_ = std::stop_source();
  const DownloadFile file = files_[current_];
  const fs::path part = FileFetch::partOf(partsFolder() / file.name.toStdString());
  checker_ = std::jthread([this, file, part, stop = stopCheck_.get_token()] {
    Status outcome;
    try {
      outcome = checkFile(part, file, stop);
    } catch (const std::exception& thrown) {  // a worker loop: no memory
      outcome = Error{ErrorCode::OutOfMemory, thrown.what()};
    }
    QMetaObject::invokeMethod(
        this, [this, outcome] { checked(outcome); }, Qt::QueuedConnection);
  });
}

void ModelDownload::checked(const Status& outcome) {
  if (state_ != State::Checking) return;  // paused meanwhile
  const fs::path path = partsFolder() / files_[current_].name.toStdString();
  std::error_code error;
  if (!outcome) {
    if (outcome.error().code == ErrorCode::Corrupt) {
      fs::remove(FileFetch::partOf(path), error);
      fs::remove(FileFetch::etagOf(path), error);
      if (!std::exchange(fetchedAgain_, true)) {  // perhaps a resumed beginning was an old one
        next();
        return;
      }
    }
    fail(QString::fromStdString(outcome.error().what));
    return;
  }
  fs::rename(FileFetch::partOf(path), path, error);
  if (error) {
    fail(tr("%1 cannot be renamed: %2")
             .arg(pathText(FileFetch::partOf(path)), QString::fromStdString(error.message())));
    return;
  }
  fs::remove(FileFetch::etagOf(path), error);
  checked_[files_[current_].name] = files_[current_].digest.hex;
  fetchedAgain_ = false;
  next();
}

void ModelDownload::finish() {
  folder_ = freeFolder(place_, manifest_.name.toStdString());
  std::error_code error;
  fs::rename(partsFolder(), folder_, error);
  if (error) {
    fail(tr("%1 cannot be renamed: %2")
             .arg(pathText(partsFolder()), QString::fromStdString(error.message())));
    return;
  }
  halt();
  setState(State::Done);
  emit ended();
}

/// Nothing touches network or files after this.
void ModelDownload::halt() {
  if (question_) {
    question_->disconnect(this);
    question_->abort();
    question_->deleteLater();
  }
  if (fetch_) {
    fetch_->disconnect(this);
    fetch_->stop();
  }
  stopCheck_.request_stop();
  if (checker_.joinable()) checker_.join();
}

void ModelDownload::pause() {
  if (!isActive()) return;
  halt();
  setState(State::Paused);
}

void ModelDownload::cancel() {
  halt();
  forget();
  const fs::path gone = freeFolder(place_, partsFolder().filename().string() + "-gone");
  std::error_code error;
  fs::rename(partsFolder(), gone, error);
  // large files take seconds to delete
  QThreadPool::globalInstance()->start([folder = error ? partsFolder() : gone] {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  });
  setState(State::Waiting);
}

void ModelDownload::forget() {
  fetch_.reset();
  checked_.clear();
  before_ = 0;
  if (manifest_.hub) files_.clear();  // there may be another version by the next time
}

void ModelDownload::fail(const QString& problem) {
  halt();
  problem_ = problem;
  setState(State::Failed);
  emit ended();
}

}  // namespace vl
