#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/chat/message_text.h"
#include "ui/chat/message_widget.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/history/search_panel.h"
#include "ui/history/search_results_model.h"
#include "ui/history/sidebar.h"

namespace vl::test {

/// Searching in the window, over a history written before.
class SearchTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    {
      SessionStore store = openStore(folder_->path()).store;
      first_ = addSession(store, "Holiday", 40, "Der rote Leuchtturm am Meer.");
      second_ = addSession(store, "Receipts", 4, "图中有一个红色的圆形。");
    }
    desk_ = openDesk(folder_->path(), std::make_shared<Director>());
    QVERIFY(QTest::qWaitForWindowActive(&desk_->window()));
  }

  void cleanup() {
    desk_.reset();
    folder_.reset();
  }

  void findFocusesTheField() {
    QTest::keySequence(&desk_->window(), QKeySequence::Find);
    QVERIFY(field()->hasFocus());
  }

  void findsWhileTypingAndShowsWhereItStands() {
    type("leucht");
    QVERIFY(waitUntil([&] { return results().rowCount() == 1; }));
    const QModelIndex hit = results().index(0);
    QCOMPARE(hit.data().toString(), "Holiday");
    const auto snippet = hit.data(SearchResultsModel::SnippetRole).value<EmphasisedText>();
    QCOMPARE(snippet.words(), QStringList{"Leuchtturm"});
    QVERIFY(!hit.data(Qt::AccessibleTextRole).toString().isEmpty());
  }

  void findsChineseWordsOfTwoCharacters() {
    type(QString::fromUtf8("红色"));
    QVERIFY(waitUntil([&] { return results().rowCount() == 1; }));
    QCOMPARE(results().at(0).session, std::optional(second_));
  }

  void enterOpensTheSessionAtTheMarkedMessage() {
    desk_->controller().openSession(second_);
    type("leuchtturm");
    QVERIFY(waitUntil([&] { return results().rowCount() == 1; }));
    QTest::keyClick(field(), Qt::Key_Return);
    QCOMPARE(desk_->controller().shownSession(), std::optional(first_));
    const int row = *desk_->controller().conversation().rowOf(*results().at(0).message);
    ConversationView& view = desk_->window().chat().conversation();
    const auto found = view.widgets().find(row);
    QVERIFY(found != view.widgets().end());
    QVERIFY(QRect(QPoint(), view.viewport()->size()).contains(found->second->pos()));
    const auto marks = found->second->findChild<MessageText*>()->extraSelections();
    QCOMPARE(marks.size(), 1);
    QCOMPARE(marks[0].cursor.selectedText(), "Leuchtturm");
    QVERIFY(field()->hasFocus());
    field()->clear();
    QVERIFY(found->second->findChild<MessageText*>()->extraSelections().isEmpty());
  }

  void aHitInABranchThatIsNotShownSwitchesToIt() {
    MessageId old{};
    {
      SessionStore store = openStore(folder_->path()).store;
      old = store.loadSession(second_)->messages[1].id;
      const MessageId again = *store.beginAnswer(second_, old);
      QVERIFY(store.finishAnswer(again, "a newer version", {}, {}).has_value());
    }
    desk_->controller().openSession(first_);
    desk_->controller().openSession(second_);
    QVERIFY(!desk_->controller().conversation().rowOf(old));
    QVERIFY(desk_->controller().openMessage(second_, old));
    QVERIFY(desk_->controller().conversation().rowOf(old).has_value());
  }

  void arrowKeysMoveThroughTheResults() {
    type("word");
    QVERIFY(waitUntil([&] { return results().rowCount() > 2; }));
    auto* list = panel().findChild<QListView*>();
    QCOMPARE(list->currentIndex().row(), 0);
    QTest::keyClick(field(), Qt::Key_Down);
    QTest::keyClick(field(), Qt::Key_Down);
    QCOMPARE(list->currentIndex().row(), 2);
    QTest::keyClick(field(), Qt::Key_Up);
    QCOMPARE(list->currentIndex().row(), 1);
    QVERIFY(field()->hasFocus());
  }

  void escapeClearsAndThenLeaves() {
    type("leuchtturm");
    QVERIFY(panel().isVisible());
    QTest::keyClick(field(), Qt::Key_Escape);
    QVERIFY(field()->text().isEmpty());
    QVERIFY(!panel().isVisible());
    QTest::keyClick(field(), Qt::Key_Escape);
    QVERIFY(desk_->window().chat().composer().edit().hasFocus());
  }

  void sayWhenNothingWasFound() {
    type("xylophone");
    auto* text = panel().findChild<QLabel*>();
    QVERIFY(waitUntil([&] { return text->isVisible() && !text->text().isEmpty(); }));
  }

  void onlyTheLastQueryIsAnswered() {
    for (const char* typed : {"w", "wo", "wor", "word", "word leuchtturm"}) field()->setText(typed);
    QVERIFY(waitUntil([&] { return panel().findChild<QLabel*>()->isVisible(); }));
    QCOMPARE(results().rowCount(), 0);
  }

 private:
  static SessionId addSession(SessionStore& store, const char* title, int turns,
                              const std::string& answer) {
    SessionSettings settings;
    settings.title = title;
    const SessionId session = store.createSession(settings)->id;
    for (int i = 0; i < turns; ++i) {
      if (!store.appendUserMessage(session, "word " + std::to_string(i), {})) qFatal("question");
      const MessageId id = *store.beginAnswer(session);
      const std::string text = i == turns / 2 ? answer : "Some lines.\n\nAnd more of them.";
      if (!store.finishAnswer(id, text, {}, {})) qFatal("answer");
    }
    return session;
  }

  QLineEdit* field() { return desk_->window().sidebar().findChild<QLineEdit*>(); }
  SearchPanel& panel() { return desk_->window().sidebar().searchPanel(); }
  const SearchResultsModel& results() { return panel().results(); }
  void type(const QString& text) {
    field()->setFocus();
    field()->insert(text);
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<Desk> desk_;
  SessionId first_{};
  SessionId second_{};
};

static const Registered<SearchTest> kSearchTest;

}  // namespace vl::test

#include "search_test.moc"
