#include <QImageReader>
#include <QImageWriter>
#include <QPainter>
#include <QTest>
#include <array>

#include "tests/ui/ui_test.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/image_loader.h"

namespace vl::test {
namespace {

bool isRed(const QColor& colour) { return colour.red() > 180 && colour.green() < 80; }

/// What is red in the picture.
QRectF redPart(const QImage& picture) {
  QRect red;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (isRed(picture.pixelColor(x, y))) red |= QRect(x, y, 1, 1);
    }
  }
  return red;
}

}  // namespace

/// Photos whose EXIF data says how they were held: boxes refer to them as a viewer shows them.
class OrientationTest : public QObject {
  Q_OBJECT
 private slots:
  void aBoxStandsOnItsObjectHoweverThePhotoWasHeld_data() {
    QTest::addColumn<int>("exif");
    QTest::addColumn<int>("turns");
    for (int exif = 1; exif <= 8; ++exif) {
      for (int turns = 0; turns < 4; ++turns) {
        QTest::addRow("EXIF %d, %d turns", exif, turns) << exif << turns;
      }
    }
  }

  void aBoxStandsOnItsObjectHoweverThePhotoWasHeld() {
    QFETCH(const int, exif);
    QFETCH(const int, turns);
    // Qt's names of the eight orientations, and Qt itself as the viewer to agree with
    constexpr std::array<int, 8> kTransformations{0, 1, 3, 2, 6, 4, 5, 7};
    const QTemporaryDir folder;
    const QString file = folder.filePath("photo.jpg");
    QImage stored(200, 120, QImage::Format_RGB32);
    stored.fill(QColor(0x30, 0x60, 0xa0));
    QPainter(&stored).fillRect(QRect(24, 64, 48, 24), Qt::red);
    QImageWriter writer(file);
    writer.setQuality(100);
    writer.setTransformation(QImageIOHandler::Transformations(
        QFlag(kTransformations[static_cast<std::size_t>(exif - 1)])));
    QVERIFY(writer.write(stored));
    QImageReader reader(file);
    reader.setAutoTransform(true);
    const QImage shownElsewhere = reader.read();
    const QRectF box = redPart(shownElsewhere);

    ImageLoader loader;
    ImageCanvas canvas;
    canvas.resize(500, 400);
    canvas.show();
    loader.load(file.toStdString(), &canvas, [&](const Result<ImageLoader::Picture>& picture) {
      if (picture) canvas.setImage(*picture);
    });
    QVERIFY(waitUntil([&] { return canvas.hasImage(); }));
    QCOMPARE(canvas.image()->size(), shownElsewhere.size());
    canvas.turn(turns);
    canvas.zoomAt(1.7, {100, 300});
    const QTransform toWidget = canvas.imageToWidget();
    const QRectF onScreen = toWidget.mapRect(box);
    const QImage shot = canvas.grab().toImage();
    int tried = 0;
    for (const double inset : {4.0, -4.0}) {  // just inside the box, and just outside of it
      const QRectF around = onScreen.adjusted(inset, inset, -inset, -inset);
      for (const QPointF point :
           {around.topLeft(), around.topRight(), around.bottomLeft(), around.bottomRight()}) {
        if (!shot.rect().contains(point.toPoint())) continue;
        QCOMPARE(isRed(shot.pixelColor(point.toPoint())), inset > 0);
        ++tried;
      }
    }
    QVERIFY(tried >= 2);
    const QRectF back = toWidget.inverted().mapRect(onScreen);
    QVERIFY(std::abs(back.left() - box.left()) < 0.5 &&
            std::abs(back.bottom() - box.bottom()) < 0.5);
  }
};

static const Registered<OrientationTest> kOrientationTest;

}  // namespace vl::test

#include "orientation_test.moc"
