#include "ui/models/text_dialog.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QFile>
#include <QPlainTextEdit>
#include <QPushButton>

#include "ui/widgets/path_text.h"

namespace vl {
namespace {

constexpr qint64 kMostBytes = 1 << 20;  // no licence is longer

QString textOf(const std::filesystem::path& path) {
  QFile file(pathText(path));
  if (!file.open(QIODevice::ReadOnly)) {
    return TextDialog::tr("%1 could not be read: %2").arg(file.fileName(), file.errorString());
  }
  QString text = QString::fromUtf8(file.read(kMostBytes));
  if (!file.atEnd()) text += '\n' + TextDialog::tr("The rest is in %1.").arg(file.fileName());
  return text;
}

}  // namespace

TextDialog::TextDialog(const QString& title, const std::filesystem::path& file, QWidget* parent)
    : QDialog(parent) {
  setWindowTitle(title);
  resize(640, 520);
  auto* text = new QPlainTextEdit(textOf(file), this);
  text->setReadOnly(true);
  text->setTabChangesFocus(true);
  text->setAccessibleName(title);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addWidget(text);
  column->addWidget(buttons);
}

}  // namespace vl
