#pragma once

#include <QObject>
#include <QString>

#include "ui/history/session_transfer.h"

class QMenu;
class QProgressDialog;
class QWidget;

namespace vl {

/// Asks for the files that sessions are exported to and imported from, and shows how far that is.
class SessionFileActions final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive the object.
  SessionFileActions(SessionTransfer& transfer, QWidget& window);

  /// An action for each format.
  void fillExportMenu(QMenu& menu, SessionId session, const QString& title);
  void importSession();

 signals:
  void exported(const QString& file);
  void imported(vl::SessionId session);
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  void exportSession(SessionId session, const QString& title, SessionTransfer::Format format);
  /// One file after the other; the one that is under way is shown.
  bool isBusy();
  void showProgress(const QString& text);
  void hideProgress();

  SessionTransfer& transfer_;
  QWidget& window_;
  QProgressDialog* progress_ = nullptr;  // while something is going on
};

}  // namespace vl
