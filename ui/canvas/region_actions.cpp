#include "ui/canvas/region_actions.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QStandardPaths>
#include <utility>

#include "ui/canvas/box_bar.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/picture_drag.h"
#include "ui/canvas/region.h"
#include "ui/widgets/background.h"
#include "ui/widgets/theme.h"

namespace vl {

RegionActions::RegionActions(QWidget* window) : QObject(window), window_(window) {
  add("zoom-in", tr("Zoom to this part"), &RegionActions::zoomTo);
  add("copy", tr("Copy this part of the picture"), &RegionActions::copyCrop);
  add("save", tr("Save this part of the picture…"), &RegionActions::chooseFile);
  add("ask-region", tr("Ask about this part"), &RegionActions::ask);
  add("locate", tr("Mark it in the whole picture and ask"), &RegionActions::mark);
  add("find-same", tr("Find the same in another image…"), &RegionActions::find);
  makeBox_ = add("boxes", tr("Make it a box of the answer"), &RegionActions::makeBox);
}

RegionActions::~RegionActions() { delete bar_; }  // it is a child of the canvas it is shown on

QAction* RegionActions::add(const QString& icon, const QString& text,
                            void (RegionActions::*run)()) {
  auto* action = new QAction(themeIcon(icon), text, this);
  connect(action, &QAction::triggered, this, run);
  actions_.push_back(action);
  return action;
}

QImage RegionActions::crop() const {
  if (!picked_ || !picked_->view || !picked_->view->canvas().hasImage()) return {};
  const ImagePyramid& picture = *picked_->view->canvas().image();
  return picture.crop(pixelsOf(picked_->part, picture.size()));
}

void RegionActions::pick(const PictureRegion& region) {
  drop();
  picked_ = region;
  if (!region.view || !region.view->canvas().hasImage()) return drop();
  makeBox_->setVisible(region.label.isEmpty());
  if (!bar_) bar_ = new BoxBar(actions_, &region.view->canvas());
  const QString name = fileNameFor(region.label);
  bar_->handle().setPicture(crop(), name);
  region.view->canvas().setPicked(region.part);
  following_ = connect(region.view, &ImageView::viewChanged, this, &RegionActions::follow);
  follow();
}

void RegionActions::follow() {
  if (!picked_ || !picked_->view || !bar_) return;
  if (picked_->view->shown() != picked_->image || !picked_->view->canvas().hasImage()) {
    return drop();
  }
  ImageCanvas& canvas = picked_->view->canvas();
  bar_->showBeside(canvas.imageToWidget().mapRect(picked_->part), &canvas);
}

void RegionActions::drop() {
  const std::optional<PictureRegion> before = std::exchange(picked_, std::nullopt);
  disconnect(following_);
  if (bar_) bar_->hide();
  if (before && before->view) before->view->canvas().setPicked(std::nullopt);
}

void RegionActions::zoomTo() {
  if (picked_ && picked_->view) picked_->view->canvas().zoomTo(picked_->part);
}

void RegionActions::copyCrop() {
  const QImage part = crop();
  if (!part.isNull()) QGuiApplication::clipboard()->setImage(part);
}

void RegionActions::chooseFile() {
  if (!picked_) return;
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
  const QString file = QFileDialog::getSaveFileName(
      window_, tr("Save this part of the picture"),
      folder + '/' + fileNameFor(picked_->label) + ".png", tr("PNG (*.png);;JPEG (*.jpg *.jpeg)"));
  if (!file.isEmpty()) saveCrop(file);
}

void RegionActions::saveCrop(const QString& file) {
  runInBackground(
      this, [part = crop(), file] { return savePicture(part, file); },
      [this](const Status& saved) {
        if (!saved) emit problem(QString::fromStdString(saved.error().what));
      });
}

}  // namespace vl
