#include "ui/canvas/region.h"

#include <QImageReader>
#include <QTest>
#include <limits>

#include "tests/ui/ui_test.h"

namespace vl::test {

class RegionTest : public QObject {
  Q_OBJECT
 private slots:
  void aPartIsTheWholePixelsItTouches() {
    QCOMPARE(pixelsOf({1.2, 3.9, 2.0, 1.0}, {100, 100}), QRect(1, 3, 3, 2));
    QCOMPARE(pixelsOf({10, 20, 30, 40}, {100, 100}), QRect(10, 20, 30, 40));
  }

  void aPartNeverLeavesTheImageAndIsNeverEmpty() {
    const QSize image(50, 40);
    const double inf = std::numeric_limits<double>::infinity();
    for (const QRectF& part :
         {QRectF(-10, -10, 5, 5), QRectF(50, 40, 0, 0), QRectF(49.9, 39.9, 0, 0),
          QRectF(-1e300, 0, 2e300, 10), QRectF(1e300, 1e300, 1, 1), QRectF(0, 0, inf, inf)}) {
      const QRect pixels = pixelsOf(part, image);
      QVERIFY(QRect(QPoint(), image).contains(pixels));
      QVERIFY(pixels.width() >= 1 && pixels.height() >= 1);
    }
  }

  void theMarkIsRedAndAroundThePart() {
    RgbImage grey{400, 300, std::vector<std::uint8_t>(std::size_t{400} * 300 * 3, 128)};
    const QImage marked = markedCopy(ImagePyramid(std::move(grey)), {100, 100, 80, 60});
    QCOMPARE(marked.size(), QSize(400, 300));
    const QColor line = marked.pixelColor(140, 98);
    QVERIFY2(line.red() > 200 && line.green() < 90, qPrintable(line.name()));
    QCOMPARE(marked.pixelColor(140, 130), QColor(128, 128, 128));
    QCOMPARE(marked.pixelColor(50, 50), QColor(128, 128, 128));
  }

  void aMarkAtTheEdgeStaysInThePicture() {
    RgbImage grey{200, 100, std::vector<std::uint8_t>(std::size_t{200} * 100 * 3, 128)};
    const QImage marked = markedCopy(ImagePyramid(std::move(grey)), {0, 0, 200, 100});
    for (const QPoint point : {QPoint(1, 50), QPoint(198, 50), QPoint(100, 1), QPoint(100, 98)}) {
      QVERIFY(marked.pixelColor(point).red() > 200);
    }
  }

  void fileNamesHoldNoPathsAndAreNeverEmpty() {
    QCOMPARE(fileNameFor("the dog / cat"), "the-dog-cat");
    QCOMPARE(fileNameFor("../../etc/passwd"), "etc-passwd");
    QCOMPARE(fileNameFor(QString::fromUtf8("红色的狗")), QString::fromUtf8("红色的狗"));
    QCOMPARE(fileNameFor("..."), "crop");
    QVERIFY(fileNameFor(QString(5000, 'x')).size() <= 60);
  }

  void aPictureIsSavedInTheFormatOfItsName() {
    const QTemporaryDir folder;
    QImage picture(20, 10, QImage::Format_RGB32);
    picture.fill(Qt::blue);
    QVERIFY(savePicture(picture, folder.filePath("a.png")));
    QCOMPARE(QImage(folder.filePath("a.png")).size(), QSize(20, 10));
    QVERIFY(savePicture(picture, folder.filePath("a.jpg")));
    QCOMPARE(QImageReader(folder.filePath("a.jpg")).format(), QByteArray("jpeg"));
  }

  void aPictureThatCannotBeSavedLeavesTheOldOne() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("a.odd");
    QFile old(file);
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    QImage picture(20, 10, QImage::Format_RGB32);
    QVERIFY(!savePicture(picture, file));  // nobody knows this format
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    QVERIFY(!savePicture(picture, folder.filePath("no/such/folder.png")));
  }
};

static const Registered<RegionTest> kRegionTest;

}  // namespace vl::test

#include "region_test.moc"
