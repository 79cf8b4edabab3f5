#include "ui/chat/answer_widget.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QTest>
#include <QToolButton>
#include <memory>

#include "tests/ui/ui_test.h"
#include "ui/chat/message_text.h"

namespace vl::test {

class AnswerWidgetTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    widget_ = std::make_unique<AnswerWidget>(palette_);
    item_ = {};
    item_.message.role = MessageRole::Assistant;
  }

  void copiesTextMarkdownAndBoxes() {
    show("A **big** <|ref|>dog<|/ref|><|det|>[[100, 200, 500, 700]]<|/det|>.",
         {{"dog", 0, {100, 200, 500, 700}, {40.9, 60, 200, 210.5}}});
    QCOMPARE(copied("Copy as text"), "A big dog.");
    QCOMPARE(copied("Copy as Markdown"), "A **big** dog.");
    const QJsonObject json =
        QJsonDocument::fromJson(copied("Copy with boxes as JSON").toUtf8()).object();
    QCOMPARE(json["text"].toString(), "A big dog.");
    const QJsonObject box = json["boxes"][0].toObject();
    QCOMPARE(box["label"].toString(), "dog");
    QCOMPARE(box["image"].toInt(-1), 0);
    QCOMPARE(box["box"].toVariant().toList(), QVariantList({40.0, 60.0, 200.0, 210.0}));
    QCOMPARE(box["grid"].toVariant().toList(), QVariantList({100.0, 200.0, 500.0, 700.0}));
  }

  void eachPieceOfCodeHasAButtonThatCopiesIt() {
    show("```\nfirst\n```\n\nand\n\n```\nsecond\n  line\n```");
    const auto buttons = text().findChildren<QToolButton*>();
    QCOMPARE(buttons.size(), 2);
    QVERIFY(buttons[0]->geometry().bottom() < buttons[1]->geometry().top());
    QVERIFY(text().rect().contains(buttons[1]->geometry()));
    QTest::mouseClick(buttons[1], Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), "second\n  line");
  }

  void aTagThatIsStillComingIsNotShown() {
    item_.message.state = MessageState::Streaming;
    show("A <|re");
    QCOMPARE(text().toPlainText(), "A");
    show("A <|ref|>dog<|/ref|>");
    QCOMPARE(text().toPlainText(), "A dog");
    show("Quite another text");
    QCOMPARE(text().toPlainText(), "Quite another text");
  }

  void cleanup() { widget_.reset(); }

 private:
  MessageText& text() { return *widget_->findChild<MessageText*>(); }

  void show(const std::string& raw, std::vector<GroundedBox> boxes = {}) {
    item_.message.raw = raw;
    item_.message.boxes = std::move(boxes);
    widget_->setItem(item_);
    widget_->resize(500, widget_->arrange(500));
    widget_->show();
  }

  QString copied(const QString& action) {
    QGuiApplication::clipboard()->clear();
    for (QAction* candidate : widget_->findChild<QMenu*>()->actions()) {
      if (candidate->text() == action) candidate->trigger();
    }
    return QGuiApplication::clipboard()->text();
  }

  LabelPalette palette_;
  ConversationItem item_;
  std::unique_ptr<AnswerWidget> widget_;
};

static const Registered<AnswerWidgetTest> kAnswerWidgetTest;

}  // namespace vl::test

#include "answer_widget_test.moc"
