#include "ui/history/session_list_view.h"

#include <QApplication>
#include <QDateTime>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/history/session_groups_model.h"
#include "ui/history/session_list_model.h"
#include "ui/history/session_organizer.h"

namespace vl::test {

class SessionListViewTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    store_ = std::make_unique<SessionStore>(openStore(folder_->path()).store);
    for (const char* title : {"First", "Second", "Third"}) {
      ids_.push_back(store_->createSession({title, "", "", ""})->id);
      QTest::qSleep(3);  // longer than the clock's resolution
    }
    model_ = std::make_unique<SessionListModel>();
    organizer_ = std::make_unique<SessionOrganizer>(*store_, *model_);
    organizer_->reload();
    connect(model_.get(), &SessionListModel::renameWanted, organizer_.get(),
            [this](SessionId id, const QString& title) {
              QVERIFY(store_->renameSession(id, title.toStdString()).has_value());
              organizer_->reload();
            });
    view_ = std::make_unique<SessionListView>(*model_, *organizer_);
    view_->resize(220, 400);
    view_->show();
    view_->setShown(ids_[2]);
  }

  void cleanup() {
    view_.reset();
    organizer_.reset();
    model_.reset();
    store_.reset();
    folder_.reset();
    ids_.clear();
  }

  void aClickOpens() {
    const QSignalSpy opened(view_.get(), &SessionListView::opened);
    click(groups().indexOf(ids_[1]));
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].value<SessionId>(), ids_[1]);
  }

  void renamesInPlace() {
    view_->renameCurrent();
    typeName("  A better name ");
    QVERIFY(waitUntil([&] { return titleOf(ids_[2]) == "A better name"; }));
  }

  void f2AndADoubleClickRename() {
    QTest::keyClick(view_.get(), Qt::Key_F2);
    QVERIFY(editor() != nullptr);
    QTest::keyClick(editor(), Qt::Key_Escape);
    QVERIFY(waitUntil([&] { return editor() == nullptr; }));
    const QPoint place = view_->visualRect(groups().indexOf(ids_[0])).center();
    QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(view_->viewport(), Qt::LeftButton, {}, place);
    QVERIFY(editor() != nullptr);
    QCOMPARE(editor()->text(), "First");
  }

  void anEmptyNameIsNoName() {
    const QSignalSpy renamed(model_.get(), &SessionListModel::renameWanted);
    QVERIFY(!model_->setData(model_->index(0), "  ", Qt::EditRole));
    QCOMPARE(renamed.count(), 0);
  }

  void deleteAsksForTheCurrentSession() {
    const QSignalSpy wanted(view_.get(), &SessionListView::deleteWanted);
    QTest::keyClick(view_.get(), Qt::Key_Delete);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted[0][0].value<SessionId>(), ids_[2]);
  }

  void theShownSessionStaysMarkedWhenTheOrderChanges() {
    const QSignalSpy opened(view_.get(), &SessionListView::opened);
    view_->setShown(ids_[0]);
    QVERIFY(store_->appendUserMessage(ids_[0], "newer", {}).has_value());
    organizer_->reload();
    QCOMPARE(view_->currentSession(), std::optional(ids_[0]));
    QCOMPARE(view_->currentIndex().row(), 0);
    QCOMPARE(opened.count(), 0);
    view_->setShown(std::nullopt);
    QVERIFY(!view_->currentIndex().isValid());
  }

  void pinnedSessionsStandOnTop() {
    QCOMPARE(headings(), QStringList{"Today"});
    organizer_->pin(ids_[0], true);
    QCOMPARE(headings(), (QStringList{"Pinned", "Today"}));
    QCOMPARE(groups().indexOf(ids_[0]).parent().row(), 0);
    organizer_->pin(ids_[0], false);
    QCOMPARE(headings(), QStringList{"Today"});
  }

  void sessionsAreGroupedByDay() {
    std::vector<SessionRecord> sessions;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const qint64 noon =
        now - QTime::currentTime().msecsSinceStartOfDay() + 12 * 3600 * qint64{1000};
    for (const int days : {0, 1, 2, 7, 8, 30, 31, 400}) {
      SessionRecord session;
      session.id = SessionId{1000 + days};
      session.updated = Timestamp(std::chrono::milliseconds(noon - days * 86'400'000LL));
      sessions.push_back(session);
    }
    model_->setSessions(sessions);
    QCOMPARE(headings(),
             (QStringList{"Today", "Yesterday", "Previous 7 days", "Previous 30 days", "Older"}));
    QStringList counts;
    for (int row = 0; row < groups().rowCount(); ++row) {
      counts << QString::number(groups().rowCount(groups().index(row, 0)));
    }
    QCOMPARE(counts.join(' '), "1 1 2 2 2");
  }

  void aFolderIsCreatedNamedFilledAndRemoved() {
    view_->addFolder(ids_[1]);
    typeName("Work & play");
    QVERIFY(waitUntil([&] { return headings().contains("Work & play"); }));
    const QModelIndex heading = groups().indexOf(ids_[1]).parent();
    QCOMPARE(heading.data().toString(), "Work & play");
    organizer_->removeFolder(*groups().folderAt(heading));
    QCOMPARE(headings(), QStringList{"Today"});
    QVERIFY(groups().indexOf(ids_[1]).isValid());
  }

  void newFoldersGetNamesOfTheirOwn() {
    QVERIFY(organizer_->createFolder() && organizer_->createFolder());
    QCOMPARE(headings(), (QStringList{"New folder", "New folder 2", "Today"}));
  }

  void aNameThatIsTakenIsRefusedWithASentence() {
    const QSignalSpy problem(organizer_.get(), &SessionOrganizer::problem);
    const FolderId first = *organizer_->createFolder();
    organizer_->createFolder();
    organizer_->renameFolder(first, "New folder 2");
    QCOMPARE(problem.count(), 1);
    QCOMPARE(headings(), (QStringList{"New folder", "New folder 2", "Today"}));
  }

  void draggingMovesIntoAFolderAndOut() {
    const FolderId folder = *organizer_->createFolder();
    drop(ids_[0], groups().indexOf(folder));
    QCOMPARE(model_->at(*model_->rowOf(ids_[0])).folder, std::optional(folder));
    drop(ids_[1], groups().indexOf(ids_[0]));  // onto a session of the folder
    QCOMPARE(model_->at(*model_->rowOf(ids_[1])).folder, std::optional(folder));
    drop(ids_[0], groups().indexOf(ids_[2]));  // onto one of today's
    QVERIFY(!model_->at(*model_->rowOf(ids_[0])).folder);
    organizer_->pin(ids_[2], true);
    drop(ids_[1], groups().indexOf(ids_[2]));
    QVERIFY(model_->at(*model_->rowOf(ids_[1])).pinned);
    QMimeData other;
    other.setText("1");
    QVERIFY(!model().dropMimeData(&other, Qt::MoveAction, -1, -1, groups().index(0, 0)));
  }

  void aFoldedGroupStaysFolded() {
    const QModelIndex today = groups().index(0, 0);
    click(today);
    QCOMPARE(view_->selectionModel()->selectedIndexes().size(), 1);
    QVERIFY(view_->selectionModel()->isSelected(groups().indexOf(ids_[2])));
    QVERIFY(!view_->isExpanded(groups().index(0, 0)));
    organizer_->createFolder();  // the groups are built anew
    QVERIFY(!view_->isExpanded(groups().indexOf(ids_[0]).parent()));
    view_->setShown(ids_[0]);
    QVERIFY(!view_->isExpanded(groups().indexOf(ids_[0]).parent()));
    click(groups().indexOf(ids_[0]).parent());
    QVERIFY(view_->isExpanded(groups().indexOf(ids_[0]).parent()));
  }

 private:
  const SessionGroupsModel& groups() { return view_->groups(); }
  QAbstractItemModel& model() { return *view_->model(); }
  QString titleOf(SessionId id) { return groups().indexOf(id).data().toString(); }
  QLineEdit* editor() { return view_->viewport()->findChild<QLineEdit*>(); }

  void click(const QModelIndex& index) {
    QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, view_->visualRect(index).center());
  }
  void typeName(const QString& name) {
    QVERIFY(editor() != nullptr);
    editor()->setText(name);
    QTest::keyClick(editor(), Qt::Key_Return);
  }
  void drop(SessionId session, const QModelIndex& target) {
    const std::unique_ptr<QMimeData> data(model().mimeData({groups().indexOf(session)}));
    QVERIFY(model().canDropMimeData(data.get(), Qt::MoveAction, -1, -1, target));
    model().dropMimeData(data.get(), Qt::MoveAction, -1, -1, target);
  }
  QStringList headings() {
    QStringList names;
    for (int row = 0; row < groups().rowCount(); ++row) {
      names << groups().index(row, 0).data().toString();
    }
    return names;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<SessionStore> store_;
  std::vector<SessionId> ids_;
  std::unique_ptr<SessionListModel> model_;
  std::unique_ptr<SessionOrganizer> organizer_;
  std::unique_ptr<SessionListView> view_;
};

static const Registered<SessionListViewTest> kSessionListViewTest;

}  // namespace vl::test

#include "session_list_view_test.moc"
