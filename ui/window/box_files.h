#pragma once

#include <QObject>
#include <QString>
#include <cstddef>
#include <set>
#include <vector>

#include "inference/base/result.h"
#include "storage/annotations/annotation.h"

class QAction;

namespace vl {

class BoxEditor;
class CanvasPanel;

/// Boxes as files of other programs: written for the image that is shown or for all, and read back.
class BoxFiles final : public QObject {
  Q_OBJECT
 public:
  enum class Format { Coco, LabelMe, Yolo, PascalVoc, Csv, Png };

  /// All outlive it.
  BoxFiles(BoxEditor& editor, CanvasPanel& canvas, QWidget* window);

  /// The size of each image, in the order of the canvas.
  void setSizes(std::vector<ImageSize> sizes) { sizes_ = std::move(sizes); }
  std::vector<QAction*> actions() const { return {export_, import_}; }
  void refresh();

  void exportTo(const QString& file, Format format);
  void importFrom(const QString& file);

 signals:
  /// Sentences for the person.
  void problem(const QString& text);
  void done(const QString& text);

 private:
  std::vector<AnnotatedImage> annotated() const;
  /// The image that is shown; without boxes when it has none.
  AnnotatedImage shownAnnotated() const;
  void chooseExport();
  void chooseImport();
  void exportPng(const QString& file);
  void take(const std::vector<AnnotatedImage>& images);
  /// Which image of the canvas this is; a sentence when it is none. Of several that are alike the
  /// first one that is not taken; with `only` the shown one where it has no other name.
  Result<std::size_t> imageOf(const AnnotatedImage& image, bool only,
                              const std::set<std::size_t>& taken) const;

  BoxEditor& editor_;
  CanvasPanel& canvas_;
  QWidget* window_;
  QAction* export_;
  QAction* import_;
  std::vector<ImageSize> sizes_;
};

}  // namespace vl
