#include "ui/window/box_files.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QPainter>
#include <QSaveFile>
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "inference/base/coordinates.h"
#include "storage/annotations/read_annotations.h"
#include "storage/annotations/write_annotations.h"
#include "ui/canvas/box_editor.h"
#include "ui/canvas/box_overlay.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region.h"
#include "ui/widgets/background.h"
#include "ui/widgets/save_file_dialog.h"

namespace vl {
namespace {

using Format = BoxFiles::Format;

/// What the dialog offers, in the order of Format.
QList<FileKind> fileKinds() {
  return {{BoxFiles::tr("COCO, all images (*.json)"), "json"},
          {BoxFiles::tr("LabelMe, this image (*.json)"), "json"},
          {BoxFiles::tr("YOLO, this image, and classes.txt (*.txt)"), "txt"},
          {BoxFiles::tr("Pascal VOC, this image (*.xml)"), "xml"},
          {BoxFiles::tr("Table, all images (*.csv)"), "csv"},
          {BoxFiles::tr("Picture with the boxes drawn on it (*.png)"), "png"}};
}

Status writeFile(const QString& name, const std::string& text) {
  QSaveFile file(name);
  const auto size = static_cast<qint64>(text.size());
  const bool written =
      file.open(QIODevice::WriteOnly) && file.write(text.data(), size) == size && file.commit();
  if (written) return {};
  return Error{ErrorCode::Io, (name + ": " + file.errorString()).toStdString()};
}

Result<std::vector<AnnotatedImage>> readFile(const QString& name) {
  QFile file(name);
  if (!file.open(QIODevice::ReadOnly)) {
    return Error{ErrorCode::Io, (name + ": " + file.errorString()).toStdString()};
  }
  const QByteArray bytes = file.read(static_cast<qint64>(kMaxAnnotationBytes) + 1);
  return readAnnotations(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())));
}

constexpr const char* kClassesFile = "classes.txt";
constexpr const char* kUnnamed = "unnamed";  // programs skip empty lines of classes.txt

/// The classes of a folder, a line each: `labels`, after those that an earlier export has left
/// there, as the numbers in its files mean them.
Result<std::vector<std::string>> classesIn(const QDir& folder,
                                           const std::vector<std::string>& labels) {
  std::vector<std::string> classes;
  QFile file(folder.filePath(kClassesFile));
  if (file.exists()) {
    if (!file.open(QIODevice::ReadOnly)) {
      return Error{ErrorCode::Io, (file.fileName() + ": " + file.errorString()).toStdString()};
    }
    QByteArray text = file.read(static_cast<qint64>(kMaxAnnotationBytes) + 1);
    if (text.size() > static_cast<qsizetype>(kMaxAnnotationBytes)) {
      return Error{ErrorCode::Unsupported,
                   BoxFiles::tr("%1 is larger than 64 MiB.").arg(file.fileName()).toStdString()};
    }
    if (text.endsWith('\n')) text.chop(1);
    // an empty line in between has its number too
    for (const QByteArray& line : text.isEmpty() ? QList<QByteArray>() : text.split('\n')) {
      classes.push_back(QString::fromUtf8(line).simplified().toStdString());
    }
  }
  for (const std::string& label : labels) {
    if (std::find(classes.begin(), classes.end(), label) == classes.end()) {
      classes.push_back(label);
    }
  }
  return classes;
}

/// At full resolution; lines and letters grow with the picture as on a screen of 800 pixels.
QImage drawn(const ImagePyramid& picture, const std::vector<CanvasBox>& boxes, const QFont& font) {
  QImage image = picture.whole().convertToFormat(QImage::Format_RGB32);
  const double scale = std::max(1.0, std::min(image.width(), image.height()) / 800.0);
  QPainter painter(&image);
  painter.scale(scale, scale);
  BoxOverlay overlay;
  overlay.setBoxes(boxes);
  overlay.paint(painter, QTransform::fromScale(1 / scale, 1 / scale),
                QRectF(0, 0, image.width() / scale, image.height() / scale), font);
  return image;
}

QString sizeText(ImageSize size) { return QString("%1 × %2").arg(size.width).arg(size.height); }

}  // namespace

BoxFiles::BoxFiles(BoxEditor& editor, CanvasPanel& canvas, QWidget* window)
    : QObject(window),
      editor_(editor),
      canvas_(canvas),
      window_(window),
      export_(new QAction(tr("Export the boxes…"), this)),
      import_(new QAction(tr("Import boxes (COCO, LabelMe)…"), this)) {
  connect(export_, &QAction::triggered, this, &BoxFiles::chooseExport);
  connect(import_, &QAction::triggered, this, &BoxFiles::chooseImport);
  refresh();
}

void BoxFiles::refresh() {
  export_->setEnabled(!editor_.boxes().empty());
  import_->setEnabled(editor_.canEdit());
}

std::vector<AnnotatedImage> BoxFiles::annotated() const {
  std::map<std::size_t, AnnotatedImage> images;
  for (const GroundedBox& box : editor_.boxes()) {
    if (box.image >= sizes_.size()) continue;
    AnnotatedImage& image = images[box.image];
    image.fileName = canvas_.images()[box.image].name.toStdString();
    image.size = sizes_[box.image];
    image.boxes.push_back({box.label, toPixels(box.grid, image.size)});
  }
  std::vector<AnnotatedImage> list;
  list.reserve(images.size());
  for (auto& [index, image] : images) list.push_back(std::move(image));
  return list;
}

