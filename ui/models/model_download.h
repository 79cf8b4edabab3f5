#pragma once

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QString>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "ui/models/download_manifest.h"

namespace vl {

class FileFetch;

/// Downloads a model, file after file, into a hidden folder that gets its name when every file is
/// there and has been checked: half a model is never taken for one. What has come stays when it is
/// paused, fails or the app ends, and is used the next time, once it has been checked against the
/// list as that is then. Touches the network only between
/// start() and the next pause, failure or end. GUI thread; files are checked on a thread of its
/// own.
class ModelDownload final : public QObject {
  Q_OBJECT
 public:
  enum class State { Waiting, Asking, Fetching, Checking, Paused, Failed, Done };

  /// The model's folder will lie in `place`.
  ModelDownload(DownloadManifest manifest, std::filesystem::path place, QObject* parent = nullptr);
  ~ModelDownload() override;

  const DownloadManifest& manifest() const { return manifest_; }
  State state() const { return state_; }
  bool isActive() const;
  /// A sentence; empty unless Failed.
  const QString& problem() const { return problem_; }
  /// What is being done, for a person.
  QString text() const;
  quint64 doneBytes() const;
  quint64 totalBytes() const;
  /// The finished model. Requires Done.
  const std::filesystem::path& folder() const { return folder_; }

  /// Begins, goes on after a pause or failure, or downloads a finished one once more.
  void start();
  void pause();
  /// Deletes what has come, in the background.
  void cancel();
  /// The first pause after a broken connection; later ones double.
  void setFirstPause(int ms) { firstPauseMs_ = ms; }
  /// Whether something of it lies in `place`.
  bool hasParts() const;

 signals:
  void changed();
  /// Done or Failed.
  void ended();

 private:
  std::filesystem::path partsFolder() const;
  using Answered = std::function<void(const QByteArray&)>;
  void ask(const QString& path, const Answered& answered);
  void askHub();
  void begin();
  void next();
  /// Whether this file has come and been checked already. Another one of its name is left to be
  /// checked: it may be of an earlier run, or of another version of the list.
  bool isComplete(const DownloadFile& file);
  void check();
  void checked(const Status& outcome);
  void finish();
  void fail(const QString& problem);
  void halt();
  void forget();
  void setState(State state);
  bool hasSpace();

  const DownloadManifest manifest_;
  const std::filesystem::path place_;
  std::vector<DownloadFile> files_;
  State state_ = State::Waiting;
  QString problem_;
  std::filesystem::path folder_;
  int firstPauseMs_ = 1000;
  std::map<QString, QByteArray> checked_;  // digest of each file that has its name, in this run
  std::size_t current_ = 0;
  quint64 before_ = 0;         // bytes of the files before the current one
  bool fetchedAgain_ = false;  // the current one, since it was damaged
  std::unique_ptr<QNetworkAccessManager> network_;
  std::unique_ptr<FileFetch> fetch_;
  QPointer<QNetworkReply> question_;
  std::stop_source stopCheck_;
  std::jthread checker_;  // last member: joined before the others go
};

}  // namespace vl
