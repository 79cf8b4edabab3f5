#include "ui/canvas/image_pyramid.h"

#include <QPainter>
#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {
namespace {

/// Left half red, right half blue.
ImagePyramid twoColours(int width, int height) {
  RgbImage image;
  image.width = width;
  image.height = height;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool left = x < width / 2;
      image.pixels.insert(image.pixels.end(),
                          {std::uint8_t(left ? 255 : 0), 0, std::uint8_t(left ? 0 : 255)});
    }
  }
  return ImagePyramid(std::move(image));
}

}  // namespace

class ImagePyramidTest : public QObject {
  Q_OBJECT
 private slots:
  void everyLevelShowsTheSamePicture_data() {
    QTest::addColumn<double>("zoom");
    for (const double zoom : {1.0, 0.5, 0.26, 0.1, 0.05}) QTest::addRow("%.2f", zoom) << zoom;
  }

  void everyLevelShowsTheSamePicture() {
    QFETCH(const double, zoom);
    const ImagePyramid picture = twoColours(1600, 900);
    QImage out(int(1600 * zoom), int(900 * zoom), QImage::Format_RGB32);
    QPainter painter(&out);
    picture.draw(painter, QTransform::fromScale(zoom, zoom), QRectF(0, 0, 1600, 900), zoom);
    painter.end();
    // two pixels of the coarsest level may mix the colours
    const int margin = 3;
    QCOMPARE(out.pixelColor(out.width() / 2 - margin, out.height() / 2), QColor(255, 0, 0));
    QCOMPARE(out.pixelColor(out.width() / 2 + margin, out.height() / 2), QColor(0, 0, 255));
  }

  void averagesFourPixelsIntoOne() {
    RgbImage image;
    image.width = 514;  // one level below: 257, then 129
    image.height = 2;
    for (int i = 0; i < 514 * 2; ++i) {
      const std::uint8_t value = i % 2 == 0 ? 10 : 20;
      image.pixels.insert(image.pixels.end(), {value, std::uint8_t(value * 2), 0});
    }
    const ImagePyramid picture(std::move(image));
    const QImage half = picture.thumbnail({257, 1});
    QCOMPARE(half.size(), QSize(257, 1));
    QCOMPARE(half.pixelColor(100, 0), QColor(15, 30, 0));
  }

  void aThumbnailFitsAndIsNeverLarger() {
    QCOMPARE(twoColours(1600, 900).thumbnail({320, 320}).size(), QSize(320, 180));
    QCOMPARE(twoColours(20, 10).thumbnail({320, 320}).size(), QSize(20, 10));
    QCOMPARE(twoColours(3000, 1).thumbnail({320, 320}).size(), QSize(320, 1));
  }

  void oddAndTinySizesWork() {
    for (const QSize size : {QSize(1, 1), QSize(1, 700), QSize(701, 3), QSize(513, 257)}) {
      const ImagePyramid picture = twoColours(size.width(), size.height());
      QCOMPARE(picture.size(), size);
      QVERIFY(!picture.thumbnail({64, 64}).isNull());
    }
  }
};

static const Registered<ImagePyramidTest> kImagePyramidTest;

}  // namespace vl::test

#include "image_pyramid_test.moc"
