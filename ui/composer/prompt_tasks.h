#pragma once

#include <QString>
#include <span>

namespace vl {

/// One of the official prompt forms (SPEC section 10): what stands before and after the words that
/// the person adds. Not translated: it is the models' language.
struct PromptTask {
  const char* id;      // names the button
  const char* icon;    // resources/icons
  const char* name;    // for the button, translated by promptTaskName()
  const char* before;  // the cursor stands between before and after
  const char* after;
  const char* hint;  // tooltip, translated by promptTaskHint()
};

std::span<const PromptTask> promptTasks();
QString promptTaskName(const PromptTask& task);
QString promptTaskHint(const PromptTask& task);

/// Whether the text is nothing but a task's form, without words of the person's own.
bool isUntouchedTask(const QString& text);

}  // namespace vl
