#pragma once

#include <QString>
#include <array>
#include <span>

namespace vl {

/// The languages in which the models were taught to be asked.
enum class PromptLanguage { English, Chinese };

/// What stands before and after the words that the person adds.
struct PromptForm {
  const char* before;  // the cursor stands between before and after
  const char* after;
};

/// A prompt form for one kind of question (SPEC section 10). Forms are not translated with the
/// window: they are the models' language.
struct PromptTask {
  const char* id;                   // names the button
  const char* icon;                 // resources/icons; null for a task of the menu
  const char* name;                 // for the button, translated by promptTaskName()
  const char* hint;                 // tooltip, translated by promptTaskHint()
  std::array<PromptForm, 2> forms;  // by PromptLanguage
};

/// The usual ones first: those have an icon.
std::span<const PromptTask> promptTasks();
QString promptTaskName(const PromptTask& task);
QString promptTaskHint(const PromptTask& task);

/// Whether the text is nothing but a task's form, without words of the person's own.
bool isUntouchedTask(const QString& text);
/// Whether nothing stands between the marks for a phrase.
bool lacksPhrase(const QString& text);

}  // namespace vl
