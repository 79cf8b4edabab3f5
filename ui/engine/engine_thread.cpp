#include "ui/engine/engine_thread.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace vl {
namespace {

constexpr int kHandOverMs = 33;  // 30 times a second: below what the eye separates

Error libraryFailure(const std::exception& thrown) {
  if (dynamic_cast<const std::bad_alloc*>(&thrown) != nullptr) {
    return {ErrorCode::OutOfMemory, EngineThread::tr("The model ran out of memory.").toStdString()};
  }
  return {ErrorCode::Internal,
          EngineThread::tr("The model stopped unexpectedly: %1").arg(thrown.what()).toStdString()};
}

GenerateSummary nothingGenerated() {
  GenerateSummary summary;
  summary.stopReason = StopReason::Cancelled;
  return summary;
}

}  // namespace

template <typename Function>
void EngineThread::post(Function function) {
  QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

template <typename Change>
void EngineThread::update(quint64 turn, Change change) {
  {
    const std::lock_guard lock(updatesMutex_);
    updates_.turn = turn;
    change(updates_);
    if (std::exchange(handOverAsked_, true)) return;
  }
  post([this] { scheduleHandOver(); });
}

EngineThread::EngineThread(QObject* parent)
    : QObject(parent), whyNoEngine_{ErrorCode::NotFound, tr("No model is loaded.").toStdString()} {
  handOverTimer_.setSingleShot(true);
  connect(&handOverTimer_, &QTimer::timeout, this, &EngineThread::handOver);
  sinceHandOver_.start();
  thread_ = std::jthread([this](const std::stop_token& quit) { run(quit); });
}

EngineThread::~EngineThread() = default;

std::stop_source EngineThread::load(EngineFactory factory) {
  return enqueue(LoadJob{std::move(factory)});
}

std::stop_source EngineThread::submit(quint64 turn, GenerateRequest request) {
  std::stop_source stop = enqueue(TurnJob{turn, std::move(request)});
  emit turnQueued(turn);
  return stop;
}

std::stop_source EngineThread::enqueue(std::variant<LoadJob, TurnJob> work) {
  std::stop_source stop;
  {
    const std::lock_guard lock(queueMutex_);
    queue_.push_back({stop, std::move(work)});
  }
  wake_.notify_one();
  return stop;
}

void EngineThread::run(const std::stop_token& quit) {
  for (;;) {
    std::unique_lock lock(queueMutex_);
    if (!wake_.wait(lock, quit, [this] { return !queue_.empty(); })) return;
    if (quit.stop_requested()) return;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    const std::stop_callback quitStopsJob(quit,
                                          [stop = job.stop]() mutable { stop.request_stop(); });
    if (auto* load = std::get_if<LoadJob>(&job.work)) {
      runLoad(*load, job.stop.get_token());
    } else {
      runTurn(std::get<TurnJob>(job.work), job.stop.get_token());
    }
  }
}

void EngineThread::runLoad(LoadJob& job, const std::stop_token& stop) {
  post([this] { emit loadStarted(); });
  engine_.reset();  // two models at once would need twice the memory
  try {
    Result<std::unique_ptr<Engine>> made = job.factory(stop);
    if (made) {
      engine_ = std::move(*made);
    } else {
      whyNoEngine_ = made.error();
    }
  } catch (const std::exception& thrown) {
    whyNoEngine_ = libraryFailure(thrown);
  }
  if (engine_) {
    post([this, tokens = qulonglong(engine_->contextTokens())] { emit loaded(tokens); });
  } else {
    post([this, error = whyNoEngine_] { emit loadFailed(error); });
  }
}

void EngineThread::runTurn(TurnJob& job, const std::stop_token& stop) {
  post([this, turn = job.turn] { emit turnStarted(turn); });
  const Result<GenerateSummary> outcome = generate(job, stop);
  Updates last;
  {
    const std::lock_guard lock(updatesMutex_);
    last = std::exchange(updates_, Updates{});
  }
  post([this, turn = job.turn, outcome, last = std::move(last)] {
    emitUpdates(last);
    emit finished(turn, outcome);
  });
}

Result<GenerateSummary> EngineThread::generate(TurnJob& job, const std::stop_token& stop) {
  if (stop.stop_requested()) return nothingGenerated();
  if (!engine_) return whyNoEngine_;
  const quint64 turn = job.turn;
  GenerateCallbacks on;
  on.progress = [this, turn](const StageProgress& progress) {
    update(turn, [&](Updates& updates) { updates.progress = progress; });
  };
  on.text = [this, turn](std::string_view utf8) {
    update(turn, [&](Updates& updates) { updates.text += utf8; });
  };
  on.box = [this, turn](const GroundedBox& box) {
    update(turn, [&](Updates& updates) { updates.boxes.push_back(box); });
  };
  try {
    return engine_->generate(job.request, on, stop);
  } catch (const std::exception& thrown) {
    return libraryFailure(thrown);
  }
}

void EngineThread::scheduleHandOver() {
  const qint64 wait = std::max<qint64>(0, kHandOverMs - sinceHandOver_.elapsed());
  handOverTimer_.start(static_cast<int>(wait));
}

void EngineThread::handOver() {
  sinceHandOver_.restart();
  Updates updates;
  {
    const std::lock_guard lock(updatesMutex_);
    updates = std::exchange(updates_, Updates{});
    handOverAsked_ = false;
  }
  emitUpdates(updates);
}

void EngineThread::emitUpdates(const Updates& updates) {
  if (updates.progress) emit progressed(updates.turn, *updates.progress);
  if (!updates.text.empty()) emit textArrived(updates.turn, QString::fromStdString(updates.text));
  for (const GroundedBox& box : updates.boxes) emit boxArrived(updates.turn, box);
}

}  // namespace vl
