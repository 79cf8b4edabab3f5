#include "ui/history/session_list_view.h"

#include <QApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/history/session_list_model.h"

namespace vl::test {

class SessionListViewTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    model_ = std::make_unique<SessionListModel>();
    model_->setSessions({session(3, "Third"), session(2, "Second"), session(1, "First")});
    view_ = std::make_unique<SessionListView>(*model_);
    view_->resize(220, 300);
    view_->show();
    view_->setShown(SessionId{3});
  }

  void cleanup() {
    view_.reset();
    model_.reset();
  }

  void aClickOpens() {
    const QSignalSpy opened(view_.get(), &SessionListView::opened);
    const QPoint second = view_->visualRect(model_->index(1)).center();
    QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, second);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].value<SessionId>(), SessionId{2});
  }

  void renamesInPlace() {
    const QSignalSpy renamed(model_.get(), &SessionListModel::renameWanted);
    view_->renameCurrent();
    auto* editor = view_->findChild<QLineEdit*>();
    QVERIFY(editor != nullptr);
    QCOMPARE(editor->text(), "Third");
    editor->setText("  A better name ");
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY(waitUntil([&] { return renamed.count() == 1; }));
    QCOMPARE(renamed[0][1].toString(), "A better name");
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
    QCOMPARE(wanted[0][0].value<SessionId>(), SessionId{3});
  }

  void theShownSessionStaysMarkedWhenTheOrderChanges() {
    const QSignalSpy opened(view_.get(), &SessionListView::opened);
    view_->setShown(SessionId{1});
    model_->setSessions({session(1, "First"), session(3, "Third"), session(2, "Second")});
    QCOMPARE(view_->currentIndex().row(), 0);
    QCOMPARE(opened.count(), 0);
    view_->setShown(std::nullopt);
    QVERIFY(!view_->currentIndex().isValid());
  }

 private:
  static SessionRecord session(int id, std::string title) {
    SessionRecord record;
    record.id = SessionId{id};
    record.settings.title = std::move(title);
    return record;
  }

  std::unique_ptr<SessionListModel> model_;
  std::unique_ptr<SessionListView> view_;
};

static const Registered<SessionListViewTest> kSessionListViewTest;

}  // namespace vl::test

#include "session_list_view_test.moc"
