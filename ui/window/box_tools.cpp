#include "ui/window/box_tools.h"

#include <QAction>
#include <QInputDialog>
#include <QKeySequence>
#include <memory>

#include "inference/base/coordinates.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/edit_tool.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region_actions.h"
#include "ui/canvas/region_tool.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/tool_action.h"

namespace vl {
namespace {

GridBox gridOf(const QRectF& rect, ImageSize image) {
  return toGrid({rect.left(), rect.top(), rect.right(), rect.bottom()}, image);
}

ImageSize sizeOn(ImageView& view) {
  const QSize size = view.canvas().image()->size();
  return {size.width(), size.height()};
}

}  // namespace

BoxTools::BoxTools(SessionStore& store, CanvasPanel& canvas, RegionActions& regions,
                   QWidget* window)
    : QObject(window), canvas_(canvas), regions_(regions), window_(window), editor_(store) {
  region_ =
      add("region", tr("Draw a part to ask about"), Qt::CTRL | Qt::Key_D, &BoxTools::drawRegion);
  edit_ = add("edit-boxes", tr("Change the boxes"), Qt::CTRL | Qt::Key_B, &BoxTools::editBoxes);
  region_->setCheckable(true);
  edit_->setCheckable(true);
  undo_ = editor_.undoStack().createUndoAction(this);
  redo_ = editor_.undoStack().createRedoAction(this);
  undo_->setIcon(themeIcon("undo"));
  redo_->setIcon(themeIcon("redo"));
  undo_->setShortcut(QKeySequence::Undo);
  redo_->setShortcut(QKeySequence::Redo);
  for (QAction* action : {undo_, redo_}) {  // a text has its own
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    canvas_.addAction(action);
  }
  reset_ = add("retry", tr("Back to the model's boxes"), {}, &BoxTools::resetBoxes);
  canvas_.addTools({region_, edit_});
  connect(&editor_, &BoxEditor::problem, this, &BoxTools::problem);
  connect(&editor_, &BoxEditor::changed, this, &BoxTools::refresh);
  refresh();
}

QAction* BoxTools::add(const QString& icon, const QString& text, const QKeySequence& shortcut,
                       void (BoxTools::*run)()) {
  QAction* action = toolAction(icon, text, shortcut, this);
  connect(action, &QAction::triggered, this, run);
  return action;
}

std::vector<QAction*> BoxTools::actions() const { return {region_, edit_, undo_, redo_, reset_}; }

void BoxTools::refresh() {
  const bool shown = canvas_.shownImage().has_value();
  region_->setEnabled(shown);
  edit_->setEnabled(shown && editor_.canEdit());
  reset_->setEnabled(editor_.isEdited());
  const bool lost = (tool_ == Tool::Edit && !edit_->isEnabled()) ||
                    (tool_ == Tool::Region && !region_->isEnabled());
  if (lost) use(Tool::Browse);
}

void BoxTools::use(Tool tool) {
  tool_ = tool;
  region_->setChecked(tool == Tool::Region);
  edit_->setChecked(tool == Tool::Edit);
  regions_.drop();
  for (const std::size_t place : {std::size_t{0}, std::size_t{1}}) {
    ImageView& view = canvas_.view(place);
    view.canvas().focusBox(std::nullopt);
    if (tool == Tool::Region) {
      giveRegionTool(view);
    } else if (tool == Tool::Edit) {
      giveEditTool(view);
    } else {
      view.canvas().setTool(nullptr);
    }
  }
  if (tool != Tool::Browse) canvas_.canvas().setFocus();
}

void BoxTools::giveRegionTool(ImageView& view) {
  // the tool goes with use(), so that waits until the tool has returned
  const auto leave = [this] {
    QMetaObject::invokeMethod(
        this, [this] { use(Tool::Browse); }, Qt::QueuedConnection);
  };
  const auto drawn = [this, &view](const QRectF& part) {
    const auto pick = [this, &view, part] {
      use(Tool::Browse);
      if (view.shown()) regions_.pick({&view, *view.shown(), part, {}});
    };
    QMetaObject::invokeMethod(this, pick, Qt::QueuedConnection);
  };
  view.canvas().setTool(std::make_unique<RegionTool>(RegionTool::Calls{drawn, leave}));
}

void BoxTools::giveEditTool(ImageView& view) {
  EditTool::Calls calls;
  calls.changed = [this, &view](std::size_t box, const QRectF& rect) {
    const std::optional<std::size_t> known = answerBox(view, box);
    if (known) editor_.change(*known, gridOf(rect, sizeOn(view)));
  };
  calls.added = [this, &view](const QRectF& rect) {
    if (view.shown()) addBox(*view.shown(), sizeOn(view), rect);
  };
  calls.removed = [this, &view](std::size_t box) {
    if (const auto known = answerBox(view, box)) editor_.remove(*known);
  };
  calls.nameWanted = [this, &view](std::size_t box) {
    if (const auto known = answerBox(view, box)) askName(*known);
  };
  calls.left = [this] {
    QMetaObject::invokeMethod(
        this, [this] { use(Tool::Browse); }, Qt::QueuedConnection);
  };
  view.canvas().setTool(std::make_unique<EditTool>(std::move(calls)));
}

std::optional<std::size_t> BoxTools::answerBox(const ImageView& view, std::size_t onCanvas) const {
  const std::size_t placed = view.placedBox(onCanvas);
  const bool isOwn = editor_.canEdit() && placed < editor_.boxes().size();
  return isOwn ? std::optional(placed) : std::nullopt;
}

void BoxTools::addBox(std::size_t image, ImageSize size, const QRectF& rect) {
  if (!editor_.canEdit()) {
    emit problem(tr("Boxes belong to an answer. Ask about the picture first."));
    return;
  }
  GroundedBox box;
  box.label = tr("New box").toStdString();
  box.image = image;
  box.grid = gridOf(rect, size);
  editor_.add(std::move(box));
  askName(editor_.boxes().size() - 1);
}

void BoxTools::askName(std::size_t box) {
  auto* dialog = new QInputDialog(window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Name of the box"));
  dialog->setLabelText(tr("What is in the box?"));
  dialog->setTextValue(QString::fromStdString(editor_.boxes()[box].label));
  connect(dialog, &QInputDialog::textValueSelected, this, [this, box](const QString& label) {
    if (box < editor_.boxes().size() && !label.trimmed().isEmpty()) {
      editor_.rename(box, label.trimmed());
    }
  });
  dialog->open();
}

}  // namespace vl
