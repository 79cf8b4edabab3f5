#pragma once

#include <QDialog>
#include <functional>
#include <optional>
#include <vector>

#include "storage/reading_store.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace vl {

/// The documents that are or were read: to go on with, or to delete with what was read.
class ReadingsDialog final : public QDialog {
  Q_OBJECT
 public:
  using Open = std::function<void(const ReadingRecord&)>;
  using Remove = std::function<bool(const ReadingRecord&)>;

  ReadingsDialog(std::vector<ReadingRecord> readings, Open open, Remove remove,
                 QWidget* parent = nullptr);

 private:
  void openCurrent();
  void removeCurrent();
  void refresh();

  std::vector<ReadingRecord> readings_;  // as the rows of the list
  Open open_;
  Remove remove_;
  QListWidget* list_;
  QLabel* empty_;
  QPushButton* openButton_;
  QPushButton* delete_;
};

}  // namespace vl
