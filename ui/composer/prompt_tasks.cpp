#include "ui/composer/prompt_tasks.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace vl {
namespace {

constexpr const char* kContext = "PromptTask";

constexpr std::array<PromptTask, 8> kTasks{{
    {"describe",
     "describe",
     QT_TRANSLATE_NOOP("PromptTask", "Describe"),
     QT_TRANSLATE_NOOP("PromptTask", "Ask for a description of the image"),
     {{{"Describe this image in detail.", ""}, {"请详细描述这张图片。", ""}}}},
    {"locate",
     "locate",
     QT_TRANSLATE_NOOP("PromptTask", "Locate"),
     QT_TRANSLATE_NOOP("PromptTask", "Find something in the image: type what between the marks"),
     {{{"<|ref|>", "<|/ref|>"}, {"<|ref|>", "<|/ref|>"}}}},
    {"boxes",
     "boxes",
     QT_TRANSLATE_NOOP("PromptTask", "Describe with boxes"),
     QT_TRANSLATE_NOOP("PromptTask", "Ask for a description with a box around each thing it names"),
     {{{"<|grounding|>Describe this image in detail.", ""},
       {"<|grounding|>请详细描述这张图片。", ""}}}},
    {"read",
     "read-text",
     QT_TRANSLATE_NOOP("PromptTask", "Read text"),
     QT_TRANSLATE_NOOP("PromptTask", "Ask for the text that is written in the image"),
     {{{"Read the text in the image.", ""}, {"请读出图片中的文字。", ""}}}},
    {"find-all",
     nullptr,
     QT_TRANSLATE_NOOP("PromptTask", "Find all"),
     QT_TRANSLATE_NOOP("PromptTask", "Find every thing of a kind: type which between the marks"),
     {{{"<|grounding|>Find all <|ref|>", "<|/ref|> in the image."},
       {"<|grounding|>找出图片中所有的<|ref|>", "<|/ref|>。"}}}},
    {"table",
     nullptr,
     QT_TRANSLATE_NOOP("PromptTask", "Table to Markdown"),
     QT_TRANSLATE_NOOP("PromptTask", "Ask for a table in the image as a Markdown table"),
     {{{"Convert the table in the image to Markdown.", ""},
       {"请把图片中的表格转换为 Markdown 格式。", ""}}}},
    {"compare",
     nullptr,
     QT_TRANSLATE_NOOP("PromptTask", "Compare images"),
     QT_TRANSLATE_NOOP("PromptTask", "Ask what differs between two images"),
     {{{"What are the differences between the first image and the second image?", ""},
       {"第一张图片和第二张图片有什么不同？", ""}}}},
    {"in-context",
     nullptr,
     QT_TRANSLATE_NOOP("PromptTask", "Find a marked thing"),
     QT_TRANSLATE_NOOP("PromptTask",
                       "Find in a second image what a red rectangle marks in the first one"),
     {{{"<|grounding|>In the first image, an object within the red rectangle is marked. Locate the "
        "object of the same category in the second image.",
        ""},
       {"<|grounding|>第一张图片中用红色矩形框标出了一个物体。请在第二张图片中找出同类的物体。",
        ""}}}},
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
  const QString trimmed = text.trimmed();
  return std::ranges::any_of(kTasks, [&](const PromptTask& task) {
    return std::ranges::any_of(task.forms, [&](const PromptForm& form) {
      return trimmed == QString::fromUtf8(form.before) + QString::fromUtf8(form.after);
    });
  });
}

bool lacksPhrase(const QString& text) {
  static const QRegularExpression empty(R"(<\|ref\|>\s*<\|/ref\|>)");
  return text.contains(empty);
}

}  // namespace vl
