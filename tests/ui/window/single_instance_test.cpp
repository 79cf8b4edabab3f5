#include "ui/window/single_instance.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <atomic>
#include <cstring>
#include <thread>

#include "tests/ui/ui_test.h"

namespace vl::test {

class SingleInstanceTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    socket_ = folder_->filePath("socket");
  }

  void aSecondStartHandsItsFilesToTheFirst() {
    const SingleInstance first(socket_);
    QStringList arrived;
    connect(&first, &SingleInstance::wanted, this,
            [&](const QStringList& files) { arrived = files; });
    const QStringList files{"/a/one.png", QString::fromUtf8("/b/zwei „drei“\n.png")};
    QVERIFY(handOver(files));
    QCOMPARE(arrived, files);
  }

  void aSecondStartWithoutFilesStillWantsTheWindow() {
    const SingleInstance first(socket_);
    QSignalSpy wanted(&first, &SingleInstance::wanted);
    QVERIFY(handOver({}));
    QCOMPARE(wanted.count(), 1);
    QVERIFY(wanted[0][0].toStringList().isEmpty());
  }

  void withoutAFirstThereIsNobodyToHandOverTo() { QVERIFY(!handOver({"/a.png"})); }

  void aSocketThatACrashLeftBehindIsTakenOver() {
    const QByteArray path = QFile::encodeName(socket_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.constData(), sizeof(address.sun_path) - 1);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QVERIFY(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    ::close(dead);  // bound, but nobody listens any more
    QVERIFY(QFile::exists(socket_));
    QVERIFY(!handOver({}));
    const SingleInstance first(socket_);
    QVERIFY(handOver({}));
  }

  void nonsenseIsNotTakenForFiles() {
    const SingleInstance first(socket_);
    QSignalSpy wanted(&first, &SingleInstance::wanted);
    for (const QByteArray& message : {QByteArray("{\"a\": 1}\n"), QByteArray("[1, null, {}]\n"),
                                      QByteArray("\xff\xfe\n"), QByteArray(3 << 20, '[')}) {
      QLocalSocket socket;
      socket.connectToServer(socket_);
      socket.write(message);
      QVERIFY(waitUntil([&] { return socket.state() == QLocalSocket::UnconnectedState; }));
    }
    for (const QList<QVariant>& arguments : wanted) {
      QVERIFY(arguments[0].toStringList().isEmpty());
    }
    QVERIFY(handOver({"/a.png"}));
  }

  void eachHistoryHasASocketOfItsOwn() {
    const std::filesystem::path data = folder_->path().toStdString();
    QCOMPARE(SingleInstance::socketFor(data), SingleInstance::socketFor(data / "x/.."));
    QVERIFY(SingleInstance::socketFor(data) != SingleInstance::socketFor(data / "x"));
    QVERIFY(SingleInstance::socketFor(data).size() < 100);
  }

 private:
  /// As another process would, which waits for the answer of this one.
  bool handOver(const QStringList& files) {
    std::atomic<int> outcome = -1;
    std::thread other([&] { outcome = SingleInstance::handOver(socket_, files) ? 1 : 0; });
    const bool ended = waitUntil([&] { return outcome >= 0; });
    other.join();
    return ended && outcome == 1;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  QString socket_;
};

static const Registered<SingleInstanceTest> kSingleInstanceTest;

}  // namespace vl::test

#include "single_instance_test.moc"
