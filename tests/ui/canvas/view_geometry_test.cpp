#include "ui/canvas/view_geometry.h"

#include <QRectF>
#include <QTest>
#include <cmath>

#include "tests/ui/ui_test.h"

namespace vl::test {

class ViewGeometryTest : public QObject {
  Q_OBJECT
 private slots:
  void imageToWidgetAndBackIsWithinHalfAPixel_data() {
    QTest::addColumn<double>("ratio");
    QTest::addColumn<double>("zoom");
    for (const double ratio : {1.0, 1.5, 2.0}) {
      for (const double zoom : {0.03, 0.37, 1.0, 2.5, 31.0}) {
        QTest::addRow("ratio %.1f zoom %.2f", ratio, zoom) << ratio << zoom;
      }
    }
  }

  void imageToWidgetAndBackIsWithinHalfAPixel() {
    QFETCH(const double, ratio);
    QFETCH(const double, zoom);
    ViewGeometry view = shown({6000, 4000}, {801, 599}, ratio);
    view.setZoom(zoom, {123, 456});
    const QTransform toWidget = view.imageToWidget();
    const QTransform toImage = toWidget.inverted();
    for (const QPointF point : {QPointF(0, 0), QPointF(6000, 4000), QPointF(1234.5, 77.25)}) {
      const QPointF there = toWidget.map(point);
      // what a mouse can report: whole widget pixels, so half a widget pixel is lost at most
      const QPointF back = toImage.map(QPointF(there.toPoint()));
      QVERIFY(std::abs(back.x() - point.x()) <= 0.5 / toWidget.m11() + 1e-6);
      QVERIFY(std::abs(back.y() - point.y()) <= 0.5 / toWidget.m22() + 1e-6);
      const QPointF exact = toImage.map(there);
      QVERIFY(std::abs(exact.x() - point.x()) < 0.5 && std::abs(exact.y() - point.y()) < 0.5);
    }
  }

  void aZoomOfOneIsOnePixelOfTheScreenAndLiesOnWholePixels_data() {
    QTest::addColumn<double>("ratio");
    for (const double ratio : {1.0, 1.25, 1.5, 2.0}) QTest::addRow("%.2f", ratio) << ratio;
  }

  void aZoomOfOneIsOnePixelOfTheScreenAndLiesOnWholePixels() {
    QFETCH(const double, ratio);
    ViewGeometry view = shown({2000, 1501}, {801, 599}, ratio);
    view.setZoom(1.0, {17, 33});
    const QTransform toWidget = view.imageToWidget();
    QCOMPARE(toWidget.m11() * ratio, 1.0);
    const double left = toWidget.dx() * ratio;
    const double top = toWidget.dy() * ratio;
    QVERIFY(std::abs(left - std::round(left)) < 1e-9);
    QVERIFY(std::abs(top - std::round(top)) < 1e-9);
  }

  void zoomingKeepsTheImagePointUnderTheCursor() {
    ViewGeometry view = shown({6000, 4000}, {800, 600}, 2.0);
    view.setZoom(0.5, {400, 300});
    const QPointF cursor(250, 410);
    const QPointF before = view.imageToWidget().inverted().map(cursor);
    view.setZoom(1.7, cursor);
    const QPointF after = view.imageToWidget().map(before);
    // the offset is rounded to screen pixels: half of one, at two per widget pixel
    QVERIFY(std::abs(after.x() - cursor.x()) <= 0.25 + 1e-9);
    QVERIFY(std::abs(after.y() - cursor.y()) <= 0.25 + 1e-9);
  }

  void fittingShowsAllOfTheImageCentred() {
    const ViewGeometry view = shown({3000, 1000}, {800, 600}, 1.0);
    const QRectF place = view.imageToWidget().mapRect(QRectF(0, 0, 3000, 1000));
    QVERIFY(QRectF(0, 0, 800, 600).contains(place));
    QVERIFY(std::abs(place.center().x() - 400) <= 0.5 && std::abs(place.center().y() - 300) <= 0.5);
  }

  void aSmallImageIsNotBlownUpByFitting() {
    const ViewGeometry view = shown({10, 10}, {800, 600}, 1.0);
    QCOMPARE(view.zoom(), ViewGeometry::kMaxFitZoom);
  }

  void fittingFollowsTheWidgetAndZoomingEndsThat() {
    ViewGeometry view = shown({1000, 1000}, {500, 500}, 1.0);
    view.setWidget({900, 900}, 1.0);
    QVERIFY(view.isFitted());
    QCOMPARE(view.zoom(), (900 - 32) / 1000.0);
    view.setZoom(2.0, {450, 450});
    view.setWidget({600, 600}, 1.0);
    QCOMPARE(view.zoom(), 2.0);
  }

  void theImageCannotBeDraggedOutOfView() {
    ViewGeometry view = shown({4000, 4000}, {500, 500}, 1.0);
    view.setZoom(1.0, {250, 250});
    view.panBy({1e6, -1e6});
    const QRectF place = view.imageToWidget().mapRect(QRectF(0, 0, 4000, 4000));
    QCOMPARE(place.left(), 0.0);
    QCOMPARE(place.bottom(), 500.0);
  }

  void zoomStaysInItsLimits() {
    ViewGeometry view = shown({4000, 4000}, {500, 500}, 1.0);
    view.setZoom(1e9, {1, 1});
    QCOMPARE(view.zoom(), ViewGeometry::kMaxZoom);
    view.setZoom(0, {1, 1});
    QVERIFY(view.zoom() > 0);
  }

  void revealingBringsARectangleIntoView() {
    ViewGeometry view = shown({4000, 4000}, {500, 500}, 1.0);
    view.setZoom(4.0, {0, 0});
    const QRectF wanted(3000, 3100, 400, 200);
    view.reveal(wanted);
    const QRectF seen = view.imageToWidget().inverted().mapRect(QRectF(0, 0, 500, 500));
    QVERIFY(seen.adjusted(-1, -1, 1, 1).contains(wanted));
  }

  void withoutAnImageNothingHappens() {
    ViewGeometry view;
    view.setWidget({500, 500}, 1.0);
    view.setZoom(2.0, {1, 1});
    view.panBy({5, 5});
    view.reveal({0, 0, 1, 1});
    QVERIFY(!view.hasImage());
  }

 private:
  static ViewGeometry shown(QSizeF image, QSizeF widget, double ratio) {
    ViewGeometry view;
    view.setWidget(widget, ratio);
    view.setImageSize(image);
    return view;
  }
};

static const Registered<ViewGeometryTest> kViewGeometryTest;

}  // namespace vl::test

#include "view_geometry_test.moc"