AnnotatedImage BoxFiles::shownAnnotated() const {
  const std::size_t shown = canvas_.shownImage().value_or(0);
  AnnotatedImage image;
  if (shown >= sizes_.size()) return image;
  image.fileName = canvas_.images()[shown].name.toStdString();
  image.size = sizes_[shown];
  for (const GroundedBox& box : editor_.boxes()) {
    if (box.image == shown) image.boxes.push_back({box.label, toPixels(box.grid, image.size)});
  }
  return image;
}

void BoxFiles::chooseExport() {
  const std::size_t shown = canvas_.shownImage().value_or(0);
  const QString name =
      shown < canvas_.images().size() ? canvas_.images()[shown].name : QString("boxes");
  const std::optional<FileToSave> target = askWhereToSave(
      window_, tr("Export the boxes"), QFileInfo(name).completeBaseName(), fileKinds());
  if (target) exportTo(target->file, static_cast<Format>(target->kind));
}

void BoxFiles::exportTo(const QString& file, Format format) {
  std::map<QString, std::string> files;
  AnnotatedImage shown = shownAnnotated();
  switch (format) {
    case Format::Coco:
      files[file] = cocoJson(annotated());
      break;
    case Format::LabelMe:
      files[file] = labelMeJson(shown);
      break;
    case Format::Yolo: {
      for (Annotation& annotation : shown.boxes) {
        const QString label = QString::fromStdString(annotation.label).simplified();
        annotation.label = label.isEmpty() ? kUnnamed : label.toStdString();
      }
      const QDir folder = QFileInfo(file).dir();
      if (QFileInfo(file).fileName() == kClassesFile) {
        emit problem(tr("%1 is where the names of the boxes go. Choose another name for the boxes.")
                         .arg(kClassesFile));
        return;
      }
      const auto classes = classesIn(folder, classesOf(std::span(&shown, 1)));
      if (!classes) {
        emit problem(QString::fromStdString(classes.error().what));
        return;
      }
      files[file] = yoloText(shown, *classes);
      std::string& names = files[folder.filePath(kClassesFile)];
      for (const std::string& name : *classes) names += name + '\n';
      break;
    }
    case Format::PascalVoc:
      files[file] = pascalVocXml(shown);
      break;
    case Format::Csv:
      files[file] = annotationsCsv(annotated());
      break;
    case Format::Png:
      return exportPng(file);
  }
  for (const auto& [name, text] : files) {
    if (const Status written = writeFile(name, text); !written) {
      emit problem(QString::fromStdString(written.error().what));
      return;
    }
  }
  emit done(tr("The boxes were written to %1").arg(QFileInfo(file).fileName()));
}

void BoxFiles::exportPng(const QString& file) {
  ImageCanvas& canvas = canvas_.canvas();
  if (!canvas.hasImage()) return;
  runInBackground(
      this,
      [picture = canvas.image(), boxes = canvas.boxes(), font = canvas.font(), file] {
        return savePicture(drawn(*picture, boxes, font), file);
      },
      [this, file](const Status& saved) {
        if (saved) {
          emit done(tr("The picture was written to %1").arg(QFileInfo(file).fileName()));
        } else {
          emit problem(QString::fromStdString(saved.error().what));
        }
      });
}

void BoxFiles::chooseImport() {
  const QString file = QFileDialog::getOpenFileName(window_, tr("Import boxes"), {},
                                                    tr("COCO or LabelMe (*.json);;All files (*)"));
  if (!file.isEmpty()) importFrom(file);
}

void BoxFiles::importFrom(const QString& file) {
  runInBackground(
      this, [file] { return readFile(file); },
      [this, file, answer = editor_.answer()](const Result<std::vector<AnnotatedImage>>& images) {
        if (images && editor_.answer() == answer) return take(*images);
        emit problem(tr("%1 was not imported. %2")
                         .arg(QFileInfo(file).fileName(),
                              images ? tr("Another answer is shown by now.")
                                     : QString::fromStdString(images.error().what)));
      });
}

Result<std::size_t> BoxFiles::imageOf(const AnnotatedImage& image, bool only,
                                      const std::set<std::size_t>& taken) const {
  const QString name = QString::fromStdString(image.fileName);
  const auto& images = canvas_.images();
  std::optional<std::size_t> alike;
  for (std::size_t i = 0; i < std::min(images.size(), sizes_.size()); ++i) {
    if (images[i].name != name || sizes_[i] != image.size) continue;
    alike = i;
    if (!taken.contains(i)) break;
  }
  if (alike) return *alike;
  const std::optional<std::size_t> shown = canvas_.shownImage();
  if (only && shown && *shown < sizes_.size() && sizes_[*shown] == image.size) return *shown;
  return Error{ErrorCode::NotFound,
               tr("The file is about %1 (%2 pixels), and this conversation has no such image.")
                   .arg(name.left(100), sizeText(image.size))
                   .toStdString()};
}

void BoxFiles::take(const std::vector<AnnotatedImage>& images) {
  if (!editor_.canEdit()) return;
  std::vector<GroundedBox> imported;
  std::set<std::size_t> places;
  for (const AnnotatedImage& image : images) {
    const Result<std::size_t> place = imageOf(image, images.size() == 1, places);
    if (!place) {
      emit problem(QString::fromStdString(place.error().what));
      return;  // nothing was changed
    }
    places.insert(*place);
    for (const auto& [label, box] : image.boxes) {
      imported.push_back({label, *place, toGrid(box, image.size), box});
    }
  }
  const auto count = static_cast<int>(imported.size());
  std::vector<GroundedBox> boxes = editor_.boxes();
  std::erase_if(boxes, [&](const GroundedBox& box) { return places.contains(box.image); });
  std::move(imported.begin(), imported.end(), std::back_inserter(boxes));
  editor_.replace(std::move(boxes), tr("Import boxes"));
  emit done(tr("%n box(es) were imported", nullptr, count));
}

}  // namespace vl
