#include "ui/canvas/encoded_view.h"

#include <QPainter>
#include <QTest>

#include "inference/weights/model_config.h"
#include "tests/ui/ui_test.h"

namespace vl::test {
namespace {

/// The official tile side and a few of the official grids.
Encoding encoding(bool tiling = true) {
  auto model = std::make_shared<ProcessorConfig>();
  model->candidateResolutions = {{384, 384}, {768, 384}, {384, 768}, {768, 768}, {1152, 768}};
  return {std::move(model), tiling};
}

ImagePyramid picture(int width, int height) {
  RgbImage image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.pixels.insert(image.pixels.end(),
                          {std::uint8_t(x * 255 / width), std::uint8_t(y * 255 / height), 64});
    }
  }
  return ImagePyramid(std::move(image));
}

}  // namespace

class EncodedViewTest : public QObject {
  Q_OBJECT
 private slots:
  void thePaddingLiesOutsideTheImage() {
    const EncodedView view(picture(1000, 600), encoding());
    QCOMPARE(view.plan().grid, (TileGrid{3, 2}));
    QCOMPARE(view.plan().local.inside, (ImageSize{1152, 691}));
    const QRectF content = view.content();
    QCOMPARE(content.left(), 0.0);
    QCOMPARE(content.width(), 1000.0);
    QVERIFY(content.top() < -30 && content.bottom() > 630);  // 77 rows of 768, shared out
    QVERIFY(std::abs(content.height() - 768.0 * 600 / 691) < 1e-9);
  }

  void thePixelsShownAreThoseOfTheTiles() {
    const ImagePyramid image = picture(1000, 600);
    const EncodedView view(image, encoding());
    const TiledImage tiled = tileImage(image.pixels(), *encoding().model, true);
    // one pixel of a tile as one pixel of the canvas
    const QRectF content = view.content();
    const QTransform toCanvas =
        QTransform::fromTranslate(-content.left(), -content.top()) *
        QTransform::fromScale(1152 / content.width(), 768 / content.height());
    QImage canvas(1152, 768, QImage::Format_RGB32);
    QPainter painter(&canvas);
    view.drawTiles(painter, toCanvas);
    painter.end();
    for (std::size_t tile = 0; tile < 6; ++tile) {
      const RgbImage& pixels = tiled.views[1 + tile];
      const QPoint corner(int(tile % 3) * 384, int(tile / 3) * 384);
      for (const QPoint at : {QPoint(5, 7), QPoint(190, 200), QPoint(380, 380)}) {
        const auto first = pixels.pixels.begin() + 3 * std::ptrdiff_t{at.y() * 384 + at.x()};
        const QColor shown = canvas.pixelColor(corner + at);
        QVERIFY(std::abs(shown.red() - first[0]) <= 2 && std::abs(shown.green() - first[1]) <= 2);
      }
    }
  }

  void theFactsSayGridTokensAndPadding() {
    const QString text = EncodedView(picture(1000, 600), encoding()).text();
    // 14 * 15 + 1 + 2 * 14 * (3 * 14 + 1)
    for (const char* fact : {"3 × 2", "1,415", "384", "1,152 × 691", "77"}) {
      QVERIFY2(text.contains(QString::fromUtf8(fact)), qPrintable(text));
    }
  }

  void withoutTilingThereIsOneTile() {
    const EncodedView view(picture(1000, 600), encoding(false));
    QCOMPARE(view.plan().grid, TileGrid{});
    QCOMPARE(view.plan().tokens, std::size_t{421});
    QVERIFY(view.text().contains("One tile"));
    QImage canvas(300, 300, QImage::Format_RGB32);
    QPainter painter(&canvas);
    view.drawTiles(painter, QTransform::fromScale(0.3, 0.3));
    view.drawMarks(painter, QTransform::fromScale(0.3, 0.3));
    view.drawOverview(painter, canvas.rect());
  }
};

static const Registered<EncodedViewTest> kEncodedViewTest;

}  // namespace vl::test

#include "encoded_view_test.moc"
