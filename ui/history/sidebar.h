#pragma once

#include <QWidget>

class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace vl {

class ElidedLabel;
class HistorySearcher;
class ModelLoader;
class SearchPanel;
class SessionListModel;
class SessionListView;
class SessionOrganizer;

/// The left side of the window: a new session, searching, the sessions or what was found, and which
/// model answers.
class Sidebar final : public QWidget {
  Q_OBJECT
 public:
  /// All outlive the sidebar.
  Sidebar(SessionListModel& sessions, SessionOrganizer& organizer, const ModelLoader& model,
          HistorySearcher& searcher, QWidget* parent = nullptr);

  SessionListView& list() { return *list_; }
  SearchPanel& searchPanel() { return *search_; }
  void focusSearch();

 signals:
  void newWanted();
  void modelWanted();

 private:
  void showModel();

  const ModelLoader& model_;
  SessionListView* list_;
  QLineEdit* searchField_;
  SearchPanel* search_;
  QStackedWidget* stack_;  // sessions or results
  QToolButton* new_;
  QToolButton* modelButton_;
  ElidedLabel* modelName_;
  ElidedLabel* modelState_;
};

}  // namespace vl
