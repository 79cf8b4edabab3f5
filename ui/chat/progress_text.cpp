#include "ui/chat/progress_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>

namespace vl {
namespace {

constexpr qint64 kRateAfterMs = 400;  // a rate over less time jumps about

struct Progress {
  Q_DECLARE_TR_FUNCTIONS(Progress)
};

QString tokenCount(std::size_t tokens) {
  return Progress::tr("%Ln token(s)", nullptr, static_cast<int>(tokens));
}

QString rate(double tokensPerSecond) {
  const int decimals = tokensPerSecond < 100 ? 1 : 0;
  return Progress::tr("%1 tokens/s").arg(QLocale().toString(tokensPerSecond, 'f', decimals));
}

double share(const StageProgress& progress) {
  if (progress.total == 0) return -1;
  return static_cast<double>(progress.done) / static_cast<double>(progress.total);
}

QString stopText(const StoredMessage& answer) {
  if (answer.state == MessageState::Stopped) return Progress::tr("Stopped");
  if (!answer.summary) return {};
  switch (answer.summary->end) {
    case AnswerEnd::TokenLimit:
      return Progress::tr("Length limit reached");
    case AnswerEnd::ContextFull:
      return Progress::tr("The model's context is full");
    case AnswerEnd::EndOfSequence:
    case AnswerEnd::Cancelled:
      break;
  }
  return {};
}

QString duration(double ms) {
  if (ms < 1000) return Progress::tr("%1 ms").arg(QLocale().toString(ms, 'f', ms < 10 ? 1 : 0));
  return Progress::tr("%1 s").arg(QLocale().toString(ms / 1000, 'f', 1));
}

QString endText(AnswerEnd end) {
  switch (end) {
    case AnswerEnd::TokenLimit:
      return Progress::tr("the longest answer was reached");
    case AnswerEnd::ContextFull:
      return Progress::tr("the model's context is full");
    case AnswerEnd::Cancelled:
      return Progress::tr("you stopped it");
    case AnswerEnd::EndOfSequence:
      break;
  }
  return Progress::tr("the model had finished");
}

}  // namespace

void ProgressText::update(const StageProgress& progress) {
  const auto count = [](std::size_t value) { return QLocale().toString(qulonglong(value)); };
  done_ = share(progress);
  // of work in pieces the one that is being done is counted, so that it reads 1 of n at the start
  const std::size_t current = std::min(progress.done + 1, progress.total);
  switch (progress.stage) {
    case Stage::DecodeImages:
      line_ = Progress::tr("Opening image %1 of %2").arg(count(current), count(progress.total));
      break;
    case Stage::EncodeTiles:
      line_ = Progress::tr("Looking at the picture: tile %1 of %2")
                  .arg(count(current), count(progress.total));
      break;
    case Stage::Prefill:
      line_ = Progress::tr("Reading the prompt: %1 of %2 tokens")
                  .arg(count(progress.done), count(progress.total));
      break;
    case Stage::Decode:
      showDecode(progress.done);
      break;
  }
}

void ProgressText::showDecode(std::size_t tokens) {
  done_ = -1;  // the limit says nothing about how long the answer will be
  if (!decoding_.isValid()) {
    decoding_.start();
    tokensAtStart_ = tokens;
  }
  line_ = Progress::tr("Writing: %1").arg(tokenCount(tokens));
  if (decoding_.elapsed() < kRateAfterMs) return;
  const double seconds = static_cast<double>(decoding_.elapsed()) / 1000.0;
  line_ += QString::fromUtf8(" · ") + rate(static_cast<double>(tokens - tokensAtStart_) / seconds);
}

QString answerFacts(const StoredMessage& answer) {
  QStringList facts;
  if (const QString stop = stopText(answer); !stop.isEmpty()) facts << stop;
  if (answer.summary && answer.summary->completionTokens > 0) {
    const AnswerSummary& summary = *answer.summary;
    facts << tokenCount(summary.completionTokens);
    // decodeMs runs from the first token to the last
    if (summary.completionTokens > 1 && summary.decodeMs > 0) {
      facts << rate(static_cast<double>(summary.completionTokens - 1) / summary.decodeMs * 1000);
    }
    const QString seconds = QLocale().toString(summary.firstTokenMs / 1000, 'f', 1);
    facts << Progress::tr("first token after %1 s").arg(seconds);
  }
  return facts.join(QString::fromUtf8(" · "));
}

QString answerDetails(const StoredMessage& answer) {
  if (!answer.summary) return {};
  const AnswerSummary& summary = *answer.summary;
  const auto count = [](std::uint64_t value) { return QLocale().toString(qulonglong(value)); };
  QStringList lines;
  if (summary.imageMs > 0)
    lines << Progress::tr("Images opened and cut: %1").arg(duration(summary.imageMs));
  if (summary.tiles > 0) {
    const double perTile = summary.visionMs / static_cast<double>(summary.tiles);
    lines << Progress::tr("Pictures looked at: %1, %2 for each of %3 tiles")
                 .arg(duration(summary.visionMs), duration(perTile), count(summary.tiles));
  }
  lines << Progress::tr("Prompt: %1 tokens, %2 of them of images, %3 known from before")
               .arg(count(summary.promptTokens), count(summary.imageTokens),
                    count(summary.reusedTokens));
  const std::uint64_t read =
      summary.promptTokens - std::min(summary.reusedTokens, summary.promptTokens);
  if (summary.prefillMs > 0) {
    lines << Progress::tr("Prompt read: %1, %2")
                 .arg(duration(summary.prefillMs),
                      rate(static_cast<double>(read) / summary.prefillMs * 1000));
  }
  lines << Progress::tr("First token after %1").arg(duration(summary.firstTokenMs));
  lines << Progress::tr("Answer: %1 in %2")
               .arg(tokenCount(summary.completionTokens), duration(summary.decodeMs));
  lines << Progress::tr("Ended: %1").arg(endText(summary.end));
  lines << Progress::tr("Seed: %1").arg(QString::number(summary.seed));
  return lines.join('\n');
}

}  // namespace vl
