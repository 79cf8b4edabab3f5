#include "ui/documents/page_picker.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStyle>

#include "inference/documents/page_ranges.h"
#include "ui/documents/open_document.h"
#include "ui/documents/page_list_view.h"
#include "ui/widgets/elided_label.h"

namespace vl {
namespace {

constexpr QSize kSize(760, 620);
constexpr int kWidestForm = 380;

/// In the middle, with room around.
QWidget* centred(QWidget* inside) {
  inside->setFixedWidth(kWidestForm);
  auto* page = new QWidget;
  auto* row = new QHBoxLayout;
  row->addStretch(1);
  row->addWidget(inside);
  row->addStretch(1);
  auto* column = new QVBoxLayout(page);
  column->addStretch(2);
  column->addLayout(row);
  column->addStretch(3);
  return page;
}

}  // namespace

PagePicker::PagePicker(const QString& path, std::size_t mostAttached, QWidget* parent)
    : QDialog(parent),
      mostAttached_(mostAttached),
      document_(new OpenDocument(path, this)),
      stack_(new QStackedWidget(this)) {
  setWindowTitle(tr("Choose pages"));
  resize(kSize);
  auto* name = new ElidedLabel(Qt::ElideMiddle, this);
  name->setFullText(document_->name());
  QFont bold = font();
  bold.setWeight(QFont::DemiBold);
  name->setFont(bold);

  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  attach_ = buttons->addButton(tr("Add to the question"), QDialogButtonBox::AcceptRole);
  read_ = buttons->addButton(tr("Read the text…"), QDialogButtonBox::ActionRole);
  read_->setObjectName("readPages");
  attach_->setDefault(true);
  read_->setAutoDefault(false);
  read_->setToolTip(tr("Read these pages one after the other, as text that can be saved"));
  for (QAbstractButton* button : buttons->buttons()) button->setAccessibleName(button->text());
  stack_->addWidget(makeWaiting());
  stack_->addWidget(makeLocked());
  stack_->addWidget(makePages());
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(name);
  column->addWidget(stack_, 1);
  column->addWidget(buttons);

  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(attach_, &QPushButton::clicked, this, [this] { choose(Choice::Attach); });
  connect(read_, &QPushButton::clicked, this, [this] { choose(Choice::Read); });
  connect(document_, &OpenDocument::opened, this, &PagePicker::showPages);
  connect(document_, &OpenDocument::failed, this, &PagePicker::showFailure);
  refresh();
  document_->open({});
}

QWidget* PagePicker::makeWaiting() {
  waiting_ = new QLabel(tr("Opening the document…"));
  waiting_->setTextFormat(Qt::PlainText);
  waiting_->setWordWrap(true);
  waiting_->setAlignment(Qt::AlignCenter);
  return centred(waiting_);
}

QWidget* PagePicker::makeLocked() {
  auto* form = new QWidget;
  locked_ = new QLabel(form);
  locked_->setTextFormat(Qt::PlainText);
  locked_->setWordWrap(true);
  password_ = new QLineEdit(form);
  password_->setObjectName("documentPassword");
  password_->setEchoMode(QLineEdit::Password);
  password_->setAccessibleName(tr("Password of the document"));
  password_->setPlaceholderText(tr("Password"));
  unlock_ = new QPushButton(tr("Open"), form);
  unlock_->setAccessibleName(tr("Open with this password"));
  unlock_->setProperty("role", "primary");
  auto* row = new QHBoxLayout;
  row->addWidget(password_, 1);
  row->addWidget(unlock_);
  auto* column = new QVBoxLayout(form);
  column->addWidget(locked_);
  column->addLayout(row);
  connect(unlock_, &QPushButton::clicked, this, &PagePicker::tryPassword);
  return centred(form);
}

QWidget* PagePicker::makePages() {
  auto* page = new QWidget;
  pages_ = new PageListView(*document_, page);
  written_ = new QLineEdit(page);
  written_->setObjectName("writtenPages");
  written_->setAccessibleName(tr("Pages to choose"));
  written_->setPlaceholderText(tr("for example 1-3, 5"));
  written_->setClearButtonEnabled(true);
  auto* label = new QLabel(tr("&Pages:"), page);
  label->setBuddy(written_);
  auto* all = new QPushButton(tr("&All"), page);
  all->setAccessibleName(tr("Choose all pages"));
  all->setAutoDefault(false);
  hint_ = new QLabel(page);
  hint_->setTextFormat(Qt::PlainText);
  hint_->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->addWidget(label);
  row->addWidget(written_, 1);
  row->addWidget(all);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(pages_, 1);
  column->addLayout(row);
  column->addWidget(hint_);
  connect(pages_, &PageListView::chosenChanged, this, &PagePicker::writeChosen);
  connect(pages_, &PageListView::activated, this, [this] {
    if (attach_->isEnabled()) choose(Choice::Attach);
  });
  connect(written_, &QLineEdit::textEdited, this, &PagePicker::readWritten);
  connect(all, &QPushButton::clicked, pages_, &QAbstractItemView::selectAll);
  return page;
}

void PagePicker::showFailure(const Error& error) {
  const QString what = QString::fromStdString(error.what);
  if (error.code != ErrorCode::InvalidArgument) {  // anything but the password
    waiting_->setText(what);
    stack_->setCurrentIndex(0);
    return refresh();
  }
  locked_->setText(what);
  password_->setEnabled(true);
  password_->selectAll();
  stack_->setCurrentIndex(1);
  password_->setFocus();
  unlock_->setEnabled(true);
  unlock_->setDefault(true);
  refresh();
}

void PagePicker::tryPassword() {
  password_->setEnabled(false);
  unlock_->setEnabled(false);
  document_->open(password_->text());
}

void PagePicker::showPages() {
  attach_->setDefault(true);
  stack_->setCurrentIndex(2);
  const std::size_t first = 0;
  pages_->choose({&first, 1});
  pages_->setCurrentIndex(pages_->model()->index(0, 0));
  pages_->setFocus();
  refresh();
}

void PagePicker::writeChosen() {
  const QSignalBlocker quiet(written_);
  if (!written_->hasFocus()) {
    written_->setText(QString::fromStdString(formatPageRanges(pages_->chosen())));
  }
  refresh();
}

void PagePicker::readWritten() {
  const QString text = written_->text();
  if (text.trimmed().isEmpty()) {
    pages_->choose({});
    return refresh();
  }
  const auto pages = parsePageRanges(text.toStdString(), document_->pageCount());
  if (!pages) return refresh(QString::fromStdString(pages.error().what));
  pages_->choose(*pages);
  refresh();
}

void PagePicker::refresh(const QString& problem) {
  const std::size_t count =
      stack_->currentIndex() == 2 && problem.isEmpty() ? pages_->chosen().size() : 0;
  const bool tooMany = count > mostAttached_;
  attach_->setEnabled(count > 0 && !tooMany);
  read_->setEnabled(count > 0);
  QString hint = problem;
  if (problem.isEmpty() && tooMany) {
    hint = tr("The question has room for %n more image(s); reading the text has no such limit.",
              nullptr, static_cast<int>(mostAttached_));
  } else if (problem.isEmpty()) {
    hint =
        tr("%1 of %n page(s) chosen", nullptr, static_cast<int>(document_->pageCount())).arg(count);
  }
  hint_->setProperty("role", problem.isEmpty() ? "muted" : "error");
  hint_->style()->unpolish(hint_);
  hint_->style()->polish(hint_);
  hint_->setText(hint);
}

void PagePicker::choose(Choice choice) {
  const std::vector<std::size_t> pages = pages_->chosen();
  if (pages.empty()) return;
  emit chosen(choice, pages);
  accept();
}

}  // namespace vl
