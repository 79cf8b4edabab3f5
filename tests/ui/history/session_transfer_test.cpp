#include "ui/history/session_transfer.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {

class SessionTransferTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    store_ = std::make_unique<SessionStore>(openStore(folder_->filePath("data")).store);
    session_ = store_->createSession({"A title", "", "", ""})->id;
    const QString picture = writePicture(*folder_, "dog.png");
    const Result<ImageRecord> image =
        store_->importImage(std::filesystem::path(picture.toStdString()), {400, 300});
    const Attachment attachment{*image, "dog.png"};
    QVERIFY(store_->appendUserMessage(session_, "What is this?", {&attachment, 1}).has_value());
    transfer_ = std::make_unique<SessionTransfer>(folder_->filePath("data").toStdString());
  }
  void cleanup() {
    transfer_.reset();
    store_.reset();
    folder_.reset();
  }

  void everyFormatIsWritten() {
    QSignalSpy exported(transfer_.get(), &SessionTransfer::exported);
    using Format = SessionTransfer::Format;
    transfer_->exportSession(session_, Format::Markdown, folder_->filePath("a.md"));
    transfer_->exportSession(session_, Format::Html, folder_->filePath("a.html"));
    transfer_->exportSession(session_, Format::Json, folder_->filePath("a.json"));
    QVERIFY(waitUntil([&] { return exported.count() == 3; }));
    for (const char* name : {"a.md", "a.html", "a.json", "a-images/1-dog.png"}) {
      QVERIFY2(QFile::exists(folder_->filePath(name)), name);
    }
  }

  void whatWasExportedComesBack() {
    QSignalSpy imported(transfer_.get(), &SessionTransfer::imported);
    transfer_->exportSession(session_, SessionTransfer::Format::Json, folder_->filePath("a.json"));
    transfer_->importSession(folder_->filePath("a.json"));
    QVERIFY(waitUntil([&] { return imported.count() == 1; }));
    const auto copy = imported[0][0].value<SessionId>();
    QVERIFY(copy != session_);
    const Result<StoredSession> session = store_->loadSession(copy);
    QVERIFY(session.has_value());
    QCOMPARE(session->session.settings.title, "A title");
    QCOMPARE(session->messages.at(0).attachments.at(0).image.size, (ImageSize{400, 300}));
  }

  void anImageThatLiesAboutItsSizeIsMeasured() {
    QSignalSpy imported(transfer_.get(), &SessionTransfer::imported);
    transfer_->exportSession(session_, SessionTransfer::Format::Json, folder_->filePath("a.json"));
    QVERIFY(waitUntil([&] { return QFile::exists(folder_->filePath("a.json")); }));
    QFile file(folder_->filePath("a.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll().replace("\"width\":400", "\"width\":4");
    file.close();
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    transfer_->importSession(folder_->filePath("a.json"));
    QVERIFY(waitUntil([&] { return imported.count() == 1; }));
    const auto copy = store_->loadSession(imported[0][0].value<SessionId>());
    QCOMPARE(copy->messages.at(0).attachments.at(0).image.size, (ImageSize{400, 300}));
  }

  void aFileThatIsNoSessionIsRefused() {
    QSignalSpy failed(transfer_.get(), &SessionTransfer::failed);
    transfer_->importSession(writePicture(*folder_, "cat.png"));
    QVERIFY(waitUntil([&] { return failed.count() == 1; }));
    QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::Corrupt);
    QCOMPARE(store_->listSessions()->size(), std::size_t{1});
  }

  void cancellingSaysSoOnce() {
    QSignalSpy failed(transfer_.get(), &SessionTransfer::failed);
    QSignalSpy exported(transfer_.get(), &SessionTransfer::exported);
    transfer_->exportSession(session_, SessionTransfer::Format::Html, folder_->filePath("a.html"));
    transfer_->cancel();
    QVERIFY(waitUntil([&] { return failed.count() + exported.count() == 1; }));
    if (failed.count() == 1) {
      QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::Cancelled);
      QVERIFY(!QFile::exists(folder_->filePath("a.html")));
    }
  }

 private:
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<SessionStore> store_;
  std::unique_ptr<SessionTransfer> transfer_;
  SessionId session_{};
};

static const Registered<SessionTransferTest> kSessionTransferTest;

}  // namespace vl::test

#include "session_transfer_test.moc"
