#include "ui/chat/box_warnings.h"

#include <QBoxLayout>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <algorithm>

#include "ui/widgets/safe_text.h"

namespace vl {
namespace {

constexpr std::size_t kMostLines = 6;
constexpr qsizetype kMostLetters = 160;  // of one warning: the raw text has the rest
constexpr QSize kRawSize(640, 420);

}  // namespace

BoxWarnings::BoxWarnings(QWidget* parent) : QFrame(parent), text_(new QLabel(this)) {
  setObjectName("notice");
  text_->setAccessibleName(tr("Boxes that could not be read"));
  text_->setTextFormat(Qt::PlainText);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* raw = new QPushButton(tr("Raw text"), this);
  raw->setAccessibleName(tr("Show the answer as the model wrote it"));
  connect(raw, &QPushButton::clicked, this, &BoxWarnings::showRaw);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 8, 8, 8);
  row->addWidget(text_, 1);
  row->addWidget(raw, 0, Qt::AlignTop);
  hide();
}

void BoxWarnings::setWarnings(const std::vector<std::string>& warnings, const std::string& raw) {
  raw_ = raw;
  QStringList lines{tr("%n part(s) of the boxes could not be read:", nullptr,
                       static_cast<int>(std::min<std::size_t>(warnings.size(), 1000000)))};
  const std::size_t shown = std::min(warnings.size(), kMostLines);
  for (std::size_t i = 0; i < shown; ++i) {
    QString line = safeText(warnings[i]).simplified();
    if (line.size() > kMostLetters) line = line.left(kMostLetters - 1) + QChar(0x2026);
    lines << QString::fromUtf8("• ") + line;
  }
  if (shown < warnings.size()) {
    lines << tr("and %n more", nullptr, static_cast<int>(warnings.size() - shown));
  }
  text_->setText(lines.join('\n'));
  setVisible(!warnings.empty());
}

int BoxWarnings::heightFor(int width) const { return layout()->totalHeightForWidth(width); }

void BoxWarnings::showRaw() {
  auto* dialog = new QDialog(window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("The answer as the model wrote it"));
  dialog->resize(kRawSize);
  auto* text = new QPlainTextEdit(safeText(raw_), dialog);
  text->setReadOnly(true);
  text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text->setAccessibleName(tr("Raw text"));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
  auto* column = new QVBoxLayout(dialog);
  column->addWidget(text);
  column->addWidget(buttons);
  dialog->open();
}

}  // namespace vl
