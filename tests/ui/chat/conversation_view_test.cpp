#include "ui/chat/conversation_view.h"

#include <QScrollBar>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/chat/conversation_model.h"
#include "ui/chat/message_widget.h"

namespace vl::test {
namespace {

ConversationItem message(int number, MessageRole role, const std::string& raw) {
  ConversationItem item;
  item.message.id = MessageId{number};
  item.message.role = role;
  item.message.raw = raw;
  return item;
}

std::vector<ConversationItem> manyMessages(int count) {
  std::vector<ConversationItem> items;
  for (int i = 0; i < count; ++i) {
    const bool question = i % 2 == 0;
    std::string raw = "Message " + std::to_string(i) + '.';
    for (int words = 0; words < (i * 37) % 200; ++words) raw += " word";
    items.push_back(message(i, question ? MessageRole::User : MessageRole::Assistant, raw));
  }
  return items;
}

}  // namespace

class ConversationViewTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    model_ = std::make_unique<ConversationModel>();
    view_ = std::make_unique<ConversationView>(*model_, loader_, palette_);
    view_->resize(600, 500);
    view_->show();
  }

  void cleanup() {
    view_.reset();
    model_.reset();
  }

  void fiveThousandMessagesOpenWithFewWidgets() {
    model_->setItems(manyMessages(5000));
    QVERIFY(view_->widgets().size() < 60);
    QVERIFY(view_->widgets().contains(4999));  // the end is what is shown
    bar()->setValue(bar()->maximum() / 2);
    QVERIFY(view_->widgets().size() < 60);
  }

  void staysAtTheEndWhileAnAnswerIsWritten() {
    model_->setItems(manyMessages(20));
    model_->append(message(20, MessageRole::Assistant, ""));
    for (int i = 0; i < 40; ++i) {
      model_->change(20, [](ConversationItem& item) { item.message.raw += "and more words. "; });
      QCOMPARE(bar()->value(), bar()->maximum());
    }
  }

  void doesNotMoveWhatThePersonScrolledTo() {
    model_->setItems(manyMessages(60));
    bar()->setValue(bar()->maximum() / 3);
    const auto [row, widget] = *std::next(view_->widgets().begin(), 3);
    const int before = widget->y();
    for (int i = 0; i < 40; ++i) {
      model_->change(59, [](ConversationItem& item) { item.message.raw += "and more words. "; });
    }
    QCOMPARE(view_->widgets().at(row)->y(), before);
  }

  void messagesStandBelowEachOther() {
    model_->setItems(manyMessages(30));
    int bottom = INT_MIN;
    for (const auto& [row, widget] : view_->widgets()) {
      QVERIFY(widget->y() > bottom);
      bottom = widget->y() + widget->height() - 1;
    }
  }

  void removedMessagesGo() {
    model_->setItems(manyMessages(10));
    model_->removeFrom(4);
    for (const auto& [row, widget] : view_->widgets()) QVERIFY(row < 4);
    model_->setItems({});
    QVERIFY(view_->widgets().empty());
  }

  void aNarrowWindowStillShowsEverything() {
    model_->setItems(manyMessages(10));
    view_->resize(200, 500);
    for (const auto& [row, widget] : view_->widgets()) {
      QVERIFY(widget->width() <= view_->viewport()->width());
    }
  }

 private:
  QScrollBar* bar() { return view_->verticalScrollBar(); }

  ImageLoader loader_;
  LabelPalette palette_;
  std::unique_ptr<ConversationModel> model_;
  std::unique_ptr<ConversationView> view_;
};

static const Registered<ConversationViewTest> kConversationViewTest;

}  // namespace vl::test

#include "conversation_view_test.moc"
