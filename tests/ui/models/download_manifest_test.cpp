#include "ui/models/download_manifest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/ui/ui_test.h"
#include "ui/models/model_downloads.h"

namespace vl::test {

static const QByteArray kDigest(64, 'a');

static QJsonObject file(const QString& name, double size = 10) {
  return {{"name", name},
          {"url", "https://example.org/" + name},
          {"size", size},
          {"sha256", QString::fromLatin1(kDigest)}};
}

static QJsonObject manifest(const QJsonArray& files) {
  return {{"name", "model"},
          {"licence", QJsonObject{{"name", "MIT"}, {"url", "https://example.org/licence"}}},
          {"files", files}};
}

/// JSON that is written with single quotes.
static QByteArray quoted(QByteArray json) { return json.replace('\'', '"'); }

static QString problemOf(const QJsonObject& object) {
  const Result<DownloadManifest> parsed = parseManifest(QJsonDocument(object).toJson());
  return parsed ? QString() : QString::fromStdString(parsed.error().what);
}

class DownloadManifestTest : public QObject {
  Q_OBJECT
 private slots:
  void aProperManifestIsRead() {
    QJsonObject object = manifest({file("config.json"), file("model.safetensors", 5e12)});
    object["title"] = "A  model";
    const Result<DownloadManifest> parsed = parseManifest(QJsonDocument(object).toJson());
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->title, "A model");
    QCOMPARE(parsed->files.size(), std::size_t{2});
    QCOMPARE(parsed->files[1].bytes, quint64{5'000'000'000'000});
    QCOMPARE(parsed->files[0].digest.hex, kDigest);
  }

  void textsInSeveralLanguagesAreTakenInThatOfTheWindow() {
    QJsonObject object = manifest({file("config.json")});
    object["about"] = QJsonObject{{"en", "A model"}, {"zh", "模型"}};
    const auto about = [&](QLocale::Language language) {
      const QLocale before;
      QLocale::setDefault(QLocale(language));
      const Result<DownloadManifest> parsed = parseManifest(QJsonDocument(object).toJson());
      QLocale::setDefault(before);
      return parsed ? parsed->about : QString();
    };
    QCOMPARE(about(QLocale::English), "A model");
    QCOMPARE(about(QLocale::Chinese), "模型");
    QCOMPARE(about(QLocale::German), "A model");
    object["about"] = "For all";
    QCOMPARE(about(QLocale::Chinese), "For all");
  }

  void namesThatLeaveTheFolderOrHideAreRefused() {
    for (const char* name : {"../config.json", "a/b", "a\\b", "..", ".", "", ".hidden", "a.part",
                             "a.etag", "a\nb", "con fig", "-rf", "C:x", "%2e%2e", "a\xc3\xa4"}) {
      QVERIFY2(!problemOf(manifest({file(QString::fromUtf8(name))})).isEmpty(), name);
      QJsonObject folder = manifest({file("config.json")});
      folder["name"] = QString::fromUtf8(name);
      QVERIFY2(!problemOf(folder).isEmpty(), name);
    }
    QVERIFY(!problemOf(manifest({file(QString(300, 'a'))})).isEmpty());
  }

  void aNameTwiceIsRefusedAlsoInOtherLetters() {
    QVERIFY(problemOf(manifest({file("a.json"), file("a.json")})).contains("twice"));
    QVERIFY(problemOf(manifest({file("a.json"), file("A.json")})).contains("twice"));
  }

  void impossibleSizesAreRefused() {
    for (const double size : {-1.0, 0.5, 1e30, 9e15}) {
      QVERIFY(problemOf(manifest({file("a", size)})).contains("size"));
    }
    QJsonArray many;
    for (int i = 0; i < 3; ++i) many << file("f" + QString::number(i), 4e12);
    QVERIFY(problemOf(manifest(many)).contains("larger"));
  }

  void moreFilesThanAnyModelHasAreRefused() {
    QJsonArray files;
    QJsonArray patterns;
    for (int i = 0; i <= 1000; ++i) {
      files << file("f" + QString::number(i));
      patterns << "*" + QString::number(i);
    }
    QVERIFY(problemOf(manifest(files)).contains("too many"));
    files.removeLast();
    QCOMPARE(problemOf(manifest(files)), QString());
    QJsonObject object = manifest({});
    object["huggingface"] = QJsonObject{{"repository", "o/m"}, {"files", patterns}};
    QVERIFY(problemOf(object).contains("too many"));
    for (const char* star : {"**", "a*b*c"}) {
      object["huggingface"] = QJsonObject{{"repository", "o/m"}, {"files", QJsonArray{star}}};
      QVERIFY2(!problemOf(object).isEmpty(), star);
    }
  }

  void addressesThatAreNoneOfTheWebAreRefused() {
    for (const char* url : {"file:///etc/passwd", "ftp://example.org/a", "javascript:1", "",
                            "https://", "https://user:secret@example.org/a", "//example.org/a"}) {
      QJsonObject entry = file("a");
      entry["url"] = url;
      QVERIFY2(!problemOf(manifest({entry})).isEmpty(), url);
    }
  }

