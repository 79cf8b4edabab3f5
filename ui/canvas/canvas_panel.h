#pragma once

#include <QString>
#include <QWidget>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "ui/canvas/box_overlay.h"

class QAction;
class QBoxLayout;
class QKeySequence;
class QLabel;

namespace vl {

class ElidedLabel;
class ImageCanvas;
class ImageLoader;

/// An image of a conversation as the canvas is told about it.
struct CanvasImage {
  std::filesystem::path path;
  QString name;  // as the person knows it
  bool operator==(const CanvasImage&) const = default;
};

/// A box on one image of a conversation.
struct PlacedBox {
  std::size_t image = 0;
  CanvasBox box;
};

/// The canvas with its bar: which image of the conversation is shown, and how large. Loads pictures
/// by itself, away from the GUI thread.
class CanvasPanel final : public QWidget {
  Q_OBJECT
 public:
  explicit CanvasPanel(ImageLoader& loader, QWidget* parent = nullptr);

  /// All images of the conversation, in order. Shows the last one when there are more than before;
  /// otherwise an image that stays in its place stays shown.
  void setImages(std::vector<CanvasImage> images);
  void setBoxes(std::vector<PlacedBox> boxes);
  /// Makes these boxes, by their index in what setBoxes() was given, stand out; empty: all alike.
  void emphasise(const std::vector<std::size_t>& boxes);
  void showImage(std::size_t image);

  std::optional<std::size_t> shownImage() const { return shown_; }
  ImageCanvas& canvas() { return *canvas_; }
  /// For the window's menu.
  std::vector<QAction*> viewActions() const;

 signals:
  /// Boxes by their index in what setBoxes() was given.
  void boxPointed(std::optional<std::size_t> box);
  void boxPicked(std::size_t box);

 private:
  QAction* addButton(QBoxLayout* row, const QString& icon, const QString& text,
                     const QKeySequence& shortcut);
  void loadShown();
  void placeBoxes();
  void updateBar();

  ImageLoader& loader_;
  QWidget* bar_;
  QWidget* turner_;  // previous, next: with several images
  ImageCanvas* canvas_;
  QAction* previous_;
  QAction* next_;
  QAction* zoomOut_;
  QAction* zoomIn_;
  QAction* fit_;
  QAction* original_;
  ElidedLabel* title_;
  QLabel* position_;
  QLabel* zoom_;

  std::vector<CanvasImage> images_;
  std::vector<PlacedBox> boxes_;
  std::vector<std::size_t> onCanvas_;  // index in boxes_ of each box of the canvas
  std::optional<std::size_t> shown_;
};

}  // namespace vl
