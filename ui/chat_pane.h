#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/label_palette.h"

class QStackedWidget;

namespace vl {

class AttachmentList;
class ChatController;
class Composer;
class ConversationView;
class ImageLoader;
class ModelLoader;
class NoticeBar;
class WelcomePage;

/// The middle of the window: the conversation or, while it is empty, a welcome; notices; and the
/// composer.
class ChatPane final : public QWidget {
  Q_OBJECT
 public:
  /// All outlive the pane.
  ChatPane(ChatController& controller, ModelLoader& model, AttachmentList& attachments,
           ImageLoader& loader, LabelPalette& palette, const std::vector<QString>& samples,
           QWidget* parent = nullptr);

  ConversationView& conversation() { return *conversation_; }
  Composer& composer() { return *composer_; }
  /// A sentence that can be closed.
  void showProblem(const QString& text);

 signals:
  void openWanted();
  void modelWanted();

 private:
  void ask();
  void editLastQuestion();
  void showModelState();
  void refresh();

  ChatController& controller_;
  ModelLoader& model_;
  AttachmentList& attachments_;
  QStackedWidget* stack_;
  WelcomePage* welcome_;
  ConversationView* conversation_;
  NoticeBar* modelNotice_;
  NoticeBar* problem_;
  Composer* composer_;
};

}  // namespace vl
