#include "ui/composer/prompt_tasks.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

namespace vl {
namespace {

constexpr const char* kContext = "PromptTask";

constexpr std::array<PromptTask, 4> kTasks{{
    {"describe", "describe", QT_TRANSLATE_NOOP("PromptTask", "Describe"),
     "Describe this image in detail.", "",
     QT_TRANSLATE_NOOP("PromptTask", "Ask for a description of the image")},
    {"locate", "locate", QT_TRANSLATE_NOOP("PromptTask", "Locate"), "<|ref|>", "<|/ref|>",
     QT_TRANSLATE_NOOP("PromptTask", "Find something in the image: type what between the marks")},
    {"boxes", "boxes", QT_TRANSLATE_NOOP("PromptTask", "Describe with boxes"),
     "<|grounding|>Describe this image in detail.", "",
     QT_TRANSLATE_NOOP("PromptTask",
                       "Ask for a description with a box around each thing it names")},
    {"read", "read-text", QT_TRANSLATE_NOOP("PromptTask", "Read text"),
     "Read the text in the image.", "",
     QT_TRANSLATE_NOOP("PromptTask", "Ask for the text that is written in the image")},
}};

}  // namespace

std::span<const PromptTask> promptTasks() { return kTasks; }

QString promptTaskName(const PromptTask& task) {
  return QCoreApplication::translate(kContext, task.name);
}

QString promptTaskHint(const PromptTask& task) {
  return QCoreApplication::translate(kContext, task.hint);
}

bool isUntouchedTask(const QString& text) {
  return std::any_of(kTasks.begin(), kTasks.end(), [&](const PromptTask& task) {
    return text.trimmed() == QString::fromUtf8(task.before) + QString::fromUtf8(task.after);
  });
}

}  // namespace vl
