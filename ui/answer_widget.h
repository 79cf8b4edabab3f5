#pragma once

#include <string>

#include "ui/label_palette.h"
#include "ui/message_widget.h"

class QLabel;
class QToolButton;

namespace vl {

class ActivityBar;
class ElidedLabel;
class MessageText;
class NoticeBar;

/// An answer: its text with the phrases marked, what is going on while it is written, and below it
/// how it went.
class AnswerWidget final : public MessageWidget {
  Q_OBJECT
 public:
  /// The palette is the conversation's and outlives the widget.
  explicit AnswerWidget(LabelPalette& palette, QWidget* parent = nullptr);

  void setItem(const ConversationItem& item) override;
  int arrange(int width) override;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showText();
  void showNotice(const ConversationItem& item);
  void showFooter(const ConversationItem& item);
  QToolButton* addTool(const QString& icon, const QString& text);

  LabelPalette& palette_;
  std::string raw_;
  QString readable_;
  QStringList warnings_;
  MessageText* text_;
  ActivityBar* activity_;
  NoticeBar* notice_;
  QWidget* footer_;
  QToolButton* copy_;
  QToolButton* retry_;
  QLabel* warning_;
  ElidedLabel* facts_;
};

}  // namespace vl
