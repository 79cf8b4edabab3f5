#include "ui/history/session_file_actions.h"

#include <QDir>
#include <QFileDialog>
#include <QMenu>
#include <QProgressDialog>
#include <QStandardPaths>
#include <utility>

#include "storage/exchange/session_documents.h"
#include "ui/widgets/save_file_dialog.h"

namespace vl {
namespace {

constexpr int kSilentMs = 1000;  // what is done sooner needs no progress

struct FormatName {
  SessionTransfer::Format format;
  QString action;
  FileKind kind;
};

QList<FormatName> formats() {
  using Format = SessionTransfer::Format;
  return {
      {Format::Markdown,
       SessionFileActions::tr("Markdown with a folder of images…"),
       {SessionFileActions::tr("Markdown (*.md)"), "md"}},
      {Format::Html,
       SessionFileActions::tr("One HTML file…"),
       {SessionFileActions::tr("HTML (*.html)"), "html"}},
      {Format::Json,
       SessionFileActions::tr("JSON, to be imported again…"),
       {SessionFileActions::tr("JSON (*.json)"), "json"}},
  };
}

QString documents() { return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation); }

}  // namespace

SessionFileActions::SessionFileActions(SessionTransfer& transfer, QWidget& window)
    : QObject(&window), transfer_(transfer), window_(window) {
  connect(&transfer_, &SessionTransfer::progressed, this, [this](int permille) {
    if (progress_ != nullptr) progress_->setValue(permille);
  });
  connect(&transfer_, &SessionTransfer::exported, this, [this](const QString& file) {
    hideProgress();
    emit exported(file);
  });
  connect(&transfer_, &SessionTransfer::imported, this, [this](SessionId session) {
    hideProgress();
    emit imported(session);
  });
  connect(&transfer_, &SessionTransfer::failed, this, [this](const Error& error) {
    hideProgress();
    if (error.code != ErrorCode::Cancelled) emit problem(QString::fromStdString(error.what));
  });
}

void SessionFileActions::fillExportMenu(QMenu& menu, SessionId session, const QString& title) {
  for (const FormatName& name : formats()) {
    connect(
        menu.addAction(name.action), &QAction::triggered, this,
        [this, session, title, format = name.format] { exportSession(session, title, format); });
  }
}

void SessionFileActions::exportSession(SessionId session, const QString& title,
                                       SessionTransfer::Format format) {
  if (isBusy()) return;
  const FileKind kind = formats()[static_cast<qsizetype>(format)].kind;
  const QString name = QString::fromStdString(fileNameFor(title.toStdString()));
  const std::optional<FileToSave> target =
      askWhereToSave(&window_, tr("Export the session"),
                     QDir(documents()).filePath(name + '.' + kind.ending), {kind});
  if (!target) return;
  showProgress(tr("Exporting the session…"));
  transfer_.exportSession(session, format, target->file);
}

void SessionFileActions::importSession() {
  if (isBusy()) return;
  const QString file = QFileDialog::getOpenFileName(&window_, tr("Import a session"), documents(),
                                                    tr("Sessions (*.json);;All files (*)"));
  if (file.isEmpty()) return;
  showProgress(tr("Importing the session…"));
  transfer_.importSession(file);
}

bool SessionFileActions::isBusy() {
  if (progress_ != nullptr) progress_->show();
  return progress_ != nullptr;
}

void SessionFileActions::showProgress(const QString& text) {
  progress_ = new QProgressDialog(text, tr("Cancel"), 0, 1000, &window_);
  progress_->setWindowModality(Qt::WindowModal);
  progress_->setMinimumDuration(kSilentMs);
  progress_->setAutoClose(false);
  progress_->setAutoReset(false);
  progress_->setValue(0);
  connect(progress_, &QProgressDialog::canceled, &transfer_, &SessionTransfer::cancel);
}

void SessionFileActions::hideProgress() {
  if (QProgressDialog* progress = std::exchange(progress_, nullptr)) progress->deleteLater();
}

}  // namespace vl
