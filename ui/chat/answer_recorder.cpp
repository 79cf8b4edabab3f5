#include "ui/chat/answer_recorder.h"

#include <algorithm>
#include <utility>

#include "inference/base/coordinates.h"
#include "inference/text/grounding_parser.h"

namespace vl {
namespace {

constexpr int kSaveMs = 400;  // at most 500 ms of text may be lost in a crash

AnswerEnd endOf(StopReason reason) {
  switch (reason) {
    case StopReason::TokenLimit:
      return AnswerEnd::TokenLimit;
    case StopReason::ContextFull:
      return AnswerEnd::ContextFull;
    case StopReason::Cancelled:
      return AnswerEnd::Cancelled;
    case StopReason::EndOfSequence:
      break;
  }
  return AnswerEnd::EndOfSequence;
}

AnswerOutcome outcomeOf(const Result<GenerateSummary>& result) {
  if (!result) return {MessageState::Failed, result.error().what, std::nullopt};
  AnswerSummary summary;
  summary.end = endOf(result->stopReason);
  summary.seed = result->seed;
  summary.promptTokens = result->usage.promptTokens;
  summary.imageTokens = result->usage.imageTokens;
  summary.reusedTokens = result->usage.reusedTokens;
  summary.completionTokens = result->usage.completionTokens;
  summary.tiles = result->timings.tiles;
  summary.imageMs = result->timings.imageMs;
  summary.visionMs = result->timings.visionMs;
  summary.prefillMs = result->timings.prefillMs;
  summary.firstTokenMs = result->timings.firstTokenMs;
  summary.decodeMs = result->timings.decodeMs;
  const bool stopped = result->stopReason == StopReason::Cancelled;
  return {stopped ? MessageState::Stopped : MessageState::Complete, {}, summary};
}

/// The engine counts the images of its request, the history those of the session.
GroundedBox onSessionImage(GroundedBox box, std::size_t firstImage) {
  box.image += firstImage;
  return box;
}

/// The boxes of a continued answer: the engine has seen the end of it only, and perhaps the second
/// half of a box.
std::vector<GroundedBox> boxesOf(const std::string& raw, const AnswerBegun& begun) {
  std::vector<GroundedBox> boxes;
  if (!begun.image) return boxes;
  for (const GroundedSpan& span : parseGrounding(raw).spans) {
    for (const GridBox& box : span.boxes) {
      boxes.push_back({span.text, *begun.image, box, toPixels(box, begun.size)});
    }
  }
  return boxes;
}

StoredMessage endedMessage(const RunningAnswer& answer, const AnswerOutcome& outcome) {
  StoredMessage message;
  message.id = answer.message;
  message.role = MessageRole::Assistant;
  message.state = outcome.state;
  message.raw = answer.raw;
  message.error = outcome.error;
  message.boxes = answer.boxes;
  message.summary = outcome.summary;
  return message;
}

}  // namespace

AnswerRecorder::AnswerRecorder(SessionStore& store, EngineThread& engine, QObject* parent)
    : QObject(parent), store_(store), engine_(engine) {
  connect(&engine_, &EngineThread::turnStarted, this, [this](quint64 turn) {
    const auto found = answers_.find(turn);
    if (found != answers_.end()) found->second.started = true;
  });
  connect(&engine_, &EngineThread::progressed, this,
          [this](quint64 turn, const StageProgress& progress) {
            const auto found = answers_.find(turn);
            if (found == answers_.end()) return;
            found->second.progress.update(progress);
            emit changed(found->second.message);
          });
  connect(&engine_, &EngineThread::textArrived, this, [this](quint64 turn, const QString& raw) {
    const auto found = answers_.find(turn);
    if (found == answers_.end()) return;
    addText(found->second, raw);
  });
  connect(&engine_, &EngineThread::boxArrived, this, [this](quint64 turn, const GroundedBox& box) {
    const auto found = answers_.find(turn);
    if (found == answers_.end() || found->second.continued) return;
    const GroundedBox placed = onSessionImage(box, found->second.firstImage);
    found->second.boxes.push_back(placed);
    found->second.unsaved = true;
    emit boxArrived(found->second.message, placed);
  });
  connect(&engine_, &EngineThread::finished, this, &AnswerRecorder::finished);
  saveTimer_.setInterval(kSaveMs);
  connect(&saveTimer_, &QTimer::timeout, this, &AnswerRecorder::saveChanged);
}

void AnswerRecorder::begin(SessionId session, MessageId message, std::size_t firstImage,
                           GenerateRequest request) {
  submit(session, message, std::move(request)).firstImage = firstImage;
}

void AnswerRecorder::resume(SessionId session, MessageId message, AnswerBegun begun,
                            GenerateRequest request) {
  RunningAnswer& answer = submit(session, message, std::move(request));
  answer.raw = begun.raw;
  answer.boxes = boxesOf(begun.raw, begun);
  answer.continued = std::move(begun);
}

RunningAnswer& AnswerRecorder::submit(SessionId session, MessageId message,
                                      GenerateRequest request) {
  const quint64 turn = ++lastTurn_;
  RunningAnswer& answer = answers_[turn];
  answer.session = session;
  answer.message = message;
  answer.stop = engine_.submit(turn, std::move(request));
  saveTimer_.start();
  return answer;
}

void AnswerRecorder::addText(RunningAnswer& answer, const QString& raw) {
  answer.raw += raw.toStdString();
  answer.unsaved = true;
  emit changed(answer.message);
  if (!answer.continued) return;
  std::vector<GroundedBox> boxes = boxesOf(answer.raw, *answer.continued);
  const std::size_t before = answer.boxes.size();
  answer.boxes = std::move(boxes);
  for (std::size_t i = before; i < answer.boxes.size(); ++i) {
    emit boxArrived(answer.message, answer.boxes[i]);
  }
}

void AnswerRecorder::stop(SessionId session) {
  std::vector<quint64> waiting;  // perhaps for minutes, behind another answer or a model
  for (auto& [turn, answer] : answers_) {
    if (answer.session != session) continue;
    answer.stop.request_stop();
    if (!answer.started) waiting.push_back(turn);
  }
  GenerateSummary nothing;
  nothing.stopReason = StopReason::Cancelled;
  for (const quint64 turn : waiting) finished(turn, nothing);
}

void AnswerRecorder::forget(SessionId session) {
  std::erase_if(answers_, [&](auto& entry) {
    const bool going = entry.second.session == session;
    if (going) entry.second.stop.request_stop();
    return going;
  });
}

void AnswerRecorder::stopAndSaveAll() {
  for (auto& [turn, answer] : std::exchange(answers_, {})) {
    answer.stop.request_stop();
    saveEnd(answer, {MessageState::Stopped, {}, std::nullopt});
  }
}

const RunningAnswer* AnswerRecorder::find(MessageId message) const {
  const auto found = std::find_if(answers_.begin(), answers_.end(), [&](const auto& entry) {
    return entry.second.message == message;
  });
  return found == answers_.end() ? nullptr : &found->second;
}

bool AnswerRecorder::isRunning(SessionId session) const {
  return std::any_of(answers_.begin(), answers_.end(),
                     [&](const auto& entry) { return entry.second.session == session; });
}

void AnswerRecorder::finished(quint64 turn, const Result<GenerateSummary>& outcome) {
  const auto found = answers_.find(turn);
  if (found == answers_.end()) return;
  RunningAnswer answer = std::move(found->second);
  answers_.erase(found);
  if (outcome && answer.continued) {
    answer.raw = answer.continued->raw + outcome->raw;
    answer.boxes = boxesOf(answer.raw, *answer.continued);
  } else if (outcome) {
    answer.raw = outcome->raw;
    answer.boxes.clear();
    for (const GroundedBox& box : outcome->boxes) {
      answer.boxes.push_back(onSessionImage(box, answer.firstImage));
    }
  }
  const AnswerOutcome end = outcomeOf(outcome);
  saveEnd(answer, end);
  emit ended(answer.session, endedMessage(answer, end));
}

void AnswerRecorder::saveChanged() {
  for (auto& [turn, answer] : answers_) {
    if (!std::exchange(answer.unsaved, false)) continue;
    const Status saved = store_.updateAnswer(answer.message, answer.raw, answer.boxes);
    if (saved) continue;
    answer.unsaved = true;
    emit savingFailed(saved.error());
  }
  for (auto& [answer, end] : std::exchange(unsavedEnds_, {})) saveEnd(answer, end);
  if (answers_.empty() && unsavedEnds_.empty()) saveTimer_.stop();
}

void AnswerRecorder::saveEnd(const RunningAnswer& answer, const AnswerOutcome& outcome) {
  const Status saved = store_.finishAnswer(answer.message, answer.raw, answer.boxes, outcome);
  if (saved || saved.error().code == ErrorCode::NotFound) return;  // or its session was deleted
  unsavedEnds_.emplace_back(answer, outcome);
  emit savingFailed(saved.error());
}

}  // namespace vl
