#include <QAction>
#include <QDialog>
#include <QMenu>
#include <QMenuBar>
#include <QSplitter>
#include <QTest>
#include <QTreeWidget>

#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/history/session_groups_model.h"
#include "ui/history/session_list_view.h"
#include "ui/history/session_organizer.h"
#include "ui/history/sidebar.h"
#include "ui/window/shortcuts_dialog.h"

namespace vl::test {

/// What the window does for the desktop around it.
class DesktopTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    desk_ = openDesk(data(), director_);
  }

  void cleanup() { desk_.reset(); }

  void theWindowComesBackAsItWas() {
    desk_->window().resize(790, 640);  // the screen of the tests is small
    auto* columns = desk_->window().findChild<QSplitter*>("columns");
    QTest::qWait(10);
    columns->setSizes({200, 350, 240});
    const QList<int> sizes = columns->sizes();
    const QSize size = desk_->window().size();
    QVERIFY(size != QSize(1320, 820));
    desk_->window().close();
    restart();
    QCOMPARE(desk_->window().size(), size);
    columns = desk_->window().findChild<QSplitter*>("columns");
    QTest::qWait(10);
    QCOMPARE(columns->sizes(), sizes);
    QVERIFY(!columns->childrenCollapsible());
  }

  void foldedGroupsStayFolded() {
    ask("First");
    const FolderId folder = *desk_->controller().organizer().createFolder();
    QCOMPARE(unfoldedGroups(), (QStringList{"New folder", "Today"}));
    sessions().setExpanded(sessions().groups().indexOf(folder), false);
    QCOMPARE(unfoldedGroups(), QStringList{"Today"});
    desk_->window().close();
    restart();
    QCOMPARE(unfoldedGroups(), QStringList{"Today"});
    sessions().setExpanded(sessions().groups().indexOf(folder), true);
    desk_->window().close();
    restart();
    QCOMPARE(unfoldedGroups().size(), 2);
  }

  void damagedSettingsAreNoReasonNotToStart() {
    desk_.reset();
    QFile settings(data() + "/desk.ini");
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write(
        "[window]\ngeometry=@ByteArray(\\x1\\xff)\ncolumns=7\nsession=x\nfoldedGroups=@x(\n[["
        "\n\xff");
    settings.close();
    restart();
    QVERIFY(desk_->window().isVisible());
  }

  void theSessionThatWasShownIsShownAgain() {
    ask("First");
    const SessionId first = *desk_->controller().shownSession();
    desk_->controller().newSession();
    ask("Second");
    desk_->controller().openSession(first);
    desk_->window().close();
    restart();
    QVERIFY(desk_->controller().shownSession() == first);
  }

  void openedFilesAreRememberedTheLatestFirst() {
    const QString a = writePicture(*folder_, "a.png");
    const QString b = writePicture(*folder_, "b & c.png");
    desk_->window().attachFiles({a});
    desk_->window().attachFiles({b});
    desk_->window().attachFiles({a});
    QCOMPARE(desk_->recentFiles().files(), QStringList({a, b}));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    desk_->attachments().clear();  // a draft would bring them back
    restart();
    QMenu& menu = desk_->window().recentMenu();
    emit menu.aboutToShow();
    QCOMPARE(menu.actions().size(), 4);  // two files, a line, "Clear"
    QVERIFY(menu.actions()[1]->text().endsWith("b && c.png"));
    menu.actions()[1]->trigger();
    QVERIFY(waitUntil([&] { return desk_->attachments().entries().size() == 1; }));
    QFile::remove(a);
    emit menu.aboutToShow();
    QVERIFY(!menu.actions()[1]->isEnabled());
    menu.actions().last()->trigger();
    QVERIFY(waitUntil([&] { return desk_->recentFiles().files().isEmpty(); }));
  }

  void onlyTheLatestFilesAreKept() {
    QStringList files;
    for (int i = 0; i < 15; ++i) files << QString("/nowhere/%1.png").arg(i);
    desk_->recentFiles().add(files);
    QCOMPARE(desk_->recentFiles().files().size(), qsizetype{RecentFiles::kMost});
    QCOMPARE(desk_->recentFiles().files().first(), "/nowhere/14.png");
  }

  void theShortcutsPageListsEveryKeyOfTheMenus() {
    const ShortcutsDialog dialog(desk_->window());
    QStringList listed;
    for (const QTreeWidgetItem* item :
         dialog.findChild<QTreeWidget*>()->findItems("*", Qt::MatchWildcard | Qt::MatchRecursive)) {
      listed << item->text(1);
    }
    int keys = 0;
    for (const QAction* action : desk_->window().findChildren<QAction*>()) {
      if (action->shortcut().isEmpty() || action->text().isEmpty()) continue;
      ++keys;
      const QString key = action->shortcut().toString(QKeySequence::NativeText);
      QVERIFY2(listed.join(' ').contains(key), qPrintable(action->text() + ' ' + key));
    }
    QVERIFY(keys >= 8);
  }

  void noTwoActionsHaveTheSameKey() {
    QMap<QString, QString> owners;
    for (const QAction* action : desk_->window().findChildren<QAction*>()) {
      for (const QKeySequence& key : action->shortcuts()) {
        const QString text = action->text() + action->toolTip();
        const QString other = owners.value(key.toString());
        QVERIFY2(other.isEmpty() || other == text,
                 qPrintable(QString("%1: %2 and %3").arg(key.toString(), other, text)));
        owners[key.toString()] = text;
      }
    }
  }

  void anotherStartBringsItsFiles() {
    desk_->window().showMinimized();
    desk_->take({writePicture(*folder_, "dog.png")});
    QVERIFY(!desk_->window().isMinimized());
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    QCOMPARE(desk_->attachments().entries().size(), std::size_t{1});
  }

  void aNotificationIsSentOnlyWhenNobodyLooks() {
    QStringList said;
    desk_->notifier().setSend([&](const QString&, const QString& text) { said << text; });
    desk_->window().activateWindow();
    QVERIFY(waitUntil([&] { return QApplication::activeWindow() != nullptr; }));
    desk_->notifier().say("Seen anyway");
    desk_->window().hide();
    QVERIFY(waitUntil([&] { return QApplication::activeWindow() == nullptr; }));
    desk_->notifier().say("Done");
    QCOMPARE(said, QStringList("Done"));
  }

  void aShortAnswerIsNoReasonForANotification() {
    QStringList said;
    desk_->notifier().setSend([&](const QString&, const QString& text) { said << text; });
    ask("Quick");
    QCOMPARE(said, QStringList());
  }

 private:
  QString data() { return folder_->filePath("data"); }

  SessionListView& sessions() { return desk_->window().sidebar().list(); }

  QStringList unfoldedGroups() {
    const SessionGroupsModel& groups = sessions().groups();
    QStringList names;
    for (int row = 0; row < groups.rowCount(); ++row) {
      const QModelIndex group = groups.index(row, 0);
      if (sessions().isExpanded(group)) names << group.data().toString();
    }
    return names;
  }

  void restart() {
    desk_.reset();
    desk_ = openDesk(data(), director_);
  }

  void ask(const QString& text) {
    const int rows = desk_->controller().conversation().rowCount();
    ComposerEdit& edit = desk_->window().chat().composer().edit();
    QTest::keyClicks(&edit, text);
    QTest::keyClick(&edit, Qt::Key_Return);
    QVERIFY(waitUntil([&] {
      return desk_->controller().conversation().rowCount() == rows + 2 &&
             !desk_->controller().isAnswering();
    }));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<DesktopTest> kDesktopTest;

}  // namespace vl::test

#include "desktop_test.moc"
