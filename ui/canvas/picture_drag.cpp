#include "ui/canvas/picture_drag.h"

#include <QApplication>
#include <QDrag>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QUrl>
#include <future>
#include <memory>

#include "ui/canvas/region.h"

namespace vl {
namespace {

constexpr QSize kDragThumbnail(160, 120);
const QString kUriList = "text/uri-list";

/// The file is written while the person still drags; who asks for its name waits until it is there.
class PictureMime final : public QMimeData {
 public:
  PictureMime(const QImage& picture, const QString& fileName) {
    setImageData(picture);
    setData(kPictureMime, "1");
    // kept until the program ends: who took the name may read the file late
    static const QTemporaryDir kFolder;
    const QString file = kFolder.filePath(fileName + ".png");
    auto written = std::make_shared<std::promise<bool>>();
    written_ = written->get_future().share();
    file_ = file;
    QThreadPool::globalInstance()->start(
        [picture, file, written] { written->set_value(savePicture(picture, file).has_value()); });
  }

  QStringList formats() const override { return QMimeData::formats() << kUriList; }

 protected:
  QVariant retrieveData(const QString& type, QMetaType preferred) const override {
    if (type != kUriList) return QMimeData::retrieveData(type, preferred);
    if (!written_.get()) return {};
    return QVariantList{QUrl::fromLocalFile(file_)};
  }

 private:
  QString file_;
  std::shared_future<bool> written_;
};

}  // namespace

void dragPicture(QWidget* source, const QImage& picture, const QString& fileName) {
  // without a screen there is nowhere to drop, and Qt would wait for it
  if (picture.isNull() || QGuiApplication::platformName() == "offscreen") return;
  auto* drag = new QDrag(source);  // Qt deletes it
  drag->setMimeData(new PictureMime(picture, fileName));
  drag->setPixmap(QPixmap::fromImage(
      picture.scaled(kDragThumbnail, Qt::KeepAspectRatio, Qt::FastTransformation)));
  drag->exec(Qt::CopyAction);
}

DragHandle::DragHandle(QWidget* parent) : QWidget(parent) {
  setCursor(Qt::OpenHandCursor);
  setFixedSize(sizeHint());
  setToolTip(tr("Drag this part of the picture into another program"));
}

void DragHandle::setPicture(const QImage& picture, const QString& fileName) {
  picture_ = picture;
  fileName_ = fileName;
  const QSize bound = QSize(30, 30) * devicePixelRatioF();
  thumbnail_ = picture.scaled(bound, Qt::KeepAspectRatio, Qt::FastTransformation);
  thumbnail_.setDevicePixelRatio(devicePixelRatioF());
  update();
}

void DragHandle::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QRectF place(QPointF(), thumbnail_.deviceIndependentSize());
  place.moveCenter(QRectF(rect()).center());
  QPainterPath rounded;
  rounded.addRoundedRect(place, 4, 4);
  painter.setClipPath(rounded);
  painter.drawImage(place, thumbnail_);
}

void DragHandle::mousePressEvent(QMouseEvent* event) { pressedAt_ = event->pos(); }

void DragHandle::mouseMoveEvent(QMouseEvent* event) {
  const int moved = (event->pos() - pressedAt_).manhattanLength();
  if (!event->buttons().testFlag(Qt::LeftButton) || moved < QApplication::startDragDistance()) {
    return;
  }
  dragPicture(this, picture_, fileName_);
}

}  // namespace vl
