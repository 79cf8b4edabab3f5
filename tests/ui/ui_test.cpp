#include "tests/ui/ui_test.h"

#include <QImage>
#include <QPainter>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <utility>

namespace vl::test {
namespace {

double luminance(const QColor& colour) {
  const auto linear = [](double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
         0.0722 * linear(colour.blueF());
}

}  // namespace

std::vector<MakeTest>& registeredTests() {
  static std::vector<MakeTest> tests;
  return tests;
}

QString writePicture(const QTemporaryDir& folder, const QString& name, QSize size) {
  QImage picture(size, QImage::Format_RGB32);
  QPainter painter(&picture);
  QLinearGradient sky(0, 0, 0, size.height());
  sky.setColorAt(0, QColor(0x7f, 0xb0, 0xe0));
  sky.setColorAt(1, QColor(0xe8, 0xd8, 0xb0));
  painter.fillRect(picture.rect(), sky);
  painter.end();
  QString path = folder.filePath(name);
  picture.save(path);
  return path;
}

OpenedStore openStore(const QString& folder) {
  Result<OpenedStore> opened = SessionStore::open(folder.toStdString());
  if (!opened) qFatal("%s", opened.error().what.c_str());
  return std::move(*opened);
}

std::unique_ptr<Desk> openDesk(const QString& dataFolder, const std::shared_ptr<Director>& director,
                               std::vector<QString> samples) {
  Desk::Setup setup{dataFolder.toStdString(), std::move(samples), scriptedBackend(director)};
  auto desk = std::make_unique<Desk>(openStore(dataFolder), std::move(setup));
  desk->begin("/models/scripted", {});
  desk->window().show();
  return desk;
}

double contrast(const QColor& a, const QColor& b) {
  const double first = luminance(a) + 0.05;
  const double second = luminance(b) + 0.05;
  return std::max(first, second) / std::min(first, second);
}

bool waitUntil(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 5000); }

}  // namespace vl::test
