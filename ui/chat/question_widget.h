#pragma once

#include <string>
#include <vector>

#include "ui/chat/message_widget.h"

class QFrame;
class QToolButton;

namespace vl {

class BranchSwitch;
class ImageLoader;
class MessageText;
class ThumbnailButton;

/// A question: a bubble at the right with its pictures and its text; below it a way to edit it and,
/// where it was edited, to its other versions.
class QuestionWidget final : public MessageWidget {
  Q_OBJECT
 public:
  explicit QuestionWidget(ImageLoader& loader, QWidget* parent = nullptr);

  void setItem(const ConversationItem& item) override;
  int arrange(int width) override;
  MessageText& text() const override { return *text_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showPictures(const ConversationItem& item);

  ImageLoader& loader_;
  std::string raw_;
  QFrame* bubble_;
  MessageText* text_;
  std::vector<ThumbnailButton*> pictures_;
  QWidget* footer_;
  BranchSwitch* branches_;
  QToolButton* edit_;
};

}  // namespace vl
