#include "ui/canvas/box_editor.h"

#include <QElapsedTimer>
#include <QUndoCommand>
#include <utility>

namespace vl {
namespace {

constexpr qint64 kOneMoveMs = 800;  // keys that follow one another so fast are one step

}  // namespace

/// From one state to another. Both are kept: an answer has few boxes.
class BoxEditor::Step final : public QUndoCommand {
 public:
  /// `box`: the one that moves; steps of the same box that follow fast become one.
  Step(BoxEditor& editor, Edited before, Edited after, const QString& what,
       std::optional<std::size_t> box)
      : QUndoCommand(what),
        editor_(editor),
        before_(std::move(before)),
        after_(std::move(after)),
        box_(box) {
    age_.start();
  }

  void undo() override { editor_.apply(before_); }
  void redo() override { editor_.apply(after_); }
  int id() const override { return box_ ? 1 : -1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto* next = static_cast<const Step*>(other);
    if (next->box_ != box_ || age_.restart() > kOneMoveMs) return false;
    after_ = next->after_;
    return true;
  }

 private:
  BoxEditor& editor_;
  Edited before_;
  Edited after_;
  std::optional<std::size_t> box_;
  QElapsedTimer age_;
};

BoxEditor::BoxEditor(SessionStore& store, QObject* parent) : QObject(parent), store_(store) {
  undo_.setUndoLimit(200);
}

void BoxEditor::open(std::optional<MessageId> answer, std::vector<GroundedBox> model) {
  model_ = std::move(model);
  if (answer == answer_) return;
  answer_ = answer;
  edited_.reset();
  undo_.clear();
  if (!answer_) return;
  Result<Edited> stored = store_.editedBoxes(*answer_);
  if (stored) {
    edited_ = std::move(*stored);
  } else {
    emit problem(QString::fromStdString(stored.error().what));
  }
}

void BoxEditor::push(Edited after, const QString& what, std::optional<std::size_t> box) {
  undo_.push(std::make_unique<Step>(*this, edited_, std::move(after), what, box).release());
}

void BoxEditor::apply(const Edited& state) {
  const Status stored = state ? store_.editBoxes(*answer_, *state) : store_.resetBoxes(*answer_);
  if (!stored) emit problem(QString::fromStdString(stored.error().what));
  edited_ = state;
  emit changed();
}

void BoxEditor::change(std::size_t box, const GridBox& grid) {
  std::vector<GroundedBox> after = boxes();
  after[box].grid = grid;
  push(std::move(after), tr("Move a box"), box);
}

void BoxEditor::rename(std::size_t box, const QString& label) {
  std::vector<GroundedBox> after = boxes();
  after[box].label = label.toStdString();
  push(std::move(after), tr("Name a box"));
}

void BoxEditor::add(GroundedBox box) {
  std::vector<GroundedBox> after = boxes();
  after.push_back(std::move(box));
  push(std::move(after), tr("Add a box"));
}

void BoxEditor::remove(std::size_t box) {
  std::vector<GroundedBox> after = boxes();
  after.erase(after.begin() + static_cast<std::ptrdiff_t>(box));
  push(std::move(after), tr("Remove a box"));
}

void BoxEditor::replace(std::vector<GroundedBox> boxes, const QString& what) {
  push(std::move(boxes), what);
}

void BoxEditor::reset() {
  if (isEdited()) push(std::nullopt, tr("Back to the model's boxes"));
}

}  // namespace vl
