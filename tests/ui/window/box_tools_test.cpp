#include "ui/window/box_tools.h"

#include <QAction>
#include <QFile>
#include <QInputDialog>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include "inference/base/coordinates.h"
#include "storage/annotations/read_annotations.h"
#include "tests/ui/ui_test.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region_actions.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/window/box_files.h"
#include "ui/window/canvas_link.h"

namespace vl::test {

/// Changing boxes in the window, and boxes as files.
class BoxToolsTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    desk_ = openDesk(data(), director_);
    ask("dog.png");
  }

  void cleanup() { desk_.reset(); }

  void changedBoxesStayAfterARestartAndTheModelsComeBackOnRequest() {
    const QRectF model = canvas().boxes()[0].rect;
    trigger("Change the boxes");
    QTest::keyClick(&canvas(), Qt::Key_Tab);
    QTest::keyClick(&canvas(), Qt::Key_Right);
    const QRectF changed = canvas().boxes()[0].rect;
    QVERIFY(changed.left() > model.left());
    reopen();
    QVERIFY(apart(canvas().boxes()[0].rect, changed) < 1e-6);
    QCOMPARE(answer().boxes.size(), std::size_t{1});  // what the model said is still there
    trigger("Back to the model's boxes");
    QCOMPARE(canvas().boxes()[0].rect, model);
    reopen();
    QCOMPARE(canvas().boxes()[0].rect, model);
  }

  void everyChangeCanBeUndoneAndDoneAgain() {
    const std::vector<CanvasBox> model = canvas().boxes();
    BoxEditor& editor = tools().editor();
    editor.rename(0, "cat");
    editor.add(boxOn(0, "new", {1, 1, 50, 50}));
    editor.remove(0);
    QCOMPARE(canvas().boxes().size(), std::size_t{1});
    QCOMPARE(canvas().boxes()[0].label, "new");
    for (int i = 0; i < 3; ++i) editor.undoStack().undo();
    QVERIFY(canvas().boxes() == model);
    QVERIFY(!editor.isEdited());
    for (int i = 0; i < 3; ++i) editor.undoStack().redo();
    QCOMPARE(canvas().boxes()[0].label, "new");
    QVERIFY(!editor.undoStack().canRedo());
  }

  void keysInARowAreOneStep() {
    trigger("Change the boxes");
    QTest::keyClick(&canvas(), Qt::Key_Tab);
    for (int i = 0; i < 5; ++i) QTest::keyClick(&canvas(), Qt::Key_Right);
    QCOMPARE(tools().editor().undoStack().count(), 1);
    tools().editor().undoStack().undo();
    QVERIFY(!tools().editor().isEdited());
  }

  void aBoxIsNamedInADialog() {
    trigger("Change the boxes");
    QTest::keyClick(&canvas(), Qt::Key_Tab);
    QTest::keyClick(&canvas(), Qt::Key_Return);
    auto* dialog = desk_->window().findChild<QInputDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->textValue(), "dog");
    dialog->setTextValue("  wolf ");
    dialog->accept();
    QCOMPARE(canvas().boxes()[0].label, "wolf");
  }

  void aDrawnPartCanBeAskedAboutAndTheAnswerIsMappedBack() {
    trigger("Draw a part to ask about");
    drag({200, 100}, {400, 300});
    QVERIFY(waitUntil([&] { return regions().picked().has_value(); }));
    for (QAction* action : regions().actions()) {
      if (action->text() == "Ask about this part") action->trigger();
    }
    QVERIFY(waitUntil(
        [&] { return !desk_->attachments().isEmpty() && desk_->attachments().isReady(); }));
    const ImageSize part = desk_->attachments().entries()[0].image->attachment.image.size;
    const QRect place = QRect(200, 100, part.width, part.height);
    director_->setScript([](const auto&, const auto&, const auto&) -> Result<GenerateSummary> {
      const GroundedBox box = boxOn(1, "ear", {0, 0, 999, 999});
      return summaryOf("An <|ref|>ear<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>.", {box});
    });
    send();
    for (int round = 0; round < 2; ++round) {  // and after a restart
      panel().showImage(0);
      QVERIFY(waitUntil([&] { return canvas().hasImage() && canvas().boxes().size() == 1; }));
      QCOMPARE(canvas().boxes()[0].label, "ear");
      QVERIFY(apart(canvas().boxes()[0].rect, QRectF(place)) <= 2);  // whole widget pixels
      panel().showImage(1);
      QVERIFY(waitUntil([&] { return canvas().hasImage() && canvas().boxes().size() == 1; }));
      QCOMPARE(canvas().boxes()[0].rect, QRectF(0, 0, part.width, part.height));
      reopen();
    }
  }

  void aDrawnPartCanBecomeABox() {
    trigger("Draw a part to ask about");
    drag({200, 100}, {390, 290});
    QVERIFY(waitUntil([&] { return regions().picked().has_value(); }));
    for (QAction* action : regions().actions()) {
      if (action->text() == "Make it a box of the answer") action->trigger();
    }
    QCOMPARE(canvas().boxes().size(), std::size_t{2});
    QCOMPARE(answer().boxes.size(), std::size_t{1});
  }

  void aPartBecomesABoxOfItsOwnImageWhicheverViewIsActive() {
    desk_->attachments().addFile(writePicture(*folder_, "wide.png", {1000, 200}));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    panel().showImage(0);
    panel().setSideBySide(true);
    const auto shows = [&](std::size_t place, QSize size) {
      ImageCanvas& canvas = panel().view(place).canvas();
      return canvas.hasImage() && canvas.image()->size() == size;
    };
    QVERIFY(waitUntil([&] { return shows(0, {400, 300}) && shows(1, {1000, 200}); }));
    QTest::mouseClick(&panel().view(1).canvas(), Qt::LeftButton);
    QCOMPARE(panel().shownImage(), std::optional<std::size_t>(1));
    regions().pick({&panel().view(0), 0, QRectF(40, 30, 80, 60), {}});
    for (QAction* action : regions().actions()) {
      if (action->text() == "Make it a box of the answer") action->trigger();
    }
    const GroundedBox& box = tools().editor().boxes().back();
    QCOMPARE(box.image, std::size_t{0});
    QVERIFY(box.grid == toGrid({40, 30, 120, 90}, {400, 300}));
  }

  void boxesGoOutAndComeBackTheSame_data() {
    QTest::addColumn<int>("format");
    QTest::newRow("COCO") << int(BoxFiles::Format::Coco);
    QTest::newRow("LabelMe") << int(BoxFiles::Format::LabelMe);
  }

  void boxesGoOutAndComeBackTheSame() {
    QFETCH(const int, format);
    tools().editor().add(boxOn(0, "a \"b\", <c>", {12.5, 700, 333, 999}));
    const std::vector<CanvasBox> before = canvas().boxes();
    const QString file = folder_->filePath("boxes.json");
    files().exportTo(file, BoxFiles::Format(format));
    tools().editor().reset();
    QSignalSpy done(&files(), &BoxFiles::done);
    files().importFrom(file);
    QVERIFY(waitUntil([&] { return done.count() == 1; }));
    QCOMPARE(canvas().boxes().size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      QCOMPARE(canvas().boxes()[i].label, before[i].label);
      QVERIFY(apart(canvas().boxes()[i].rect, before[i].rect) < 1e-6);
    }
    tools().editor().undoStack().undo();
    QCOMPARE(canvas().boxes().size(), std::size_t{1});
  }

  void boxesOfImagesThatAreAlikeComeBackToTheirOwn() {
    const QTemporaryDir other;
    desk_->attachments().addFile(writePicture(other, "dog.png"));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    const std::vector<GroundedBox> boxes{boxOn(0, "first", {1, 1, 50, 50}),
                                         boxOn(1, "second", {2, 2, 60, 60})};
    tools().editor().replace(boxes, "");
    const QString file = folder_->filePath("boxes.json");
    files().exportTo(file, BoxFiles::Format::Coco);
    tools().editor().reset();
    QSignalSpy done(&files(), &BoxFiles::done);
    files().importFrom(file);
    QVERIFY(waitUntil([&] { return done.count() == 1; }));
    const std::vector<GroundedBox>& back = tools().editor().boxes();
    QCOMPARE(back.size(), std::size_t{2});
    for (std::size_t i = 0; i < back.size(); ++i) {
      QCOMPARE(back[i].image, i);
      QCOMPARE(back[i].label, boxes[i].label);
    }
  }

  void aFileIsNotImportedIntoAnotherAnswerThatIsShownMeanwhile() {
    const QString file = folder_->filePath("boxes.json");
    files().exportTo(file, BoxFiles::Format::LabelMe);
    const SessionId first = *desk_->controller().shownSession();
    desk_->controller().newSession();
    ask("dog.png");
    QSignalSpy problem(&files(), &BoxFiles::problem);
    files().importFrom(file);
    desk_->controller().openSession(first);
    QVERIFY(waitUntil([&] { return problem.count() == 1; }));
    QVERIFY(!tools().editor().isEdited());
  }

  void everyFormatIsWritten() {
    using Format = BoxFiles::Format;
    const std::vector<std::pair<Format, QByteArray>> formats{
        {Format::Yolo, "0 0.3"},
        {Format::PascalVoc, "<name>dog</name>"},
        {Format::Csv, "dog.png,400,300,dog,"}};
    for (const auto& [format, content] : formats) {
      const QString path = folder_->filePath("out.txt");
      files().exportTo(path, format);
      QFile file(path);
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QByteArray text = file.readAll();
      QVERIFY2(text.contains(content), text.constData());
    }
    QFile classes(folder_->filePath("classes.txt"));
    QVERIFY(classes.open(QIODevice::ReadOnly));
    QCOMPARE(classes.readAll(), QByteArray("dog\n"));
  }

  void classesOfAnEarlierExportKeepTheirNumbers() {
    QFile classes(folder_->filePath("classes.txt"));
    QVERIFY(classes.open(QIODevice::WriteOnly));
    classes.write("cat\nred car\n");
    classes.close();
    files().exportTo(folder_->filePath("second.txt"), BoxFiles::Format::Yolo);
    QVERIFY(classes.open(QIODevice::ReadOnly));
    QCOMPARE(classes.readAll(), QByteArray("cat\nred car\ndog\n"));
    QFile boxes(folder_->filePath("second.txt"));
    QVERIFY(boxes.open(QIODevice::ReadOnly));
    QVERIFY(boxes.readAll().startsWith("2 "));
    QSignalSpy problem(&files(), &BoxFiles::problem);
    files().exportTo(classes.fileName(), BoxFiles::Format::Yolo);
    QCOMPARE(problem.count(), 1);
  }

  void classesWithoutANameKeepTheirNumberAndGetOneInNewFiles() {
    QFile classes(folder_->filePath("classes.txt"));
    QVERIFY(classes.open(QIODevice::WriteOnly));
    classes.write("\ncat\n");
    classes.close();
    tools().editor().rename(0, " ");
    files().exportTo(folder_->filePath("out.txt"), BoxFiles::Format::Yolo);
    QVERIFY(classes.open(QIODevice::ReadOnly));
    QCOMPARE(classes.readAll(), QByteArray("\ncat\nunnamed\n"));
    QFile boxes(folder_->filePath("out.txt"));
    QVERIFY(boxes.open(QIODevice::ReadOnly));
    QVERIFY(boxes.readAll().startsWith("2 "));
  }

  void classesThatAreTooManyAreNotCutOff() {
    QFile classes(folder_->filePath("classes.txt"));
    QVERIFY(classes.open(QIODevice::WriteOnly));
    const auto size = static_cast<qint64>(kMaxAnnotationBytes) + 1;
    QVERIFY(classes.resize(size));
    classes.close();
    QSignalSpy problem(&files(), &BoxFiles::problem);
    files().exportTo(folder_->filePath("out.txt"), BoxFiles::Format::Yolo);
    QCOMPARE(problem.count(), 1);
    QCOMPARE(classes.size(), size);
  }

  void theAnnotatedPictureHasFullResolution() {
    const QString file = folder_->filePath("annotated.png");
    files().exportTo(file, BoxFiles::Format::Png);
    QVERIFY(waitUntil([&] { return QImage(file).size() == QSize(400, 300); }));
    const QImage drawn(file);
    const QRectF box = canvas().boxes()[0].rect;
    const QColor edge = drawn.pixelColor(int(box.left()), int(box.center().y()));
    QVERIFY(
        edge !=
        QImage(folder_->filePath("dog.png")).pixelColor(int(box.left()), int(box.center().y())));
  }

  void aFileAboutAnotherImageChangesNothing() {
    QFile file(folder_->filePath("other.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"imagePath": "cat.png", "imageWidth": 7, "imageHeight": 9, "shapes": []})");
    file.close();
    QSignalSpy problem(&files(), &BoxFiles::problem);
    files().importFrom(file.fileName());
    QVERIFY(waitUntil([&] { return problem.count() == 1; }));
    QVERIFY(problem[0][0].toString().contains("cat.png"));
    QVERIFY(!tools().editor().isEdited());
  }

  void aFileThatIsNoneIsRefusedWithASentence() {
    QSignalSpy problem(&files(), &BoxFiles::problem);
    files().importFrom(folder_->filePath("dog.png"));
    files().importFrom(folder_->filePath("missing.json"));
    QVERIFY(waitUntil([&] { return problem.count() == 2; }));
    QVERIFY(!tools().editor().isEdited());
  }

  void aFileThatCannotBeWrittenIsReported() {
    QSignalSpy problem(&files(), &BoxFiles::problem);
    files().exportTo(folder_->filePath("no/such/folder.json"), BoxFiles::Format::Coco);
    QCOMPARE(problem.count(), 1);
  }

 private:
  QString data() { return folder_->filePath("data"); }
  CanvasPanel& panel() { return desk_->window().canvas(); }
  ImageCanvas& canvas() { return panel().canvas(); }
  BoxTools& tools() { return desk_->window().link().tools(); }
  BoxFiles& files() { return desk_->window().link().files(); }
  RegionActions& regions() { return desk_->window().link().regions(); }
  const StoredMessage& answer() {
    return desk_->controller().conversation().items().back().message;
  }

  static double apart(const QRectF& a, const QRectF& b) {
    return std::max({std::abs(a.left() - b.left()), std::abs(a.top() - b.top()),
                     std::abs(a.right() - b.right()), std::abs(a.bottom() - b.bottom())});
  }

  void ask(const QString& name) {
    desk_->attachments().addFile(writePicture(*folder_, name));
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    send();
    QVERIFY(waitUntil([&] { return canvas().hasImage() && canvas().boxes().size() == 1; }));
  }

  void send() {
    desk_->window().chat().composer().setText("What is there?");
    emit desk_->window().chat().composer().asked();
    QVERIFY(waitUntil([&] { return desk_->controller().isAnswering(); }));
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
  }

  void reopen() {
    desk_.reset();
    desk_ = openDesk(data(), director_);
    QVERIFY(waitUntil([&] { return canvas().hasImage() && canvas().boxes().size() == 1; }));
  }

  void trigger(const QString& text) {
    for (QAction* action : tools().actions()) {
      if (action->text() == text) return action->trigger();
    }
    QFAIL(qPrintable("no action " + text));
  }

  void drag(QPointF from, QPointF to) {
    const auto at = [&](QPointF point) { return canvas().imageToWidget().map(point).toPoint(); };
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, at(from));
    QTest::mouseMove(&canvas(), at(to));
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, at(to));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<BoxToolsTest> kBoxToolsTest;

}  // namespace vl::test

#include "box_tools_test.moc"
