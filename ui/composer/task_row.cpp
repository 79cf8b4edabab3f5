#include "ui/composer/task_row.h"

#include <QActionGroup>
#include <QEvent>
#include <QMenu>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr QSize kIconSize(18, 18);
constexpr int kGap = 6;

}  // namespace

TaskRow::TaskRow(QWidget* parent)
    : QWidget(parent),
      menu_(new QMenu(this)),
      more_(addButton("more", tr("More"), tr("More to ask for, and the language of it"))) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  menu_->setToolTipsVisible(true);
  for (const PromptTask& task : promptTasks()) addTask(task);
  menu_->addSection(tr("Ask in"));
  // each in its own language, for who reads that one only
  english_ = addLanguage("English", PromptLanguage::English);
  chinese_ = addLanguage("中文", PromptLanguage::Chinese);
  auto* languages = new QActionGroup(menu_);
  languages->addAction(english_);
  languages->addAction(chinese_);
  english_->setChecked(true);
  more_->setObjectName("moreTasks");
  more_->setMenu(menu_);
  more_->setPopupMode(QToolButton::InstantPopup);
  more_->raise();  // last in the order of Tab, too
  for (const Usual& usual : usual_) setTabOrder(usual.button, more_);
}

QToolButton* TaskRow::addButton(const char* icon, const QString& name, const QString& hint) {
  auto* button = new QToolButton(this);
  button->setIcon(themeIcon(icon));
  button->setIconSize(kIconSize);
  button->setText(name);
  button->setAccessibleName(name);
  button->setToolTip(hint);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setProperty("role", "chip");
  return button;
}

void TaskRow::addTask(const PromptTask& task) {
  const auto pick = [this, &task] { emit picked(task.forms[static_cast<std::size_t>(language_)]); };
  QAction* entry = menu_->addAction(promptTaskName(task), this, pick);
  entry->setObjectName(QString("task-") + task.id);
  entry->setToolTip(promptTaskHint(task));
  if (task.icon == nullptr) return;
  QToolButton* button = addButton(task.icon, promptTaskName(task), promptTaskHint(task));
  button->setObjectName(entry->objectName());
  connect(button, &QToolButton::clicked, this, pick);
  usual_.push_back({button, entry});
}

QAction* TaskRow::addLanguage(const QString& name, PromptLanguage language) {
  QAction* action = menu_->addAction(name, this, [this, language] {
    language_ = language;
    emit languageChanged(language);
  });
  action->setCheckable(true);
  return action;
}

void TaskRow::setLanguage(PromptLanguage language) {
  language_ = language;
  (language == PromptLanguage::Chinese ? chinese_ : english_)->setChecked(true);
}

QSize TaskRow::sizeHint() const {
  QSize size = more_->sizeHint();
  for (const Usual& usual : usual_) size.rwidth() += usual.button->sizeHint().width() + kGap;
  return size;
}

QSize TaskRow::minimumSizeHint() const { return more_->sizeHint(); }

void TaskRow::arrange() {
  const int last = width() - more_->sizeHint().width();
  int x = 0;
  bool fits = true;
  const auto place = [&](QToolButton* button) {
    const QSize size = button->sizeHint();
    button->setGeometry(QStyle::visualRect(layoutDirection(), rect(),
                                           {QPoint(x, (height() - size.height()) / 2), size}));
    x += size.width() + kGap;
  };
  for (const Usual& usual : usual_) {
    fits = fits && x + usual.button->sizeHint().width() + kGap <= last;
    usual.button->setVisible(fits);
    usual.entry->setVisible(!fits);
    if (fits) place(usual.button);
  }
  place(more_);
}

void TaskRow::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

bool TaskRow::event(QEvent* event) {
  const bool handled = QWidget::event(event);
  if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::LayoutDirectionChange) {
    updateGeometry();
    arrange();
  }
  return handled;
}

}  // namespace vl
