#pragma once

#include <string>
#include <vector>

#include "inference/text/grounding_parser.h"
#include "ui/answer/answer_document.h"
#include "ui/canvas/label_palette.h"
#include "ui/chat/message_widget.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace vl {

class ActivityBar;
class BoxWarnings;
class BranchSwitch;
class ElidedLabel;
class MessageText;
class NoticeBar;

/// An answer: its Markdown with the phrases marked, what is going on while it is written, and below
/// it how it went and ways to take it along.
class AnswerWidget final : public MessageWidget {
  Q_OBJECT
 public:
  /// The palette is the conversation's and outlives the widget.
  explicit AnswerWidget(LabelPalette& palette, QWidget* parent = nullptr);

  void setItem(const ConversationItem& item) override;
  int arrange(int width) override;
  MessageText& text() const override { return *text_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showText(const ConversationItem& item);
  void addCopyMenu();
  void addDetails();
  void showNotice(const ConversationItem& item);
  void showFooter(const ConversationItem& item);
  QToolButton* addTool(const QString& icon, const QString& text);

  std::string raw_;
  bool ended_ = false;      // what is shown is the whole answer
  GroundingParser parser_;  // has read raw_ while the answer is being written
  GroundedText answer_;     // as it is shown
  std::vector<GroundedBox> boxes_;
  MessageText* text_;
  AnswerDocument document_;
  ActivityBar* activity_;
  NoticeBar* notice_;
  BoxWarnings* warnings_;
  QWidget* footer_;
  BranchSwitch* branches_;
  QToolButton* copy_;
  QToolButton* retry_;
  QToolButton* more_;
  QToolButton* info_;
  QPushButton* continue_;
  QLabel* details_;  // opened by info_
  ElidedLabel* facts_;
};

}  // namespace vl
