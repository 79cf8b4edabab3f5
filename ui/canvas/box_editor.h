#pragma once

#include <QObject>
#include <QString>
#include <QUndoStack>
#include <cstddef>
#include <optional>
#include <vector>

#include "storage/session_store.h"
#include "ui/widgets/record_ids.h"

namespace vl {

/// The boxes of one answer as a person has changed them, beside what the model said. Every change
/// is stored at once and can be undone. GUI thread.
class BoxEditor final : public QObject {
  Q_OBJECT
 public:
  /// The store outlives the editor.
  explicit BoxEditor(SessionStore& store, QObject* parent = nullptr);

  /// The answer that is shown, with what the model said. Another answer forgets what could be
  /// undone.
  void open(std::optional<MessageId> answer, std::vector<GroundedBox> model);
  const std::optional<MessageId>& answer() const { return answer_; }
  bool canEdit() const { return answer_.has_value(); }
  bool isEdited() const { return edited_.has_value(); }
  const std::vector<GroundedBox>& boxes() const { return edited_ ? *edited_ : model_; }
  QUndoStack& undoStack() { return undo_; }

  // Each requires canEdit(), and a box that is there.
  void change(std::size_t box, const GridBox& grid);
  void rename(std::size_t box, const QString& label);
  void add(GroundedBox box);
  void remove(std::size_t box);
  void replace(std::vector<GroundedBox> boxes, const QString& what);
  /// Back to what the model said.
  void reset();

 signals:
  void changed();
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  class Step;
  using Edited = std::optional<std::vector<GroundedBox>>;
  void push(Edited after, const QString& what, std::optional<std::size_t> box = std::nullopt);
  void apply(const Edited& state);

  SessionStore& store_;
  std::optional<MessageId> answer_;
  std::vector<GroundedBox> model_;
  Edited edited_;
  QUndoStack undo_;
};

}  // namespace vl