  void withoutDigestOrLicenceNothingIsDownloaded() {
    QJsonObject entry = file("a");
    entry.remove("sha256");
    QVERIFY(problemOf(manifest({entry})).contains("SHA-256"));
    entry["sha256"] = QString(64, 'G');
    QVERIFY(problemOf(manifest({entry})).contains("SHA-256"));
    QJsonObject object = manifest({file("a")});
    object.remove("licence");
    QVERIFY(problemOf(object).contains("licence"));
    QVERIFY(!problemOf(manifest({})).isEmpty());
  }

  void textsThatNobodyCouldReadAreRefused() {
    QJsonObject object = manifest({file("a")});
    QCOMPARE(problemOf(object), QString());
    object["about"] = QString(1'000'000, 'x');
    QVERIFY(problemOf(object).contains("too long"));
  }

  void aListThatIsTooLargeIsToldSo() {
    const QTemporaryDir folder;
    QFile list(folder.filePath("list.json"));
    QVERIFY(list.open(QIODevice::WriteOnly));
    list.write(QJsonDocument(manifest({file("a")})).toJson() + QByteArray(2 << 20, ' '));
    list.close();
    ModelDownloads downloads(folder.path().toStdString());
    const Result<QString> added = downloads.addList(list.fileName());
    QVERIFY(!added);
    QVERIFY(QString::fromStdString(added.error().what).contains("too large"));
  }

  void whatIsNoJsonIsRefused() {
    for (const char* text : {"", "[]", "{", "null", "\xff\xfe"}) {
      QVERIFY(!parseManifest(text).has_value());
    }
    QVERIFY(!parseManifest(QByteArray(100'000, '[')).has_value());
  }

  void theOfficialModelsAreThere() {
    const std::vector<DownloadManifest> manifests = officialManifests();
    QCOMPARE(manifests.size(), std::size_t{3});
    for (const DownloadManifest& official : manifests) {
      QVERIFY(official.hub.has_value());
      QCOMPARE(official.hub->repository, "deepseek-ai/" + official.name);
      QCOMPARE(official.hub->endpoint.scheme(), "https");
      QVERIFY(!official.licenceSummary.isEmpty());
    }
  }

  void aListingGivesSizesAndDigests() {
    const HubSource hub{QUrl("https://hub.test"), "o/m", "main", {"config.json", "*.safetensors"}};
    const QString commit(40, '1');
    const QByteArray listing = quoted(
        "[{'type':'directory','path':'sub','oid':'0','size':0},"
        "{'type':'file','path':'config.json','oid':'" +
        QByteArray(40, 'b') +
        "','size':7},"
        "{'type':'file','path':'m-1.safetensors','oid':'x','size':99,'lfs':{'oid':'" +
        kDigest +
        "','size':99,'pointerSize':130}},"
        "{'type':'file','path':'other.bin','oid':'x','size':1}]");
    const auto files = filesOfListing(hub, commit, listing);
    QVERIFY(files.has_value());
    QCOMPARE(files->size(), std::size_t{2});
    QCOMPARE((*files)[0].digest.kind, FileDigest::Kind::GitBlob);
    QCOMPARE((*files)[1].digest.kind, FileDigest::Kind::Sha256);
    QCOMPARE((*files)[1].bytes, quint64{99});
    QCOMPARE((*files)[1].url.toString(),
             "https://hub.test/o/m/resolve/" + commit + "/m-1.safetensors");
    QCOMPARE(filesOfListing(hub, commit, "[]").error().code, ErrorCode::NotFound);
    for (const char* wrong : {"", "{}", "[{'type':'file','path':'config.json'}]",
                              "[{'type':'file','path':'../x.safetensors','oid':'a','size':1}]"}) {
      QVERIFY(!filesOfListing(hub, commit, quoted(wrong)).has_value());
    }
  }

  void aListingIsReadNoFurtherThanAnyModelGoes() {
    const auto listing = [](int count) {
      QJsonArray entries;
      for (int i = 0; i < count; ++i) {
        entries << QJsonObject{{"type", "file"},
                               {"path", "f" + QString::number(i)},
                               {"oid", QString(40, 'b')},
                               {"size", 1}};
      }
      return QJsonDocument(entries).toJson();
    };
    HubSource hub{QUrl("https://hub.test"), "o/m", "main", {"*"}};
    const auto problem = [&](int entries) {
      const auto files = filesOfListing(hub, QString(40, '1'), listing(entries));
      return files ? QString() : QString::fromStdString(files.error().what);
    };
    QCOMPARE(problem(1000), QString());
    QVERIFY(problem(1001).contains("too many"));
    hub.files = {"f*", "*"};
    QVERIFY(problem(501).contains("too many"));
    hub.files = {"f1*1"};
    QCOMPARE(problem(1000), QString());
    hub.files = {"f1*1"};
    QVERIFY(problem(2).contains("no file"));  // f1 is shorter than the pattern
  }
};

static const Registered<DownloadManifestTest> kDownloadManifestTest;

}  // namespace vl::test

#include "download_manifest_test.moc"
