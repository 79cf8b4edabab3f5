#include "ui/models/model_download.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/models/lying_server.h"
#include "tests/ui/ui_test.h"
#include "ui/models/file_fetch.h"

namespace vl::test {

namespace fs = std::filesystem;
using State = ModelDownload::State;

static QByteArray sha256(const QByteArray& content) {
  return QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
}

static QByteArray noise(qsizetype bytes) {
  QByteArray content(bytes, '\0');
  quint32 state = 1;
  for (char& c : content) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  return content;
}

class ModelDownloadTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    server_ = std::make_unique<LyingServer>();
    server_->serve("/config.json", config_);
    server_->serve("/weights", weights_);
  }

  void cleanup() {
    download_.reset();
    server_.reset();
  }

  void filesArriveInOrderAndTheFolderGetsItsNameAtTheEnd() {
    make();
    QCOMPARE(server_->requests().size(), 0);  // nothing before somebody starts it
    download_->start();
    QVERIFY(!fs::exists(path("model")));
    QVERIFY(endsAs(State::Done));
    QCOMPARE(server_->requests().size(), 2);
    QCOMPARE(server_->requests()[0].path, QByteArray("/config.json"));
    QCOMPARE(content("model/config.json"), config_);
    QCOMPARE(content("model/weights"), weights_);
    QCOMPARE(entries("model"), QStringList({"config.json", "weights"}));
    QVERIFY(!download_->hasParts());
    QCOMPARE(download_->doneBytes(), download_->totalBytes());
  }

  void aBrokenConnectionGoesOnWhereItStopped() {
    breakSecondRequest();
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/weights"), weights_);
    const LyingServer::Request& last = server_->requests().last();
    QVERIFY(last.headers["range"].startsWith("bytes="));
    QVERIFY(last.headers["range"] != "bytes=0-" && !last.headers["if-range"].isEmpty());
  }

  void aConnectionThatBreaksEveryTimeStillArrivesWhileSomethingComes() {
    server_->behaviour.cutAfter = 40'000;
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QVERIFY(server_->requests().size() >= 8);
  }

  void aServerWithoutRangesBeginsAnew() {
    server_->behaviour.knowsRanges = false;
    breakSecondRequest();
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/weights"), weights_);
  }

  void aServerWithoutRangesThatAlwaysBreaksIsGivenUp() {
    server_->behaviour.knowsRanges = false;
    server_->behaviour.hasEtag = false;
    server_->onRequest = [this](int number) {
      server_->behaviour.cutAfter = number >= 2 ? 100'000 : -1;
    };
    make();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().startsWith("weights did not come"));
    QVERIFY(server_->requests().size() < 12);
  }

  void whatHasComeIsKeptWhenTheServerNamesNoVersion() {
    server_->behaviour.hasEtag = false;
    breakSecondRequest();
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/weights"), weights_);
    QCOMPARE(server_->requests().last().headers["range"], QByteArray("bytes=100000-"));
  }

  void partsOfTwoVersionsWithoutNamesAreFetchedAnew() {
    server_->behaviour.hasEtag = false;
    server_->serve("/weights", noise(300'000).toBase64().left(300'000));  // an old version
    breakSecondRequest([this] { server_->serve("/weights", weights_); });
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/weights"), weights_);
    QCOMPARE(server_->requests().size(), 4);
  }

  void aFileOfAnEarlierRunIsNotTrustedUnchecked() {
    fs::create_directories(path(".model.download"));
    QFile other(text(".model.download/config.json"));  // of another version, as long as this one
    QVERIFY(other.open(QIODevice::WriteOnly));
    other.write(QByteArray(config_.size(), 'x'));
    other.close();
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/config.json"), config_);
  }

  void aModelThatWasDeletedCanBeDownloadedAgain() {
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    fs::remove_all(path("model"));
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/weights"), weights_);
  }

  void anotherVersionOnTheServerIsNotMixedWithTheFirst() {
    server_->serve("/weights", noise(300'000).toBase64().left(300'000));  // an old version
    breakSecondRequest([this] { server_->serve("/weights", weights_); });
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/weights"), weights_);
  }

  void aPauseKeepsWhatHasComeAlsoForTheNextStartOfTheApp() {
    server_->onRequest = [this](int number) {
      server_->behaviour.cutAfter = number == 2 ? 100'000 : -1;
      server_->behaviour.silent = number == 3;
    };
    make();
    download_->start();
    QVERIFY(waitUntil([&] { return server_->requests().size() == 3; }));
    download_->pause();
    QCOMPARE(download_->state(), State::Paused);
    QCOMPARE(QFile(text(".model.download/weights.part")).size(), 100'000);
    QVERIFY(!fs::exists(path("model")));
    server_->behaviour = {};
    server_->onRequest = {};
    make();  // as after a restart
    QVERIFY(download_->hasParts());
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(server_->requests().size(), 4);  // config.json was complete
    QCOMPARE(server_->requests().last().headers["range"], QByteArray("bytes=100000-"));
  }

  void cancellingDeletesWhatHasCome() {
    server_->onRequest = [this](int number) { server_->behaviour.silent = number == 2; };
    make();
    download_->start();
    QVERIFY(waitUntil([&] { return server_->requests().size() == 2; }));
    download_->cancel();
    QCOMPARE(download_->state(), State::Waiting);
    QVERIFY(!download_->hasParts());
    QVERIFY(waitUntil([&] { return entries(".").isEmpty(); }));
  }

  void damagedBytesAreFetchedOnceMoreAndThenRefused() {
    QByteArray damaged = weights_;
    damaged[150'000] = static_cast<char>(damaged[150'000] ^ 1);
    server_->serve("/weights", damaged);
    make();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().contains("weights is damaged"));
    QCOMPARE(server_->requests().size(), 3);
    QVERIFY(!fs::exists(path("model")));
    QVERIFY(!fs::exists(path(".model.download/weights")));
    server_->serve("/weights", weights_);
    download_->start();
    QVERIFY(endsAs(State::Done));
  }

  void aServerThatLiesAboutTheSizeIsNotBelieved() {
    server_->behaviour.lengthBias = 5;
    make();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().contains("should have"));
  }

  void moreBytesThanAgreedAreNotWritten() {
    server_->behaviour.chunked = true;
    server_->behaviour.extra = QByteArray(1'000'000, 'x');
    make();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().contains("more of config.json"));
    QVERIFY(QFile(text(".model.download/config.json.part")).size() <= config_.size());
  }

  void missingFilesAreToldAtOnceAndTroubledServersAskedAgain() {
    server_->behaviour.status = 404;
    make();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().contains("404"));
    QCOMPARE(server_->requests().size(), 1);
    server_->behaviour.status = 500;
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QCOMPARE(server_->requests().size(), 7);
    server_->onRequest = [this](int number) { server_->behaviour.status = number < 10 ? 503 : 0; };
    download_->start();
    QVERIFY(endsAs(State::Done));
  }

  void aRedirectWithoutHttpsIsNotFollowed() {
    server_->behaviour.status = 302;
    server_->behaviour.location = server_->url("/elsewhere").toLatin1();
    make();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().contains("https"));
    QCOMPARE(server_->requests().size(), 1);
    QVERIFY(mayRedirect(QUrl("https://a/b"), QUrl("https://c/d")));
    QVERIFY(!mayRedirect(QUrl("https://a/b"), QUrl("http://c/d")));
    QVERIFY(!mayRedirect(QUrl("https://a/b"), QUrl("file:///etc/passwd")));
  }

  void aFullDiskIsToldBeforeAnythingIsFetched() {
    make(QByteArray::number(qint64{1} << 42));
    download_->start();
    QCOMPARE(download_->state(), State::Failed);
    QVERIFY(download_->problem().contains("not enough space"));
    QCOMPARE(server_->requests().size(), 0);
  }

  void nobodyThereIsASentence() {
    make();
    server_.reset();
    download_->start();
    QVERIFY(endsAs(State::Failed));
    QVERIFY(download_->problem().startsWith("config.json did not come"));
  }

  void aHubIsAskedForVersionSizesAndDigests() {
    const QByteArray commit(40, '7');
    const QByteArray git = QCryptographicHash::hash("blob " + QByteArray::number(config_.size()) +
                                                        QByteArray(1, '\0') + config_,
                                                    QCryptographicHash::Sha1)
                               .toHex();
    server_->serve("/api/models/o/m/revision/main", "{\"sha\":\"" + commit + "\"}");
    QByteArray listing =
        "[{'type':'file','path':'config.json','oid':'" + git +
        "','size':" + QByteArray::number(config_.size()) +
        "},{'type':'file','path':'w.safetensors','oid':'0','size':1,'lfs':{'oid':'" +
        sha256(weights_) + "','size':" + QByteArray::number(weights_.size()) + "}}]";
    server_->serve("/api/models/o/m/tree/" + commit, listing.replace('\'', '"'));
    server_->serve("/o/m/resolve/" + commit + "/config.json", config_);
    server_->serve("/o/m/resolve/" + commit + "/w.safetensors", weights_);
    DownloadManifest manifest;
    manifest.name = "model";
    manifest.hub =
        HubSource{QUrl(server_->url("")), "o/m", "main", {"config.json", "*.safetensors"}};
    download_ = std::make_unique<ModelDownload>(manifest, path("."));
    download_->start();
    QVERIFY(endsAs(State::Done));
    QCOMPARE(content("model/w.safetensors"), weights_);
  }

  void aFolderOfThatNameIsNotTouched() {
    fs::create_directories(path("model"));
    make();
    download_->start();
    QVERIFY(endsAs(State::Done));
    QVERIFY(download_->folder().filename() == "model-2");
    QCOMPARE(entries("model"), QStringList());
  }

 private:
  QString text(const char* name) const { return folder_->filePath(name); }
  fs::path path(const char* name) const { return text(name).toStdString(); }

  QByteArray content(const char* name) const {
    QFile file(text(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }

  QStringList entries(const char* name) const {
    QStringList names;
    for (const auto& entry : fs::directory_iterator(path(name))) {
      names << QString::fromStdString(entry.path().filename().string());
    }
    names.sort();
    return names;
  }

  /// A download of the two files from the server.
  void make(const QByteArray& weightsBytes = {}) {
    const auto file = [this](const char* name, const QByteArray& bytes, const QByteArray& content) {
      return QJsonObject{{"name", name},
                         {"url", server_->url('/' + QString(name))},
                         {"size", bytes.toDouble()},
                         {"sha256", QString::fromLatin1(sha256(content))}};
    };
    const QByteArray size =
        weightsBytes.isEmpty() ? QByteArray::number(weights_.size()) : weightsBytes;
    const QJsonObject object{
        {"name", "model"},
        {"licence", QJsonObject{{"name", "MIT"}, {"url", "https://example.org/"}}},
        {"files", QJsonArray{file("config.json", QByteArray::number(config_.size()), config_),
                             file("weights", size, weights_)}}};
    Result<DownloadManifest> manifest = parseManifest(QJsonDocument(object).toJson());
    QVERIFY(manifest.has_value());
    download_ = std::make_unique<ModelDownload>(std::move(*manifest), path("."));
    download_->setFirstPause(1);
  }

  /// The weights come in two pieces; `before` happens before the second one.
  void breakSecondRequest(const std::function<void()>& before = [] {}) {
    server_->onRequest = [this, before](int number) {
      server_->behaviour.cutAfter = number == 2 ? 100'000 : -1;
      if (number == 3) before();
    };
  }

  bool endsAs(State state) {
    return waitUntil([&] { return !download_->isActive(); }) && download_->state() == state;
  }

  const QByteArray config_ = "{\"a\": 1}\n";
  const QByteArray weights_ = noise(300'000);
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<LyingServer> server_;
  std::unique_ptr<ModelDownload> download_;
};

static const Registered<ModelDownloadTest> kModelDownloadTest;

}  // namespace vl::test

#include "model_download_test.moc"
