#include "ui/models/model_library.h"

#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <fstream>

#include "tests/ui/models/model_folders.h"
#include "tests/ui/ui_test.h"
#include "ui/models/model_files.h"

namespace vl::test {

namespace fs = std::filesystem;

class ModelLibraryTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    settings_ = std::make_unique<QSettings>(folder_->filePath("desk.ini"), QSettings::IniFormat);
  }

  void findsModelsInEveryPlaceAndSaysWhatTheyAre() {
    copyMicroModel(path("own/tiny"));
    copyMicroModel(path("bundled/starter"));
    copyMicroModel(path("own/.being-written"));
    ModelLibrary library(places(), *settings_);
    scan(library);
    QCOMPARE(library.models().size(), std::size_t{2});
    const LibraryModel& own = library.models()[0];
    QCOMPARE(own.name(), "tiny");
    QVERIFY(!own.bundled && own.info.has_value());
    QCOMPARE(own.info->variant, "custom");
    QVERIFY(own.info->weightsBytes > 0 && own.info->memory.total() > 0);
    QVERIFY(library.models()[1].bundled);
  }

  void aDamagedModelIsListedWithTheReason() {
    copyMicroModel(path("own/tiny"));
    std::ofstream(path("own/tiny/config.json")) << "{\"language_config\": 7";
    ModelLibrary library(places(), *settings_);
    scan(library);
    QCOMPARE(library.models().size(), std::size_t{1});
    QVERIFY(!library.models()[0].info.has_value());
    QVERIFY(QString::fromStdString(library.models()[0].trouble).contains("config.json"));
  }

  void addedFoldersAreRememberedAndForgotten() {
    copyMicroModel(path("elsewhere/a"));
    copyMicroModel(path("elsewhere/b"));
    {
      ModelLibrary library(places(), *settings_);
      library.addFolder(path("elsewhere"));
      library.addFolder(path("elsewhere/../elsewhere"));
      QCOMPARE(library.addedFolders().size(), std::size_t{1});
    }
    ModelLibrary library(places(), *settings_);
    scan(library);
    QCOMPARE(library.models().size(), std::size_t{2});
    QVERIFY(library.models()[0].inAddedFolder);
    library.forgetFolder(path("elsewhere/b"));
    QVERIFY(waitUntil([&] { return library.models().empty(); }));
  }

  void aModelReachedTwiceIsListedOnce() {
    copyMicroModel(path("own/tiny"));
    fs::create_directory_symlink(path("own"), path("link"));
    ModelLibrary library(places(), *settings_);
    library.addFolder(path("link/tiny"));
    QVERIFY(waitUntil([&] { return !library.isScanning(); }));
    QCOMPARE(library.models().size(), std::size_t{1});
  }

  void deletingTakesTheModelAndNothingElse() {
    copyMicroModel(path("own/tiny"));
    std::ofstream(path("own/tiny/notes.odt")) << "mine";
    std::ofstream(path("weights.safetensors")) << "somebody's";
    fs::create_symlink(path("weights.safetensors"), path("own/tiny/more.safetensors"));
    QVERIFY(deleteModelFiles(path("own/tiny"), {}).has_value());
    QStringList left;
    for (const auto& entry : fs::directory_iterator(path("own/tiny"))) {
      left << QString::fromStdString(entry.path().filename().string());
    }
    QCOMPARE(left, QStringList("notes.odt"));
    QVERIFY(fs::exists(path("weights.safetensors")));
    copyMicroModel(path("own/other"));
    QVERIFY(deleteModelFiles(path("own/other"), {}).has_value());
    QVERIFY(!fs::exists(path("own/other")));
  }

  void ofALinkedFolderOnlyTheLinkIsDeleted() {
    copyMicroModel(path("elsewhere/tiny"));
    fs::create_directories(path("own"));
    fs::create_directory_symlink(path("elsewhere/tiny"), path("own/tiny"));
    QVERIFY(deleteModelFiles(path("own/tiny/"), {}).has_value());
    QVERIFY(!fs::exists(fs::symlink_status(path("own/tiny"))));
    QVERIFY(fs::exists(path("elsewhere/tiny/config.json")));
  }

  void whatIsNoModelIsNotDeleted() {
    fs::create_directories(path("photos"));
    std::ofstream(path("photos/README.md")) << "mine";
    QCOMPARE(deleteModelFiles(path("photos"), {}).error().code, ErrorCode::NotFound);
    QVERIFY(fs::exists(path("photos/README.md")));
  }

  void aFreeFolderIsOneThatDoesNotExist() {
    const fs::path place = path("own");
    fs::create_directories(place / "tiny");
    QVERIFY(freeFolder(place, "small") == place / "small");
    QVERIFY(freeFolder(place, "tiny") == place / "tiny-2");
  }

 private:
  fs::path path(const char* name) const { return folder_->filePath(name).toStdString(); }
  ModelPlaces places() const { return {path("own"), {path("bundled"), path("not there")}}; }

  static void scan(ModelLibrary& library) {
    const QSignalSpy changed(&library, &ModelLibrary::changed);
    library.rescan();
    QVERIFY(waitUntil([&] { return changed.count() == 1; }));
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<QSettings> settings_;
};

static const Registered<ModelLibraryTest> kModelLibraryTest;

}  // namespace vl::test

#include "model_library_test.moc"
