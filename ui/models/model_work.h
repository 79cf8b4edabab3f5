#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <atomic>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <thread>

#include "inference/base/result.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// One long job on a model's files at a time, on a thread of its own. GUI thread.
class ModelWork final : public QObject {
  Q_OBJECT
 public:
  using Progress = std::function<void(double share)>;  // 0..1, any thread
  using Job = std::function<Status(const Progress&, const std::stop_token&)>;

  explicit ModelWork(QObject* parent = nullptr);
  /// Stops what runs and waits for it.
  ~ModelWork() override;

  /// `text` says for a person what is being done. Requires !isRunning().
  void begin(const QString& text, Job job);
  void cancel() { stop_.request_stop(); }
  bool isRunning() const { return running_; }
  const QString& text() const { return text_; }
  /// 0..1; negative: not known.
  double done() const { return done_; }

 signals:
  void changed();
  /// Once for each job. `problem`: a sentence, empty when it was done or cancelled.
  void ended(const QString& problem);

 private:
  void finished(const Status& outcome);

  QString text_;
  bool running_ = false;
  std::atomic<double> done_ = -1;
  QTimer look_;  // at done_, which the job's thread changes
  std::stop_source stop_;
  std::jthread thread_;  // last member: joined before the others go
};

/// Writes a smaller copy of a model; see convertCheckpoint().
ModelWork::Job convertJob(const std::filesystem::path& source,
                          const std::filesystem::path& destination, WeightType type);
/// See deleteModelFiles().
ModelWork::Job deleteJob(const std::filesystem::path& folder);

}  // namespace vl
