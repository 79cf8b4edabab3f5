#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "inference/base/result.h"
#include "inference/engine/engine.h"

namespace vl {

/// Makes an engine; runs on the engine's thread and may take seconds. A stopped one returns the
/// error Cancelled.
using EngineFactory = std::function<Result<std::unique_ptr<Engine>>(const std::stop_token&)>;

/// Owns the engine and the one thread that touches it. Lives on the GUI thread; every signal is
/// emitted there. Requests run in the order they were given. Each turn ends with exactly one
/// `finished`, also when it was stopped before it began or when there is no engine.
/// Destruction stops what runs and waits for it (one layer or one tile at most).
class EngineThread final : public QObject {
  Q_OBJECT
 public:
  explicit EngineThread(QObject* parent = nullptr);
  ~EngineThread() override;

  /// Queues making an engine, which takes the place of the one before. Never blocks.
  std::stop_source load(EngineFactory factory);
  /// Queues a request. Never blocks. Stopping the source ends the turn with what was generated.
  std::stop_source submit(quint64 turn, GenerateRequest request);

 signals:
  void loadStarted();
  void loaded(qulonglong contextTokens);
  void loadFailed(const vl::Error& error);

  /// From submit(): somebody waits for the engine from now on.
  void turnQueued(quint64 turn);
  void turnStarted(quint64 turn);
  void progressed(quint64 turn, const vl::StageProgress& progress);
  /// About 30 times a second at most: what was generated since the last time, tags included.
  void textArrived(quint64 turn, const QString& raw);
  void boxArrived(quint64 turn, const vl::GroundedBox& box);
  void finished(quint64 turn, const vl::Result<vl::GenerateSummary>& outcome);

 private:
  struct LoadJob {
    EngineFactory factory;
  };
  struct TurnJob {
    quint64 turn;
    GenerateRequest request;
  };
  struct Job {
    std::stop_source stop;  // born with the request: an early cancel cannot be lost
    std::variant<LoadJob, TurnJob> work;
  };
  /// What a turn has produced since it was last handed to the GUI thread.
  struct Updates {
    quint64 turn = 0;
    std::optional<StageProgress> progress;  // the latest only
    std::string text;                       // UTF-8, whole code points
    std::vector<GroundedBox> boxes;
  };

  std::stop_source enqueue(std::variant<LoadJob, TurnJob> work);

  void run(const std::stop_token& quit);
  void runLoad(LoadJob& job, const std::stop_token& stop);
  void runTurn(TurnJob& job, const std::stop_token& stop);
  Result<GenerateSummary> generate(TurnJob& job, const std::stop_token& stop);
  /// Any thread: changes what waits for the GUI thread and makes sure that it will look.
  template <typename Change>
  void update(quint64 turn, Change change);
  /// Any thread: runs on the GUI thread, unless this object is gone by then.
  template <typename Function>
  void post(Function function);

  void scheduleHandOver();
  void handOver();
  void emitUpdates(const Updates& updates);

  // GUI thread only
  QTimer handOverTimer_;
  QElapsedTimer sinceHandOver_;

  // engine thread only
  std::unique_ptr<Engine> engine_;
  Error whyNoEngine_;

  std::mutex updatesMutex_;
  Updates updates_;             // guarded by updatesMutex_
  bool handOverAsked_ = false;  // guarded by updatesMutex_

  std::mutex queueMutex_;
  std::condition_variable_any wake_;
  std::deque<Job> queue_;  // guarded by queueMutex_

  std::jthread thread_;  // last member: stopped and joined before the others go
};

}  // namespace vl
