// The window over a history of 1,000 sessions, one of them with 5,000 messages: opening and
// scrolling that one, typing below it, an answer that is written. Beside the mean time of a step
// stands the longest one, which is what a person notices. Draws to memory unless QT_QPA_PLATFORM
// names a screen.

#include <benchmark/benchmark.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTemporaryDir>
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "ui/canvas/image_loader.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_model.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/window/desk.h"

namespace vl {
namespace {

constexpr int kSessions = 1000;
constexpr int kMessages = 5000;

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

/// A session of many messages with Markdown and boxes, as a model writes them.
SessionId writeLongSession(SessionStore& store) {
  const SessionId session = need(store.createSession({"Long", "", "", ""})).id;
  const GroundedBox box{"red circle", 0, {10, 20, 30, 40}, {}};
  for (int i = 0; i < kMessages / 2; ++i) {
    const std::string number = std::to_string(i);
    need(store.appendUserMessage(session, "Question " + number, {}));
    std::string answer = "Answer " + number +
                         " with a **bold** word.\n\n* a list\n* of `things`\n\n" +
                         "| a | b |\n| - | - |\n| 1 | 2 |\n\n" +
                         "A <|ref|>red circle<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>.";
    for (int words = 0; words < (i * 37) % 150; ++words) answer += " word";
    const MessageId id = need(store.beginAnswer(session));
    const Status finished = store.finishAnswer(id, answer, {&box, 1}, {});
    if (!finished) throw std::runtime_error(finished.error().what);
  }
  return session;
}

/// A window without a model.
struct LongHistory {
  LongHistory() {
    const std::filesystem::path data = folder.path().toStdString();
    OpenedStore opened = need(SessionStore::open(data));
    longSession = writeLongSession(opened.store);
    for (int i = 1; i < kSessions; ++i) {
      shortSession =
          need(opened.store.createSession({"Short " + std::to_string(i), "", "", ""})).id;
    }
    desk = std::make_unique<Desk>(std::move(opened), Desk::Setup{data, {}, {}});
    desk->window().resize(1300, 830);
    desk->window().show();
    QCoreApplication::processEvents();
  }

  QTemporaryDir folder;
  std::unique_ptr<Desk> desk;
  SessionId longSession{};
  SessionId shortSession{};
};

std::unique_ptr<LongHistory> history;

/// Times `step` and the events that it causes.
template <typename Step>
void measure(benchmark::State& state, Step step) {
  double longest = 0;
  int i = 0;
  while (state.KeepRunning()) {
    QElapsedTimer clock;
    clock.start();
    step(i++);
    QCoreApplication::processEvents();
    longest = std::max(longest, static_cast<double>(clock.nsecsElapsed()) / 1e6);
  }
  state.counters["longest_ms"] = longest;
}

void openLongSession(benchmark::State& state) {
  measure(state, [](int) {
    history->desk->controller().openSession(history->shortSession);
    history->desk->controller().openSession(history->longSession);
  });
}
BENCHMARK(openLongSession)->Unit(benchmark::kMillisecond)->Iterations(10);

void scrollPageUp(benchmark::State& state) {
  QScrollBar* bar = history->desk->window().chat().conversation().verticalScrollBar();
  bar->setValue(bar->maximum());
  measure(state, [&](int) { bar->triggerAction(QAbstractSlider::SliderPageStepSub); });
}
BENCHMARK(scrollPageUp)->Unit(benchmark::kMillisecond)->Iterations(200);

void scrollAnywhere(benchmark::State& state) {
  QScrollBar* bar = history->desk->window().chat().conversation().verticalScrollBar();
  measure(state, [&](int i) { bar->setValue(bar->maximum() * (i % 50) / 50); });
}
BENCHMARK(scrollAnywhere)->Unit(benchmark::kMillisecond)->Iterations(100);

void typeLetter(benchmark::State& state) {
  ComposerEdit& edit = history->desk->window().chat().composer().edit();
  measure(state, [&](int) {
    QKeyEvent press(QEvent::KeyPress, Qt::Key_A, Qt::NoModifier, "a");
    QCoreApplication::sendEvent(&edit, &press);
  });
  edit.clear();
}
BENCHMARK(typeLetter)->Unit(benchmark::kMillisecond)->Iterations(100);

/// The widest answers have about 2,048 tokens.
void writeIntoLongAnswer(benchmark::State& state) {
  ConversationItem answer;
  answer.message.role = MessageRole::Assistant;
  for (int i = 0; i < 150; ++i) {
    answer.message.raw += "Some words and <|ref|>thing " + std::to_string(i % 9) +
                          "<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>. ";
  }
  ImageLoader loader;
  LabelPalette palette;
  ConversationModel model;
  ConversationView view(model, loader, palette);
  view.resize(700, 800);
  view.show();
  model.setItems({answer});
  measure(state, [&](int) {
    model.change(0, [](ConversationItem& item) { item.message.raw += "more "; });
  });
}
BENCHMARK(writeIntoLongAnswer)->Unit(benchmark::kMillisecond)->Iterations(100);

void listSessions(benchmark::State& state) {
  measure(state, [](int i) {
    history->desk->controller().renameSession(history->shortSession, QString::number(i));
  });
}
BENCHMARK(listSessions)->Unit(benchmark::kMillisecond)->Iterations(20);

}  // namespace
}  // namespace vl

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const QApplication application(argc, argv);
  benchmark::Initialize(&argc, argv);
  vl::history = std::make_unique<vl::LongHistory>();
  benchmark::RunSpecifiedBenchmarks();
  vl::history.reset();
}
