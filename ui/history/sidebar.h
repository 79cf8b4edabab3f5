#pragma once

#include <QWidget>

class QToolButton;

namespace vl {

class ElidedLabel;
class ModelLoader;
class SessionListModel;
class SessionListView;

/// The left side of the window: a new session, the sessions, and which model answers.
class Sidebar final : public QWidget {
  Q_OBJECT
 public:
  /// Both outlive the sidebar.
  Sidebar(SessionListModel& sessions, const ModelLoader& model, QWidget* parent = nullptr);

  SessionListView& list() { return *list_; }

 signals:
  void newWanted();
  void modelWanted();

 private:
  void showModel();

  const ModelLoader& model_;
  SessionListView* list_;
  QToolButton* new_;
  QToolButton* modelButton_;
  ElidedLabel* modelName_;
  ElidedLabel* modelState_;
};

}  // namespace vl
