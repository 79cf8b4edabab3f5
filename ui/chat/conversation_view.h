#pragma once

#include <QAbstractScrollArea>
#include <QStringList>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "ui/answer/grounded_document.h"
#include "ui/canvas/label_palette.h"
#include "ui/widgets/record_ids.h"

namespace vl {

class ContextDivider;
class ConversationModel;
class ImageLoader;
class MessageWidget;

/// Shows a conversation as a column of message widgets. Only messages near the visible part have a
/// widget; the others are an estimated height, so a session of thousands opens at once. Stays at
/// the end while an answer is written, unless the person has scrolled away.
class ConversationView final : public QAbstractScrollArea {
  Q_OBJECT
 public:
  /// Model, loader and palette outlive the view.
  ConversationView(ConversationModel& model, ImageLoader& loader, LabelPalette& palette,
                   QWidget* parent = nullptr);

  void scrollToEnd();
  /// Scrolls to the message and marks it, with these words in it, until another is marked or the
  /// conversation changes for another one.
  void showMessage(MessageId message, const QStringList& words);
  void clearMark();
  /// Marks the phrase of the answer that this box belongs to; none: no longer.
  void emphasiseBox(MessageId answer, std::optional<std::size_t> box);
  /// The widgets that exist now, by row.
  const std::map<int, MessageWidget*>& widgets() const { return widgets_; }

 signals:
  void imagePicked(std::size_t image);
  void phrasePointed(vl::MessageId answer, std::optional<vl::BoxRange> boxes);
  void phrasePicked(vl::MessageId answer, const vl::BoxRange& boxes);
  void retryWanted(vl::MessageId answer);
  void continueWanted();
  void editWanted(vl::MessageId question);
  void takeBackWanted();
  void branchWanted(vl::MessageId sibling);
  /// The model is to read what it does not any more.
  void wholeContextWanted();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;
  bool viewportEvent(QEvent* event) override;

 private:
  /// Where the reader is: at the end, or at a row with an offset into it.
  struct Anchor {
    int row = 0;
    int offset = 0;
  };

  struct Mark {
    MessageId message{};
    QStringList words;
  };

  void reset();
  void rowsInserted(int first, int last);
  void rowsRemoved(int first, int last);
  void rowChanged(int row);
  void dropWidget(int row);
  MessageWidget* widgetOf(int row);
  int columnWidth() const;
  int estimatedHeight(int row) const;
  int gapBefore(int row) const;
  int topOf(int row) const;
  int contentHeight() const;
  std::pair<int, int> rowsNear(int top, int bottom) const;
  void rememberAnchor();
  void restoreAnchor();
  void arrange();
  bool measureVisible();
  void placeDivider(int left, int width);
  void placeMark(int left);

  ConversationModel& model_;
  ImageLoader& loader_;
  LabelPalette& palette_;
  std::map<int, MessageWidget*> widgets_;
  ContextDivider* divider_;
  QFrame* markBar_;           // beside the marked message
  std::vector<int> heights_;  // measured where a widget was, estimated elsewhere
  int measuredWidth_ = 0;
  std::optional<Mark> mark_;
  std::optional<Anchor> anchor_;  // none: at the end
  bool arranging_ = false;
};

}  // namespace vl
