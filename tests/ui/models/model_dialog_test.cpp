#include "ui/models/model_dialog.h"

#include <QCheckBox>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <fstream>

#include "tests/ui/models/model_folders.h"
#include "tests/ui/ui_test.h"
#include "ui/models/model_files.h"
#include "ui/models/model_work.h"
#include "ui/window/notice_bar.h"

namespace vl::test {

namespace fs = std::filesystem;

class ModelDialogTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    copyMicroModel(path("own/tiny"));
    Desk::Setup setup{path("data"), {}, scriptedBackend(std::make_shared<Director>())};
    setup.models = {path("own"), {path("bundled")}};
    desk_ = std::make_unique<Desk>(openStore(folder_->filePath("data")), std::move(setup));
    desk_->window().show();
  }

  void cleanup() { desk_.reset(); }

  void loadsAndUnloadsTheSelectedModel() {
    open();
    QCOMPARE(rows(), QStringList("tiny"));
    QTest::mouseClick(button("Load"), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return desk_->model().state() == ModelLoader::State::Ready; }));
    QVERIFY(isSameFolder(desk_->model().folder(), path("own/tiny")));
    QTest::mouseClick(button("Unload"), Qt::LeftButton);
    QCOMPARE(desk_->model().state(), ModelLoader::State::NoModel);
    QVERIFY(button("Load") != nullptr);
  }

  void aConvertedModelAppearsInTheList() {
    open();
    QVERIFY(button("Make smaller") != nullptr);
    button("Make smaller")->menu()->actions().at(0)->trigger();
    QVERIFY(waitUntil([&] { return rows().size() == 2; }));
    QCOMPARE(rows(), QStringList({"tiny", "tiny-q8_0"}));
    list().setCurrentRow(1);
    QVERIFY(button("Make smaller") == nullptr);  // is small already
  }

  void aSecondConversionDoesNotOverwriteTheFirst() {
    open();
    fs::create_directories(path("own/tiny-q8_0"));
    std::ofstream(path("own/tiny-q8_0/mine")) << "mine";
    button("Make smaller")->menu()->actions().at(0)->trigger();
    QVERIFY(waitUntil([&] { return fs::exists(path("own/tiny-q8_0-2/config.json")); }));
    QVERIFY(fs::exists(path("own/tiny-q8_0/mine")));
  }

  void aModelIsDeletedAfterAQuestion() {
    open();
    answerQuestion("Cancel");
    QTest::mouseClick(button(QString::fromUtf8("Delete from disk…")), Qt::LeftButton);
    QVERIFY(fs::exists(path("own/tiny/config.json")));
    answerQuestion("Delete");
    QTest::mouseClick(button(QString::fromUtf8("Delete from disk…")), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return rows().isEmpty(); }));
    QVERIFY(!fs::exists(path("own/tiny")));
  }

  void aBundledModelCannotBeDeleted() {
    copyMicroModel(path("bundled/starter"));
    open();
    list().setCurrentRow(1);
    QVERIFY(button(QString::fromUtf8("Delete from disk…")) == nullptr);
  }

  void aChosenModelFolderIsLoadedAndKept() {
    copyMicroModel(path("elsewhere/other"));
    open();
    desk_->models().takeFolder(path("elsewhere/other"));
    QVERIFY(waitUntil([&] { return desk_->model().state() == ModelLoader::State::Ready; }));
    QVERIFY(waitUntil([&] { return rows() == QStringList({"tiny", "other"}); }));
    QCOMPARE(list().currentRow(), 1);
    QTest::mouseClick(button("Take off the list"), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return rows() == QStringList({"tiny"}); }));
    QVERIFY(fs::exists(path("elsewhere/other/config.json")));
  }

  void aBrokenModelSaysWhyAndCannotBeLoaded() {
    std::ofstream(path("own/tiny/config.json")) << "{";
    open();
    QVERIFY(!button("Load")->isEnabled());
    const auto* notice = desk_->models().findChild<ModelDetails*>()->findChild<NoticeBar*>();
    QVERIFY(notice->isVisible() && notice->text().contains("config.json"));
  }

  void nothingIsDownloadedBeforeTheLicenceIsAccepted() {
    open();
    QListWidgetItem* tiny = list().findItems("DeepSeek-VL2-Tiny", Qt::MatchExactly).value(0);
    QVERIFY(tiny != nullptr);
    list().setCurrentItem(tiny);
    QVERIFY(!button("Download")->isEnabled());
    auto* accept = desk_->models().findChild<QCheckBox*>();
    QVERIFY(accept->isVisible());
    accept->click();
    QVERIFY(button("Download")->isEnabled());
    list().setCurrentRow(0);
    list().setCurrentItem(tiny);
    QVERIFY(!button("Download")->isEnabled());  // to be accepted anew
  }

  void cancellingALongJobStopsItWithoutAComplaint() {
    ModelWork work;
    QSignalSpy ended(&work, &ModelWork::ended);
    work.begin("Waiting", [](const ModelWork::Progress& progress, const std::stop_token& stop) {
      progress(0.5);
      waitForStop(stop);
      return Status(Error{ErrorCode::Cancelled, "stopped"});
    });
    QVERIFY(waitUntil([&] { return work.done() == 0.5; }));
    work.cancel();
    QVERIFY(waitUntil([&] { return ended.count() == 1; }));
    QCOMPARE(ended[0][0].toString(), QString());
    QVERIFY(!work.isRunning());
  }

  void aFailedJobIsToldInTheWindow() {
    fs::remove(path("own/tiny/model-00001-of-00001.safetensors"));
    ModelWork work;
    QSignalSpy ended(&work, &ModelWork::ended);
    work.begin("Converting", convertJob(path("nowhere"), path("new"), WeightType::Q8Panels));
    QVERIFY(waitUntil([&] { return ended.count() == 1; }));
    QVERIFY(ended[0][0].toString().contains("nowhere"));
    QVERIFY(!fs::exists(path("new")));
  }

 private:
  fs::path path(const char* name) const { return folder_->filePath(name).toStdString(); }
  QListWidget& list() { return *desk_->models().findChild<QListWidget*>(); }

  void open() {
    const QSignalSpy changed(&desk_->library(), &ModelLibrary::changed);
    desk_->models().open();
    QVERIFY(waitUntil([&] { return changed.count() == 1; }));
  }

  QStringList rows() {
    QStringList names;
    for (int row = 0; row < list().count(); ++row) {
      const QListWidgetItem* item = list().item(row);
      if (!item->data(Qt::UserRole).isNull()) names << item->text();  // has a folder
    }
    return names;
  }

  QPushButton* button(const QString& text) {
    for (QPushButton* button : desk_->models().findChildren<QPushButton*>()) {
      if (button->isVisible() && button->text() == text) return button;
    }
    return nullptr;
  }

  /// Presses a button of the message box that will be open in a moment.
  void answerQuestion(const QString& text) {
    QTimer::singleShot(0, this, [text] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      QVERIFY(box != nullptr);
      for (QAbstractButton* button : box->buttons()) {
        if (button->text().remove('&') == text) button->click();
      }
    });
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<ModelDialogTest> kModelDialogTest;

}  // namespace vl::test

#include "model_dialog_test.moc"
