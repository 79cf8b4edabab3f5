#include "ui/history/session_file_actions.h"

#include <QApplication>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QProgressDialog>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "tests/ui/ui_test.h"

namespace vl::test {

class SessionFileActionsTest : public QObject {
  Q_OBJECT
 private slots:
  void whileAFileIsWrittenNoOtherIsBegun() {
    const QTemporaryDir folder;
    SessionStore store = openStore(folder.filePath("data")).store;
    const SessionId session = store.createSession({"A title", "", "", ""})->id;
    SessionTransfer transfer(folder.filePath("data").toStdString());
    QWidget window;
    SessionFileActions actions(transfer, window);
    QSignalSpy exported(&actions, &SessionFileActions::exported);
    QMenu menu;
    actions.fillExportMenu(menu, session, "A title");
    QAction* json = menu.actions().last();

    QTimer::singleShot(0, &window, [&] {
      auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
      dialog->findChild<QLineEdit*>("fileNameEdit")->setText(folder.filePath("a"));
      QMetaObject::invokeMethod(dialog, "accept");
    });
    json->trigger();
    bool askedAgain = false;
    QTimer::singleShot(0, &window, [&] {
      auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
      askedAgain = dialog != nullptr;
      if (askedAgain) dialog->reject();
    });
    json->trigger();
    actions.importSession();
    auto* progress = window.findChild<QProgressDialog*>();
    QVERIFY(progress != nullptr && progress->isVisible());
    QVERIFY(waitUntil([&] { return exported.count() == 1; }));
    QVERIFY(!askedAgain);
    QCOMPARE(exported[0][0].toString(), folder.filePath("a.json"));
  }
};

static const Registered<SessionFileActionsTest> kSessionFileActionsTest;

}  // namespace vl::test

#include "session_file_actions_test.moc"
