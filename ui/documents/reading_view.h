#pragma once

#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>

class QBoxLayout;
class QLabel;
class QLineEdit;
class QListView;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace vl {

class DocumentReading;
class ImageCanvas;
class NoticeBar;
class ReadingPageModel;
class SearchHighlighter;

/// The window in which a document is read: its pages, the picture of one of them, and beside it the
/// text, which can be corrected while others are read.
class ReadingView final : public QWidget {
  Q_OBJECT
 public:
  explicit ReadingView(std::unique_ptr<DocumentReading> reading, QWidget* parent = nullptr);
  ~ReadingView() override;

  DocumentReading& reading() { return *reading_; }
  QPlainTextEdit& text() { return *text_; }
  void showPage(std::size_t index);
  /// The page of the document, counted from 0, where one of the words stands: what a search of the
  /// history has found. The words become what is looked for here, too.
  void showHit(std::size_t page, const QStringList& words);

 signals:
  /// The person wants what was read as a session of the history.
  void historyWanted(const QString& title, const QString& markdown);

 private:
  QWidget* makeHead();
  QWidget* makeBody();
  QWidget* makeFoot();
  QToolButton* addTool(QBoxLayout* row, const QString& icon, const QString& name);
  void connectReading();

  void showState();
  void showNotice();
  void showText(std::size_t index);
  void showPicture();
  void refreshTools();
  void saveEdited();

  QString phrase() const;
  bool hasPhrase(std::size_t index) const;
  /// On which pages the phrase is; lookAt() for one that has changed.
  void findAll();
  void lookAt(std::size_t index);
  void showFound();
  void find(bool forward);
  void save();

  std::unique_ptr<DocumentReading> reading_;
  ReadingPageModel* model_;
  std::optional<std::size_t> shown_;
  bool isShowing_ = false;  // the text that changes is ours, not the person's
  bool isEdited_ = false;   // the person's text is not saved yet
  QTimer editTimer_;
  std::set<std::size_t> found_;  // indices of pages that have the phrase

  QLabel* status_ = nullptr;
  QProgressBar* progress_ = nullptr;
  QPushButton* go_ = nullptr;  // pause or continue
  NoticeBar* notice_ = nullptr;
  QListView* list_ = nullptr;
  ImageCanvas* canvas_ = nullptr;
  QPlainTextEdit* text_ = nullptr;
  SearchHighlighter* highlighter_ = nullptr;
  QToolButton* again_ = nullptr;
  QToolButton* scan_ = nullptr;
  QToolButton* skip_ = nullptr;
  QLineEdit* search_ = nullptr;
  QLabel* hits_ = nullptr;
};

}  // namespace vl
