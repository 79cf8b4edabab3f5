#pragma once

#include <QStackedWidget>
#include <QString>

#include "storage/history_search.h"

class QLabel;
class QLineEdit;
class QListView;

namespace vl {

class HistorySearcher;
class SearchResultsModel;

/// The results of what is typed into a search field. The arrow keys move through them while the
/// field has the focus, Enter opens one, Escape clears the field.
class SearchPanel final : public QStackedWidget {
  Q_OBJECT
 public:
  /// Field and searcher outlive the panel.
  SearchPanel(QLineEdit& field, HistorySearcher& searcher, QWidget* parent = nullptr);

  const SearchResultsModel& results() const { return *model_; }

 signals:
  void opened(const vl::SearchHit& hit);
  /// Whether there is something to search for, so that the panel is to be seen.
  void wanted(bool wanted);
  /// Escape in an empty field: the person is done with searching.
  void left();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search();
  void show(const std::vector<SearchHit>& hits);
  void showText(const QString& text);
  void open(const QModelIndex& index);
  bool keyPressed(const QKeyEvent& event);

  QLineEdit& field_;
  HistorySearcher& searcher_;
  SearchResultsModel* model_;
  QListView* list_;
  QLabel* text_;
};

}  // namespace vl
