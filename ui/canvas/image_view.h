#pragma once

#include <QString>
#include <QWidget>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "ui/canvas/box_overlay.h"
#include "ui/canvas/encoded_view.h"

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

/// One canvas with the image it shows: loads the picture away from the GUI thread and picks its
/// boxes from those of the conversation.
class ImageView final : public QWidget {
  Q_OBJECT
 public:
  explicit ImageView(ImageLoader& loader, QWidget* parent = nullptr);

  ImageCanvas& canvas() { return *canvas_; }
  const CanvasImage& image() const { return image_; }
  std::optional<std::size_t> shown() const { return shown_; }
  /// `image` by its index in the conversation; none: `message` stands in its place.
  void setImage(std::optional<std::size_t> index, const CanvasImage& image, const QString& message);
  /// The index in what setBoxes() was given of a box on the canvas.
  std::size_t placedBox(std::size_t onCanvas) const { return onCanvas_[onCanvas]; }
  /// Those of all images.
  void setBoxes(const std::vector<PlacedBox>& boxes);
  /// Boxes by their index in what setBoxes() was given.
  void emphasise(const std::vector<std::size_t>& boxes);
  /// Beside another view: its name above it, and whether keys and buttons mean it.
  void setCaption(bool visible, bool active);
  /// Shows what the model is given of each image, with the facts below; none: the images.
  void setEncoding(std::optional<Encoding> encoding);

 signals:
  void pictureShown();
  void viewChanged();
  /// Boxes by their index in what setBoxes() was given.
  void boxPointed(std::optional<std::size_t> box);
  void boxPicked(std::size_t box);
  void nothingPicked();
  void menuWanted(QPoint point, std::optional<std::size_t> box);
  /// A person has turned to this view.
  void activated();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void placeBoxes();
  void encode();

  ImageLoader& loader_;
  ElidedLabel* caption_;
  ImageCanvas* canvas_;
  QLabel* facts_;
  std::optional<Encoding> encoding_;
  std::optional<std::size_t> shown_;
  CanvasImage image_;
  std::vector<PlacedBox> boxes_;
  std::vector<std::size_t> onCanvas_;  // index in boxes_ of each box of the canvas
};

}  // namespace vl
