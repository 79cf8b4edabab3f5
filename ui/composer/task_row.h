#pragma once

#include <QWidget>
#include <vector>

#include "ui/composer/prompt_tasks.h"

class QAction;
class QMenu;
class QToolButton;

namespace vl {

/// The official tasks in one row: as many of the usual ones as fit as buttons, the others in the
/// menu at its end, which also chooses the language of the prompts.
class TaskRow final : public QWidget {
  Q_OBJECT
 public:
  explicit TaskRow(QWidget* parent = nullptr);

  PromptLanguage language() const { return language_; }
  void setLanguage(PromptLanguage language);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void picked(const vl::PromptForm& form);
  /// A person has chosen another one.
  void languageChanged(vl::PromptLanguage language);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Usual {
    QToolButton* button;
    QAction* entry;  // in the menu while the button does not fit
  };

  QToolButton* addButton(const char* icon, const QString& name, const QString& hint);
  void addTask(const PromptTask& task);
  QAction* addLanguage(const QString& name, PromptLanguage language);
  /// Shows what fits.
  void arrange();

  QMenu* menu_;
  QToolButton* more_;
  std::vector<Usual> usual_;
  QAction* english_;
  QAction* chinese_;
  PromptLanguage language_ = PromptLanguage::English;
};

}  // namespace vl
