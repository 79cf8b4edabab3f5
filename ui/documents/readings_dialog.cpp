#include "ui/documents/readings_dialog.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <utility>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

QString lineOf(const ReadingRecord& reading) {
  const QString day = QLocale().toString(
      QDateTime::fromMSecsSinceEpoch(reading.updated.time_since_epoch().count()).date(),
      QLocale::ShortFormat);
  const QString name = QString::fromStdString(reading.fileName).simplified();
  const int pages = static_cast<int>(reading.pages);
  const auto read = reading.pages - reading.waiting;
  return ReadingsDialog::tr("%1\n%2 of %n page(s) read · %3", nullptr, pages)
      .arg(name)
      .arg(read)
      .arg(day);
}

}  // namespace

ReadingsDialog::ReadingsDialog(std::vector<ReadingRecord> readings, Open open, Remove remove,
                               QWidget* parent)
    : QDialog(parent),
      readings_(std::move(readings)),
      open_(std::move(open)),
      remove_(std::move(remove)),
      list_(new QListWidget(this)),
      empty_(new QLabel(this)) {
  setWindowTitle(tr("Documents that are read"));
  resize(480, 400);
  list_->setAccessibleName(tr("Documents"));
  list_->setObjectName("readings");
  list_->setIconSize(QSize(22, 22));
  empty_->setText(tr("Open or drop a PDF and choose “Read the text…”."));
  empty_->setWordWrap(true);
  empty_->setProperty("role", "muted");
  empty_->setAlignment(Qt::AlignCenter);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  openButton_ = buttons->addButton(tr("Open"), QDialogButtonBox::ActionRole);
  delete_ = buttons->addButton(tr("Delete…"), QDialogButtonBox::DestructiveRole);
  openButton_->setDefault(true);
  for (QAbstractButton* button : buttons->buttons()) button->setAccessibleName(button->text());
  auto* column = new QVBoxLayout(this);
  column->addWidget(list_, 1);
  column->addWidget(empty_, 1);
  column->addWidget(buttons);
  for (const ReadingRecord& reading : readings_) {
    list_->addItem(
        new QListWidgetItem(themeIcon(reading.waiting > 0 ? "page" : "check"), lineOf(reading)));
  }
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(openButton_, &QPushButton::clicked, this, &ReadingsDialog::openCurrent);
  connect(delete_, &QPushButton::clicked, this, &ReadingsDialog::removeCurrent);
  connect(list_, &QListWidget::itemActivated, this, &ReadingsDialog::openCurrent);
  connect(list_, &QListWidget::currentRowChanged, this, &ReadingsDialog::refresh);
  list_->setCurrentRow(0);
  refresh();
}

void ReadingsDialog::refresh() {
  list_->setVisible(list_->count() > 0);
  empty_->setVisible(list_->count() == 0);
  openButton_->setEnabled(list_->currentRow() >= 0);
  delete_->setEnabled(list_->currentRow() >= 0);
}

void ReadingsDialog::openCurrent() {
  if (list_->currentRow() < 0) return;
  open_(readings_[static_cast<std::size_t>(list_->currentRow())]);
  accept();
}

void ReadingsDialog::removeCurrent() {
  const int row = list_->currentRow();
  if (row < 0) return;
  const ReadingRecord& reading = readings_[static_cast<std::size_t>(row)];
  const auto answer =
      QMessageBox::question(this, windowTitle(),
                            tr("Delete “%1” with the text that was read?")
                                .arg(QString::fromStdString(reading.fileName).simplified()));
  if (answer != QMessageBox::Yes || !remove_(reading)) return;
  readings_.erase(readings_.begin() + row);
  delete list_->takeItem(row);
  refresh();
}

}  // namespace vl
