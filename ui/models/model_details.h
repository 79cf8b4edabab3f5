#pragma once

#include <QString>
#include <QWidget>

#include "inference/tensor/weight_matrix.h"
#include "ui/models/model_library.h"

class QFormLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace vl {

class ElidedLabel;
class NoticeBar;

/// All about one model of the library, and what can be done with it.
class ModelDetails final : public QWidget {
  Q_OBJECT
 public:
  enum class Use { None, Loading, Loaded };

  explicit ModelDetails(QWidget* parent = nullptr);

  /// `busy`: another job on model files is going on, so that no second one can be begun.
  void setModel(const LibraryModel& model, Use use, bool busy);

 signals:
  void loadWanted();
  void cancelLoadWanted();
  void unloadWanted();
  void convertWanted(vl::WeightType type);
  void licenceWanted();
  void forgetWanted();
  void deleteWanted();

 private:
  void makeButtons();
  QLabel* addFact(const QString& name);
  void showMemory(const MemoryPlan& plan);

  QLabel* name_;
  ElidedLabel* folder_;
  NoticeBar* trouble_;
  QWidget* facts_;
  QFormLayout* form_;
  QLabel* type_;
  QLabel* parameters_;
  QLabel* context_;
  QLabel* size_;
  QLabel* memory_;
  QProgressBar* memoryBar_;
  QPushButton* load_ = nullptr;
  QPushButton* convert_ = nullptr;
  QPushButton* licence_ = nullptr;
  QPushButton* forget_ = nullptr;
  QPushButton* delete_ = nullptr;
  Use use_ = Use::None;
};

}  // namespace vl
