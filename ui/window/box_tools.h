#pragma once

#include <QObject>
#include <cstddef>
#include <optional>
#include <vector>

#include "ui/canvas/box_editor.h"

class QAction;

namespace vl {

class CanvasPanel;
class ImageView;
class RegionActions;

/// What a person does to the canvas with the mouse: looking around, drawing a part to ask about, or
/// changing boxes, with undo.
class BoxTools final : public QObject {
  Q_OBJECT
 public:
  /// All outlive the tools.
  BoxTools(SessionStore& store, CanvasPanel& canvas, RegionActions& regions, QWidget* window);

  BoxEditor& editor() { return editor_; }
  /// For the window's menu.
  std::vector<QAction*> actions() const;
  /// The actions follow what can be done.
  void refresh();
  /// Adds a box on an image of the session, of this size; asks for its name.
  void addBox(std::size_t image, ImageSize size, const QRectF& rect);

 signals:
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  enum class Tool { Browse, Region, Edit };

  QAction* add(const QString& icon, const QString& text, const QKeySequence& shortcut,
               void (BoxTools::*run)());
  void drawRegion() { use(tool_ == Tool::Region ? Tool::Browse : Tool::Region); }
  void editBoxes() { use(tool_ == Tool::Edit ? Tool::Browse : Tool::Edit); }
  void resetBoxes() { editor_.reset(); }
  void use(Tool tool);
  void giveRegionTool(ImageView& view);
  void giveEditTool(ImageView& view);
  void askName(std::size_t box);
  /// The box of the answer that a box on this view is; none: it is mapped from another image.
  std::optional<std::size_t> answerBox(const ImageView& view, std::size_t onCanvas) const;

  CanvasPanel& canvas_;
  RegionActions& regions_;
  QWidget* window_;
  BoxEditor editor_;
  QAction* region_;
  QAction* edit_;
  QAction* undo_;
  QAction* redo_;
  QAction* reset_;
  Tool tool_ = Tool::Browse;
};

}  // namespace vl
