#pragma once

#include <QDialog>
#include <QString>
#include <cstddef>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace vl {

struct Error;
class OpenDocument;
class PageListView;

/// Opens a document, asks for its password where it has one, and lets a person choose pages: in the
/// list, or written as "1-3, 5".
class PagePicker final : public QDialog {
  Q_OBJECT
 public:
  enum class Choice { Attach, Read };

  /// mostAttached: so many pages can become images of the question.
  PagePicker(const QString& path, std::size_t mostAttached, QWidget* parent = nullptr);

  OpenDocument& document() { return *document_; }
  PageListView& pages() { return *pages_; }

 signals:
  /// The dialog closes. Pages are ascending and at least one.
  void chosen(vl::PagePicker::Choice choice, const std::vector<std::size_t>& pages);

 private:
  QWidget* makeWaiting();
  QWidget* makeLocked();
  QWidget* makePages();
  void showFailure(const Error& error);
  void tryPassword();
  void showPages();
  /// The written pages follow the list.
  void writeChosen();
  /// The list follows the written pages.
  void readWritten();
  void refresh(const QString& problem = {});
  void choose(Choice choice);

  const std::size_t mostAttached_;
  OpenDocument* document_;
  QStackedWidget* stack_;
  QLabel* waiting_ = nullptr;
  QLabel* locked_ = nullptr;
  QLineEdit* password_ = nullptr;
  QPushButton* unlock_ = nullptr;
  PageListView* pages_ = nullptr;
  QLineEdit* written_ = nullptr;
  QLabel* hint_ = nullptr;
  QPushButton* attach_ = nullptr;
  QPushButton* read_ = nullptr;
};

}  // namespace vl
