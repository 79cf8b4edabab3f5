#pragma once

#include <QWidget>
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "ui/canvas/image_view.h"

class QAction;
class QBoxLayout;
class QKeySequence;
class QLabel;
class QMenu;

namespace vl {

/// The images of a conversation with their bar: which one is shown, how large, and two of them
/// side by side, which then move together.
class CanvasPanel final : public QWidget {
  Q_OBJECT
 public:
  explicit CanvasPanel(ImageLoader& loader, QWidget* parent = nullptr);

  /// All images of the conversation, in order. Shows the last one when there are more than before;
  /// otherwise an image that stays in its place stays shown.
  void setImages(std::vector<CanvasImage> images);
  const std::vector<CanvasImage>& images() const { return images_; }
  void setBoxes(const std::vector<PlacedBox>& boxes);
  /// Makes these boxes, by their index in what setBoxes() was given, stand out; empty: all alike.
  void emphasise(const std::vector<std::size_t>& boxes);
  void showImage(std::size_t image);
  void setSideBySide(bool on);
  /// How the model is given each image; fewer than the images: it is not given the others.
  void setEncodings(std::vector<std::optional<Encoding>> encodings);

  std::optional<std::size_t> shownImage() const { return active().shown(); }
  /// The canvas that keys and buttons mean.
  ImageCanvas& canvas() { return active().canvas(); }
  ImageView& view(std::size_t place) { return *views_[place]; }
  ImageView& activeView() { return active(); }
  /// Buttons of the bar, before those of the view.
  void addTools(const std::vector<QAction*>& tools);
  /// For the menu behind the bar's last button.
  void addToMenu(const std::vector<QAction*>& actions);
  /// For the window's menu.
  std::vector<QAction*> viewActions() const;

 signals:
  /// Boxes by their index in what setBoxes() was given.
  void boxPointed(std::optional<std::size_t> box);
  void boxPicked(std::size_t box);
  void nothingPicked();
  void dragOutWanted();
  /// A context menu, at a point of the screen; the box there, if any.
  void menuWanted(QPoint globalPoint, std::optional<std::size_t> box);

 private:
  QAction* makeAction(const QString& icon, const QString& text, const QKeySequence& shortcut,
                      const std::function<void()>& run);
  void addButton(QBoxLayout* row, QAction* action);
  void makeActions();
  void makeBar();
  void connectView(std::size_t place);
  ImageView& active() const { return *views_[active_]; }
  void activate(std::size_t place);
  void put(std::size_t place, std::optional<std::size_t> image);
  void step(int step);
  void synchronise(std::size_t from);
  void showEncodings();
  void updateBar();

  QWidget* bar_;
  QBoxLayout* tools_;
  QWidget* turner_;  // previous, next: with several images
  std::array<ImageView*, 2> views_;
  QAction* previous_ = nullptr;
  QAction* next_ = nullptr;
  QAction* zoomOut_ = nullptr;
  QAction* zoomIn_ = nullptr;
  QAction* fit_ = nullptr;
  QAction* original_ = nullptr;
  QAction* turnRight_ = nullptr;
  QAction* turnLeft_ = nullptr;
  QAction* sideBySide_ = nullptr;
  QAction* modelSees_ = nullptr;
  QMenu* more_;
  ElidedLabel* title_;
  QLabel* position_;
  QLabel* zoom_;

  std::vector<CanvasImage> images_;
  std::vector<std::optional<Encoding>> encodings_;
  std::size_t active_ = 0;
  bool synchronising_ = false;
};

}  // namespace vl
