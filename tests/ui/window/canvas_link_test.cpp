#include "ui/window/canvas_link.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFile>
#include <QGuiApplication>
#include <QImageReader>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/canvas/box_bar.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_actions.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region_actions.h"
#include "ui/chat/box_warnings.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/chat/message_text.h"
#include "ui/chat/message_widget.h"
#include "ui/composer/composer.h"

namespace vl::test {
namespace {

/// Says `raw`, without boxes of its own, and goes on until it is stopped.
Script writeAndWait(const std::string& raw) {
  return [raw](const GenerateRequest&, const GenerateCallbacks& on,
               const std::stop_token& stop) -> Result<GenerateSummary> {
    on.text(raw);
    waitForStop(stop);
    return summaryOf(raw, {}, StopReason::Cancelled);
  };
}

/// A dog and two cats, on the last image of the request.
Result<GenerateSummary> threeBoxes(const GenerateRequest& request, const GenerateCallbacks& on,
                                   const std::stop_token&) {
  std::size_t images = 0;
  for (const ChatMessage& message : request.conversation) {
    for (const auto& part : message.parts) images += std::holds_alternative<ImageFile>(part);
  }
  const std::string raw =
      "A <|ref|>dog<|/ref|><|det|>[[100, 100, 300, 300]]<|/det|> and "
      "<|ref|>cats<|/ref|><|det|>[[400, 400, 600, 600], [700, 700, 900, 900]]<|/det|>.";
  const std::size_t last = images - 1;
  const std::vector<GroundedBox> boxes{boxOn(last, "dog", {100, 100, 300, 300}),
                                       boxOn(last, "cats", {400, 400, 600, 600}),
                                       boxOn(last, "cats", {700, 700, 900, 900})};
  on.text(raw);
  for (const GroundedBox& box : boxes) on.box(box);
  return summaryOf(raw, boxes);
}

}  // namespace

class CanvasLinkTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(threeBoxes);
    desk_ = openDesk(data(), director_);
  }

  void cleanup() { desk_.reset(); }

  void aBoxIsDashedFromItsFirstNumberUntilItIsComplete() {
    director_->setScript(writeAndWait("A <|ref|>dog<|/ref|><|det|>[[250, 500,"));
    ask({"dog.png"});
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 1; }));
    const CanvasBox& box = canvas().boxes()[0];
    QVERIFY(box.dashed);
    QCOMPARE(box.label, "dog");
    // 400 x 300; right and bottom edge are not known yet
    QVERIFY(std::abs(box.rect.left() - 250 / 999.0 * 400) < 1e-6);
    QVERIFY(std::abs(box.rect.top() - 500 / 999.0 * 300) < 1e-6);
    QCOMPARE(box.rect.bottomRight(), QPointF(400, 300));
    desk_->controller().stop();
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    QVERIFY(canvas().boxes().empty());  // it never became one
  }

  void anUnfinishedBoxOfTheSecondImageStandsOnTheSecondImage() {
    director_->setScript(writeAndWait("<|ref|>dog<|/ref|><|det|>[[250, 500,"));
    ask({"one.png", "two.png"});
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 1; }));
    QCOMPARE(panel().shownImage(), std::optional<std::size_t>(1));
    panel().showImage(0);
    QVERIFY(waitUntil([&] { return canvas().hasImage(); }));
    QVERIFY(canvas().boxes().empty());
  }

  void pointingAtABoxMarksItsPhrase() {
    answer({"pets.png"});
    QCOMPARE(answerText().extraSelections().size(), 0);
    QTest::mouseMove(&canvas(), at({320, 240}));  // the second cat
    QCOMPARE(markedPhrase(), "cats");
    QTest::mouseMove(&canvas(), at({80, 60}));
    QCOMPARE(markedPhrase(), "dog");
    QTest::mouseMove(&canvas(), at({390, 10}));
    QCOMPARE(markedPhrase(), "");
  }

  void tabGoesThroughTheBoxesAndEnterPicksOne() {
    answer({"pets.png"});
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Tab);
    QCOMPARE(markedPhrase(), "dog");
    QTest::keyClick(&canvas(), Qt::Key_Tab);
    QCOMPARE(markedPhrase(), "cats");
    QTest::keyClick(&canvas(), Qt::Key_Return);
    QCOMPARE(regions().picked()->label, "cats");
    QVERIFY(canvas().findChild<BoxBar*>()->isVisible());
    QTest::keyClick(&canvas(), Qt::Key_Tab);
    QTest::keyClick(&canvas(), Qt::Key_Tab);  // past the last one
    QCOMPARE(markedPhrase(), "");
  }

  void tabGoesThroughThePhrasesAndPointsAtTheirBoxes() {
    answer({"pets.png"});
    const QImage plain = canvas().grab().toImage();
    desk_->window().activateWindow();
    answerText().setFocus();
    QTest::keyClick(&answerText(), Qt::Key_Tab);
    QVERIFY(canvas().grab().toImage() != plain);
  }

  void aClickOnABoxOffersWhatCanBeDoneWithIt() {
    answer({"pets.png"});
    click({80, 60});
    QCOMPARE(regions().picked()->label, "dog");
    auto* bar = canvas().findChild<BoxBar*>();
    QVERIFY(bar->isVisible() && canvas().rect().contains(bar->geometry()));
    click({390, 10});  // beside all boxes
    QVERIFY(!regions().picked() && !bar->isVisible());
  }

  void aPartIsCopiedAsAPicture() {
    answer({"pets.png"});
    click({80, 60});
    trigger("Copy this part of the picture");
    // 100..300 of 999 on 400 x 300, to whole pixels outwards: 40..121 x 30..91
    QCOMPARE(QGuiApplication::clipboard()->image().size(), QSize(81, 61));
  }

  void aPartIsSaved() {
    answer({"pets.png"});
    click({80, 60});
    const QString file = folder_->filePath("part.png");
    regions().saveCrop(file);
    QVERIFY(waitUntil([&] { return QImage(file).size() == QSize(81, 61); }));
  }

  void zoomingToABoxShowsItLarge() {
    answer({"pets.png"});
    click({80, 60});
    trigger("Zoom to this part");
    const QRectF shown = canvas().imageToWidget().mapRect(canvas().boxes()[0].rect);
    QVERIFY(QRectF(canvas().rect()).contains(shown));
    QVERIFY(shown.width() > canvas().width() * 0.5 || shown.height() > canvas().height() * 0.5);
  }

  void askingAboutABoxAttachesThePart() {
    answer({"pets.png"});
    click({80, 60});
    trigger("Ask about this part");
    QVERIFY(
        waitUntil([&] { return attachments().entries().size() == 1 && attachments().isReady(); }));
    QCOMPARE(attachments().entries()[0].image->attachment.image.size, (ImageSize{81, 61}));
    QVERIFY(attachments().entries()[0].name.contains("dog"));
  }

  void findingTheSameAsksTheOfficialQuestionInANewSession() {
    answer({"one.png", "two.png"});
    const auto before = desk_->controller().shownSession();
    click({80, 60});
    trigger("Find the same in another image…");
    QTest::qWait(10);
    choose("In image 1: one.png");
    QVERIFY(
        waitUntil([&] { return attachments().entries().size() == 2 && attachments().isReady(); }));
    QVERIFY(desk_->controller().shownSession() != before);
    QVERIFY(attachments().entries()[0].name.contains("two.png"));  // the marked one comes first
    QCOMPARE(composer().text(),
             "<|grounding|>In the first image, an object within the red rectangle is marked. "
             "Locate the object of the same category in the second image.");
  }

  void findingTheSameDoesNotThrowAwayAHalfWrittenQuestion() {
    answer({"one.png"});
    composer().setText("half a question");
    click({80, 60});
    trigger("Find the same in another image…");
    QCOMPARE(composer().text(), "half a question");
    QCOMPARE(QApplication::activePopupWidget(), nullptr);
  }

  void aPersonSaysWhichImageTheBoxesAreOnAndThatStays() {
    answer({"one.png", "two.png"});
    QCOMPARE(panel().shownImage(), std::optional<std::size_t>(1));
    const QPoint point = at({80, 60});
    QContextMenuEvent wanted(QContextMenuEvent::Mouse, point, canvas().mapToGlobal(point));
    QCoreApplication::sendEvent(&canvas(), &wanted);
    choose("Image 1: one.png");
    QCOMPARE(panel().shownImage(), std::optional<std::size_t>(0));
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 3; }));
    desk_.reset();
    desk_ = openDesk(data(), director_);
    for (const GroundedBox& box : desk_->controller().conversation().items().back().message.boxes) {
      QCOMPARE(box.image, std::size_t{0});
      QVERIFY(box.pixels.x2 > 0);
    }
  }

  void theImageIsCopiedAndSavedAsTheFileItWas() {
    answer({"pets.png"});
    desk_->window().link().images().actions().front()->trigger();
    QCOMPARE(QGuiApplication::clipboard()->image().size(), QSize(400, 300));
    const QString copy = folder_->filePath("copy.png");
    desk_->window().link().images().saveTo(copy);
    const auto bytes = [](const QString& name) {
      QFile file(name);
      return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray original = bytes(folder_->filePath("pets.png"));
    QVERIFY(waitUntil([&] { return bytes(copy) == original; }));
    desk_->window().link().images().saveTo(folder_->filePath("other.jpg"));
    QVERIFY(
        waitUntil([&] { return QImageReader(folder_->filePath("other.jpg")).format() == "jpeg"; }));
  }

  void theMenuOfTheCanvasOffersTheImage() {
    answer({"pets.png"});
    const QPoint point = at({390, 10});  // beside all boxes
    QContextMenuEvent wanted(QContextMenuEvent::Mouse, point, canvas().mapToGlobal(point));
    QCoreApplication::sendEvent(&canvas(), &wanted);
    QWidget* menu = QApplication::activePopupWidget();
    QVERIFY(menu != nullptr);
    QStringList texts;
    for (const QAction* action : menu->actions()) texts << action->text();
    QVERIFY(texts.contains("Copy the image") && texts.contains("Fit image"));
    QVERIFY(!texts.contains("Ask about this part"));
    menu->close();
  }

  void malformedBoxesAreListedWithTheRawTextOneClickAway() {
    const std::string raw =
        "A <|ref|>dog<|/ref|><|det|>[[1, 2, 3], [4, 5, x, 6], [100, 100, 300, 300]]<|/det|>.";
    director_->setScript([raw](const auto&, const auto&, const auto&) -> Result<GenerateSummary> {
      return summaryOf(raw, {boxOn(0, "dog", {100, 100, 300, 300})});
    });
    ask({"dog.png"});
    QVERIFY(waitUntil([&] { return canvas().boxes().size() == 1; }));
    auto* warnings = desk_->window().findChild<BoxWarnings*>();
    QVERIFY(warnings != nullptr && warnings->isVisible());
    const QString text = warnings->findChild<QLabel*>()->text();
    QVERIFY(text.contains("[1, 2, 3]") && text.contains("[4, 5, x, 6]"));
    QTest::mouseClick(warnings->findChild<QPushButton*>(), Qt::LeftButton);
    bool found = false;
    for (const auto* edit : desk_->window().findChildren<QPlainTextEdit*>()) {
      found = found || edit->toPlainText() == QString::fromStdString(raw);
    }
    QVERIFY(found);
  }

 private:
  QString data() { return folder_->filePath("data"); }
  CanvasPanel& panel() { return desk_->window().canvas(); }
  ImageCanvas& canvas() { return panel().canvas(); }
  Composer& composer() { return desk_->window().chat().composer(); }
  AttachmentList& attachments() { return desk_->attachments(); }
  RegionActions& regions() { return desk_->window().link().regions(); }
  QPoint at(QPointF imagePoint) { return canvas().imageToWidget().map(imagePoint).toPoint(); }
  void click(QPointF imagePoint) {
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, at(imagePoint));
  }

  void ask(const QStringList& pictures) {
    for (const QString& name : pictures) attachments().addFile(writePicture(*folder_, name));
    QVERIFY(waitUntil([&] { return attachments().isReady(); }));
    composer().setText("What is there?");
    emit composer().asked();
    QVERIFY(waitUntil([&] { return canvas().hasImage(); }));
  }

  void answer(const QStringList& pictures) {
    ask(pictures);
    QVERIFY(waitUntil(
        [&] { return !desk_->controller().isAnswering() && canvas().boxes().size() == 3; }));
  }

  MessageText& answerText() {
    return *desk_->window()
                .chat()
                .conversation()
                .widgets()
                .rbegin()
                ->second->findChild<MessageText*>();
  }

  QString markedPhrase() {
    const auto marks = answerText().extraSelections();
    return marks.isEmpty() ? QString() : marks.first().cursor.selectedText();
  }

  void trigger(const QString& text) {
    for (QAction* action : regions().actions()) {
      if (action->text() == text) return action->trigger();
    }
    QFAIL(qPrintable("no action " + text));
  }

  /// In the menu that is open, or one of its submenus.
  void choose(const QString& text) {
    for (QMenu* menu : desk_->window().findChildren<QMenu*>()) {
      for (QAction* action : menu->actions()) {
        if (action->text() != text) continue;
        action->trigger();
        if (QWidget* open = QApplication::activePopupWidget()) open->close();
        return;
      }
    }
    QFAIL(qPrintable("no choice " + text));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<CanvasLinkTest> kCanvasLinkTest;

}  // namespace vl::test

#include "canvas_link_test.moc"
