#include "ui/history/trash_dialog.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

#include "ui/chat/chat_controller.h"

namespace vl {

TrashDialog::TrashDialog(ChatController& controller, QWidget* parent)
    : QDialog(parent), controller_(controller), list_(new QListWidget(this)) {
  setWindowTitle(tr("Trash"));
  resize(460, 360);
  auto* hint = new QLabel(
      tr("Sessions stay here for %1 days before they are gone.").arg(SessionStore::kTrashDays));
  hint->setProperty("role", "muted");
  hint->setWordWrap(true);
  list_->setAccessibleName(tr("Deleted sessions"));
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setTextElideMode(Qt::ElideMiddle);  // the day stands at the end
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  restore_ = buttons->addButton(tr("Restore"), QDialogButtonBox::ActionRole);
  delete_ = buttons->addButton(tr("Delete for good"), QDialogButtonBox::DestructiveRole);
  for (QAbstractButton* button : buttons->buttons()) button->setAccessibleName(button->text());
  restore_->setAutoDefault(false);
  delete_->setAutoDefault(false);
  buttons->button(QDialogButtonBox::Close)->setDefault(true);  // Enter changes nothing
  auto* column = new QVBoxLayout(this);
  column->addWidget(hint);
  column->addWidget(list_, 1);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(restore_, &QPushButton::clicked, this, &TrashDialog::restore);
  connect(delete_, &QPushButton::clicked, this, &TrashDialog::deleteForGood);
  connect(list_, &QListWidget::itemDoubleClicked, this, &TrashDialog::restore);
  connect(list_, &QListWidget::itemSelectionChanged, this, [this] {
    restore_->setEnabled(!list_->selectedItems().isEmpty());
    delete_->setEnabled(restore_->isEnabled());
  });
  reload();
}

void TrashDialog::reload() {
  list_->clear();
  for (const SessionRecord& session : controller_.trash()) {
    const qint64 deletedMs = session.deleted->time_since_epoch().count();
    const QString day =
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(deletedMs).date(), QLocale::ShortFormat);
    const QString title = QString::fromStdString(session.settings.title).simplified();
    auto* item = new QListWidgetItem(tr("%1 (deleted %2)").arg(title, day), list_);
    item->setData(Qt::UserRole, static_cast<qint64>(session.id));
  }
  if (list_->count() > 0) list_->setCurrentRow(0);
  restore_->setEnabled(list_->count() > 0);
  delete_->setEnabled(list_->count() > 0);
}

std::vector<SessionId> TrashDialog::selected() const {
  std::vector<SessionId> sessions;
  for (const QListWidgetItem* item : list_->selectedItems()) {
    sessions.push_back(SessionId{item->data(Qt::UserRole).toLongLong()});
  }
  return sessions;
}

void TrashDialog::restore() {
  for (const SessionId session : selected()) controller_.restoreSession(session);
  reload();
}

void TrashDialog::deleteForGood() {
  const std::vector<SessionId> sessions = selected();
  QMessageBox question(
      QMessageBox::Warning, windowTitle(),
      tr("Delete %n session(s) for good?", nullptr, static_cast<int>(sessions.size())),
      QMessageBox::Cancel, this);
  const QPushButton* yes = question.addButton(delete_->text(), QMessageBox::DestructiveRole);
  question.setDefaultButton(QMessageBox::Cancel);
  question.exec();
  if (question.clickedButton() != yes) return;
  for (const SessionId session : sessions) controller_.deleteSession(session);
  reload();
}

}  // namespace vl
