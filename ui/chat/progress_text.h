#pragma once

#include <QElapsedTimer>
#include <QString>

#include "inference/engine/request.h"
#include "storage/records.h"

namespace vl {

/// Turns the stages of a running request into one line for a person.
class ProgressText {
 public:
  /// Requires calls in the order the engine reports.
  void update(const StageProgress& progress);

  QString line() const { return line_; }
  /// 0..1, negative while it cannot be known.
  double done() const { return done_; }

 private:
  void showDecode(std::size_t tokens);

  QString line_;
  double done_ = -1;
  QElapsedTimer decoding_;         // runs from the first token on
  std::size_t tokensAtStart_ = 0;  // generated when decoding_ began
};

/// "Stopped · 42 tokens · 5.1 tokens/s · first token after 2.3 s": what is known about how an
/// answer went.
QString answerFacts(const StoredMessage& answer);

/// All that is known about how an answer went, a line for each stage; empty when nothing is.
QString answerDetails(const StoredMessage& answer);

}  // namespace vl
