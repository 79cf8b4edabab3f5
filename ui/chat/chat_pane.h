#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

#include "ui/canvas/label_palette.h"
#include "ui/chat/chat_controller.h"

class QStackedWidget;

namespace vl {

class AttachmentList;
class BudgetBar;
class BudgetNotices;
class BudgetWatch;
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
  /// Composer and notices.
  QWidget& lowerPart() { return *lower_; }
  /// The question that is being written; while another one is edited, what was written before.
  QuestionDraft draft() const;
  /// Instead of what is in the composer, except for images that are still being read.
  void setDraft(const QuestionDraft& draft);
  /// A sentence that can be closed.
  void showProblem(const QString& text);

 signals:
  void openWanted();
  void modelWanted();
  void draftChanged();

 protected:
  bool focusNextPrevChild(bool next) override;

 private:
  /// Asks, once it is known that the question fits.
  void ask();
  void submit();
  /// Begins an answer, once it is known that the model can take what it reads before it: all that
  /// comes before `end`.
  void whenItFits(std::optional<MessageId> end, const std::function<void()>& begin);
  void edit(MessageId question);
  void stopEditing();
  void keepEdited();
  void takeBackQuestion();
  void compose(const QuestionDraft& draft);
  QuestionDraft composed() const;
  void connectBudget();
  void updatePrompt();
  void showBudget();
  void showRefusal(const QString& text);
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
  BudgetNotices* budgetNotices_;
  Composer* composer_;
  BudgetBar* budgetBar_;
  BudgetWatch* budget_;
  NoticeBar* editing_;
  QWidget* lower_;
  std::optional<MessageId> edited_;  // the question in the composer takes its place
  QuestionDraft held_;               // what was being written before that
  QStringList refusals_;             // of the notice that is shown
  bool askWhenMeasured_ = false;
};

}  // namespace vl
