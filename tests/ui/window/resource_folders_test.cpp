#include "ui/window/resource_folders.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {

class ResourceFoldersTest : public QObject {
  Q_OBJECT
 private slots:
  void findsTheTreeABinaryWasBuiltIn() {
    const QTemporaryDir tree;
    model(tree.filePath("resources/models/starter"));
    QDir().mkpath(tree.filePath("build/release/bin"));
    const QStringList folders = resourceFolders(tree.filePath("build/release/bin"));
    QCOMPARE(defaultModel(folders, tree.filePath("none")),
             std::filesystem::path(tree.filePath("resources/models/starter").toStdString()));
  }

  void findsWhatIsInstalledBesideTheBinary() {
    const QTemporaryDir prefix;
    model(prefix.filePath("share/vl2-desk/models/starter"));
    QDir().mkpath(prefix.filePath("bin"));
    QVERIFY(defaultModel(resourceFolders(prefix.filePath("bin")), "/none"));
  }

  void takesTheFirstCheckpointOfTheModelsFolder() {
    const QTemporaryDir models;
    QDir().mkpath(models.filePath("a-notes"));
    model(models.filePath("b-tiny"));
    model(models.filePath("c-small"));
    QCOMPARE(defaultModel({}, models.path()),
             std::filesystem::path(models.filePath("b-tiny").toStdString()));
    QVERIFY(!defaultModel({}, models.filePath("a-notes")));
  }

  void samplesAreThePicturesOfTheSamplesFolder() {
    const QTemporaryDir resources;
    QDir().mkpath(resources.filePath("samples"));
    writePicture(resources, "samples/b.png");
    writePicture(resources, "samples/a.jpg");
    touch(resources.filePath("samples/README.md"));
    const std::vector<QString> pictures = samplePictures({"/none", resources.path()});
    QCOMPARE(pictures.size(), std::size_t{2});
    QVERIFY(pictures[0].endsWith("a.jpg"));
  }

 private:
  static void touch(const QString& path) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
  }
  static void model(const QString& folder) {
    QDir().mkpath(folder);
    touch(folder + "/config.json");
  }
};

static const Registered<ResourceFoldersTest> kResourceFoldersTest;

}  // namespace vl::test

#include "resource_folders_test.moc"
