#pragma once

#include <QWidget>
#include <optional>

#include "ui/answer/grounded_document.h"
#include "ui/chat/conversation_item.h"

namespace vl {

class MessageText;

/// One message of the conversation view, which decides its width and asks for its height.
class MessageWidget : public QWidget {
  Q_OBJECT
 public:
  using QWidget::QWidget;

  virtual void setItem(const ConversationItem& item) = 0;
  /// Lays the content out for `width`; returns the height it takes.
  virtual int arrange(int width) = 0;
  /// The text of the message.
  virtual MessageText& text() const = 0;
  /// How far below the top its first marked word stands; 0 when there is none. After arrange().
  int firstMarkedY() const;

 signals:
  void imagePicked(std::size_t image);  // index among the conversation's images
  void phrasePointed(std::optional<vl::BoxRange> boxes);
  void phrasePicked(const vl::BoxRange& boxes);
  void retryWanted();
  void continueWanted();
  /// The question: to be written anew.
  void editWanted();
  /// The last question with the failed answer: to be taken out and changed.
  void takeBackWanted();
  void branchWanted(vl::MessageId sibling);
  /// The widget needs to be arranged anew.
  void heightChanged();
};

}  // namespace vl
