#include "ui/composer/attachment_list.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QUrl>

#include "tests/ui/ui_test.h"

namespace vl::test {

class AttachmentListTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    loader_ = std::make_unique<ImageLoader>();
    importer_ = std::make_unique<ImageImporter>(folder_->filePath("data").toStdString(), *loader_);
    list_ = std::make_unique<AttachmentList>(*importer_);
  }

  void cleanup() {
    list_.reset();
    importer_.reset();
    loader_.reset();
  }

  void aFileIsThereAtOnceAndReadyWhenItLiesInTheStore() {
    list_->addFile(writePicture(*folder_, "a.png", {64, 48}));
    QCOMPARE(list_->entries().size(), std::size_t{1});
    QVERIFY(!list_->isReady());
    QVERIFY(waitUntil([&] { return list_->isReady(); }));
    const ImportedImage& image = *list_->entries()[0].image;
    QCOMPARE(image.attachment.fileName, "a.png");
    QCOMPARE(image.attachment.image.size, (ImageSize{64, 48}));
    QVERIFY(QFile::exists(QString::fromStdString(image.path.string())));
  }

  void whatIsNoImageIsRefusedWithASentenceAndTheOthersStay() {
    QFile text(folder_->filePath("notes.txt"));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("not a picture");
    text.close();
    const QSignalSpy refused(list_.get(), &AttachmentList::refused);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(writePicture(*folder_, "a.png")),
                  QUrl::fromLocalFile(text.fileName()), QUrl::fromLocalFile(folder_->path()),
                  QUrl::fromLocalFile(folder_->filePath("gone.png")),
                  QUrl("https://example.org/b.png")});
    QVERIFY(AttachmentList::accepts(data));
    list_->addMime(data);
    QVERIFY(waitUntil([&] { return refused.count() == 4; }));
    QVERIFY(waitUntil([&] { return list_->isReady(); }));
    QCOMPARE(list_->entries().size(), std::size_t{1});
    for (const auto& sentence : refused) QVERIFY(sentence[0].toString().size() > 20);
  }

  void anImageCanBeRemovedWhileItIsRead() {
    list_->addFile(writePicture(*folder_, "a.png"));
    list_->addFile(writePicture(*folder_, "b.png"));
    list_->remove(list_->entries()[0].ticket);
    QVERIFY(waitUntil([&] { return list_->isReady(); }));
    QCOMPARE(list_->entries().size(), std::size_t{1});
    QCOMPARE(list_->entries()[0].name, "b.png");
  }

  void imagesCanBePutIntoAnotherOrder() {
    for (const char* name : {"a.png", "b.png", "c.png"})
      list_->addFile(writePicture(*folder_, name));
    const auto order = [this] {
      QString names;
      for (const AttachmentList::Entry& entry : list_->entries()) names += entry.name[0];
      return names;
    };
    QSignalSpy changed(list_.get(), &AttachmentList::changed);
    list_->move(list_->entries()[0].ticket, 2);
    QCOMPARE(order(), "bca");
    list_->move(list_->entries()[2].ticket, 1);
    QCOMPARE(order(), "bac");
    list_->move(list_->entries()[1].ticket, 1);
    list_->move(list_->entries()[1].ticket, 7);
    list_->move(12345, 0);
    QCOMPARE(order(), "bac");
    QCOMPARE(changed.size(), 2);
    QVERIFY(waitUntil([&] { return list_->isReady(); }));
    QCOMPARE(order(), "bac");
  }

  void thereIsALimitAndItIsSaid() {
    const QString file = writePicture(*folder_, "a.png", {8, 8});
    const QSignalSpy refused(list_.get(), &AttachmentList::refused);
    QMimeData data;
    data.setUrls(QList<QUrl>(100, QUrl::fromLocalFile(file)));
    list_->addMime(data);
    QCOMPARE(list_->entries().size(), AttachmentList::kMostEntries);
    QCOMPARE(refused.count(), 1);
  }

  void theGuiThreadIsNotHeldByALargePhoto() {
    const QString file = writePicture(*folder_, "large.png", {6000, 4000});
    QElapsedTimer tick;
    qint64 longest = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] { longest = std::max(longest, tick.restart()); });
    timer.start(1);
    tick.start();
    list_->addFile(file);
    QVERIFY(waitUntil([&] { return list_->isReady(); }));
    // 50 ms is the promise; the rest is for a machine that is busy with other things
    QVERIFY2(longest < 200, qPrintable(QString::number(longest)));
  }

 private:
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<ImageLoader> loader_;
  std::unique_ptr<ImageImporter> importer_;
  std::unique_ptr<AttachmentList> list_;
};

static const Registered<AttachmentListTest> kAttachmentListTest;

}  // namespace vl::test

#include "attachment_list_test.moc"
