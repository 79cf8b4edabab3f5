#include "ui/chat/progress_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>

namespace vl {
namespace {

constexpr qint64 kRateAfterMs = 400;  // a rate over less time jumps about

QString tr(const char* text) { return QCoreApplication::translate("Progress", text); }

QString tokenCount(std::size_t tokens) {
  return tokens == 1 ? tr("1 token") : tr("%1 tokens").arg(QLocale().toString(qulonglong(tokens)));
}

QString rate(double tokensPerSecond) {
  const int decimals = tokensPerSecond < 100 ? 1 : 0;
  return tr("%1 tokens/s").arg(QLocale().toString(tokensPerSecond, 'f', decimals));
}

double share(const StageProgress& progress) {
  if (progress.total == 0) return -1;
  return static_cast<double>(progress.done) / static_cast<double>(progress.total);
}

QString stopText(const StoredMessage& answer) {
  if (answer.state == MessageState::Stopped) return tr("Stopped");
  if (!answer.summary) return {};
  switch (answer.summary->end) {
    case AnswerEnd::TokenLimit:
      return tr("Length limit reached");
    case AnswerEnd::ContextFull:
      return tr("The model's context is full");
    case AnswerEnd::EndOfSequence:
    case AnswerEnd::Cancelled:
      break;
  }
  return {};
}

QString duration(double ms) {
  if (ms < 1000) return tr("%1 ms").arg(QLocale().toString(ms, 'f', ms < 10 ? 1 : 0));
  return tr("%1 s").arg(QLocale().toString(ms / 1000, 'f', 1));
}

QString endText(AnswerEnd end) {
  switch (end) {
    case AnswerEnd::TokenLimit:
      return tr("the longest answer was reached");
    case AnswerEnd::ContextFull:
      return tr("the model's context is full");
    case AnswerEnd::Cancelled:
      return tr("you stopped it");
    case AnswerEnd::EndOfSequence:
      break;
  }
  return tr("the model had finished");
}

}  // namespace

void ProgressText::update(const StageProgress& progress) {
  const auto count = [](std::size_t value) { return QLocale().toString(qulonglong(value)); };
  done_ = share(progress);
  // of work in pieces the one that is being done is counted, so that it reads 1 of n at the start
  const std::size_t current = std::min(progress.done + 1, progress.total);
  switch (progress.stage) {
    case Stage::DecodeImages:
      line_ = tr("Opening image %1 of %2").arg(count(current), count(progress.total));
      break;
    case Stage::EncodeTiles:
      line_ =
          tr("Looking at the picture: tile %1 of %2").arg(count(current), count(progress.total));
      break;
    case Stage::Prefill:
      line_ = tr("Reading the prompt: %1 of %2 tokens")
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
  line_ = tr("Writing: %1").arg(tokenCount(tokens));
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
    facts << tr("first token after %1 s").arg(seconds);
  }
  return facts.join(QString::fromUtf8(" · "));
}

QString answerDetails(const StoredMessage& answer) {
  if (!answer.summary) return {};
  const AnswerSummary& summary = *answer.summary;
  const auto count = [](std::uint64_t value) { return QLocale().toString(qulonglong(value)); };
  QStringList lines;
  if (summary.imageMs > 0) lines << tr("Images opened and cut: %1").arg(duration(summary.imageMs));
  if (summary.tiles > 0) {
    const double perTile = summary.visionMs / static_cast<double>(summary.tiles);
    lines << tr("Pictures looked at: %1, %2 for each of %3 tiles")
                 .arg(duration(summary.visionMs), duration(perTile), count(summary.tiles));
  }
  lines << tr("Prompt: %1 tokens, %2 of them of images, %3 known from before")
               .arg(count(summary.promptTokens), count(summary.imageTokens),
                    count(summary.reusedTokens));
  const std::uint64_t read =
      summary.promptTokens - std::min(summary.reusedTokens, summary.promptTokens);
  if (summary.prefillMs > 0) {
    lines << tr("Prompt read: %1, %2")
                 .arg(duration(summary.prefillMs),
                      rate(static_cast<double>(read) / summary.prefillMs * 1000));
  }
  lines << tr("First token after %1").arg(duration(summary.firstTokenMs));
  lines << tr("Answer: %1 in %2")
               .arg(tokenCount(summary.completionTokens), duration(summary.decodeMs));
  lines << tr("Ended: %1").arg(endText(summary.end));
  lines << tr("Seed: %1").arg(QString::number(summary.seed));
  return lines.join('\n');
}

}  // namespace vl
