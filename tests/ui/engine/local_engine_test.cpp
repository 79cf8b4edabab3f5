#include "inference/engine/local_engine.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"

namespace vl::test {
namespace {

constexpr QRect kWordPlace(120, 90, 260, 60);
constexpr int kAnswerMs = 120'000;  // under a sanitizer on a busy machine

EngineFactory bundledModel(const std::filesystem::path& folder, bool /*force*/) {
  return [folder](const std::stop_token& stop) -> Result<std::unique_ptr<Engine>> {
    LoadOptions options;
    options.folder = folder;
    Result<std::unique_ptr<LocalEngine>> engine = LocalEngine::load(options, stop);
    if (!engine) return engine.error();
    return std::unique_ptr<Engine>(std::move(*engine));
  };
}

/// One word on a white page, which is what the bundled model was trained on.
QString writePage(const QTemporaryDir& folder) {
  QImage page(500, 240, QImage::Format_RGB32);
  page.fill(Qt::white);
  QPainter painter(&page);
  QFont font("DejaVu Sans");
  font.setPixelSize(44);
  painter.setFont(font);
  painter.drawText(kWordPlace, Qt::AlignCenter, "INVOICE");
  painter.end();
  QString path = folder.filePath("page.png");
  page.save(path);
  return path;
}

}  // namespace

/// The whole path: a file, the window, the bundled model, a box on the canvas.
class LocalEngineTest : public QObject {
  Q_OBJECT
 private slots:
  void theBundledModelFindsAWordAndItsBoxIsShown() {
    const QTemporaryDir folder;
    const QString data = folder.filePath("data");
    Desk desk(openStore(data), {data.toStdString(), {}, bundledModel});
    desk.begin(std::filesystem::path(VL_SOURCE_DIR) / "resources/models/starter",
               {writePage(folder)});
    desk.window().show();
    QVERIFY(waitUntil([&] { return desk.attachments().isReady(); }));
    Composer& composer = desk.window().chat().composer();
    composer.setText("<|ref|>INVOICE<|/ref|>");
    QTest::keyClick(&composer.edit(), Qt::Key_Return);
    QVERIFY(desk.controller().isAnswering());
    QVERIFY(QTest::qWaitFor([&] { return !desk.controller().isAnswering(); }, kAnswerMs));

    const StoredMessage& answer = desk.controller().conversation().items().back().message;
    QCOMPARE(answer.error, "");
    QCOMPARE(answer.state, MessageState::Complete);
    QVERIFY(!answer.raw.empty());
    const std::vector<CanvasBox>& boxes = desk.window().canvas().canvas().boxes();
    QVERIFY2(!boxes.empty(), answer.raw.c_str());
    QVERIFY2(boxes[0].rect.contains(QRectF(kWordPlace).center()), answer.raw.c_str());
  }
};

static const Registered<LocalEngineTest> kLocalEngineTest;

}  // namespace vl::test

#include "local_engine_test.moc"
