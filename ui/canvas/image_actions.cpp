#include "ui/canvas/image_actions.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QStandardPaths>
#include <QUrl>

#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/picture_drag.h"
#include "ui/canvas/region.h"
#include "ui/widgets/background.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

QString suffixOf(const QString& name) { return QFileInfo(name).suffix().toLower(); }

/// Over what stands there, which the person has agreed to.
Status copyFile(const QString& from, const QString& to) {
  QFile source(from);
  if (QFile::exists(to) && !QFile::remove(to)) {
    return Error{ErrorCode::Io, ImageActions::tr("%1 cannot be replaced.").arg(to).toStdString()};
  }
  if (source.copy(to)) return {};
  return Error{ErrorCode::Io, (to + ": " + source.errorString()).toStdString()};
}

}  // namespace

ImageActions::ImageActions(CanvasPanel& canvas, QWidget* window)
    : QObject(window), canvas_(canvas), window_(window) {
  add("copy", tr("Copy the image"), &ImageActions::copy);
  add("save", tr("Save the image as…"), &ImageActions::chooseFile);
  add("attach", tr("Show the file in its folder"), &ImageActions::showInFolder);
}

void ImageActions::add(const QString& icon, const QString& text, void (ImageActions::*run)()) {
  auto* action = new QAction(themeIcon(icon), text, this);
  connect(action, &QAction::triggered, this, run);
  actions_.push_back(action);
}

void ImageActions::refresh() {
  for (QAction* action : actions_) action->setEnabled(canvas_.canvas().hasImage());
}

void ImageActions::copy() {
  if (!canvas_.canvas().hasImage()) return;
  QGuiApplication::clipboard()->setImage(canvas_.canvas().image()->whole());
}

void ImageActions::chooseFile() {
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
  const QString file = QFileDialog::getSaveFileName(
      window_, tr("Save the image"), folder + '/' + canvas_.activeView().image().name);
  if (!file.isEmpty()) saveTo(file);
}

void ImageActions::saveTo(const QString& file) {
  if (!canvas_.canvas().hasImage()) return;
  const CanvasImage& image = canvas_.activeView().image();
  const bool asItIs = suffixOf(file) == suffixOf(image.name);
  const QString stored = QString::fromStdString(image.path.string());
  runInBackground(
      this,
      [asItIs, stored, file, picture = canvas_.canvas().image()] {
        return asItIs ? copyFile(stored, file) : savePicture(picture->whole(), file);
      },
      [this](const Status& saved) {
        if (!saved) emit problem(QString::fromStdString(saved.error().what));
      });
}

void ImageActions::showInFolder() {
  const std::filesystem::path& path = canvas_.activeView().image().path;
  QDesktopServices::openUrl(
      QUrl::fromLocalFile(QString::fromStdString(path.parent_path().string())));
}

void ImageActions::dragOut() {
  if (!canvas_.canvas().hasImage()) return;
  const QString name = QFileInfo(canvas_.activeView().image().name).completeBaseName();
  dragPicture(&canvas_.canvas(), canvas_.canvas().image()->whole(), fileNameFor(name));
}

}  // namespace vl
