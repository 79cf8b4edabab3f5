#pragma once

#include <QDialog>
#include <QString>
#include <filesystem>

#include "inference/tensor/weight_matrix.h"
#include "ui/models/model_details.h"

class QLabel;
class QListWidget;
class QListWidgetItem;
class QPushButton;
class QStackedWidget;

namespace vl {

class ActivityBar;
class DownloadDetails;
class ModelDownload;
class ModelDownloads;
class ModelLibrary;
class ModelLoader;
class ModelWork;
class NoticeBar;
struct LibraryModel;

/// The models: which there are, what they take, and what can be done with them.
class ModelDialog final : public QDialog {
  Q_OBJECT
 public:
  /// All outlive the dialog.
  ModelDialog(ModelLibrary& library, ModelLoader& loader, ModelWork& work,
              ModelDownloads& downloads, QWidget* parent = nullptr);

  /// Shows it, with what is there now.
  void open() override;
  /// Asks for a folder: a model is loaded, models in it are listed. Both are remembered.
  void chooseFolder();
  /// The same with the folder known.
  void takeFolder(const std::filesystem::path& folder);

 signals:
  void modelChosen(const QString& folder);

 private:
  QWidget* makeList();
  QWidget* makeDetails();
  QWidget* makePage(QWidget* content);
  void connectDetails();
  void fillList();
  void addRow(const LibraryModel& model);
  void addDownloadRows();
  void openList();
  void downloadEnded(const ModelDownload& download);
  void showDetails();
  void showWork();
  void workEnded(const QString& problem);
  const LibraryModel* selected() const;
  ModelDownload* selectedDownload() const;
  ModelDetails::Use useOf(const LibraryModel& model) const;
  void convert(WeightType type);
  void deleteModel();

  ModelLibrary& library_;
  ModelLoader& loader_;
  ModelWork& work_;
  ModelDownloads& downloads_;
  QListWidget* list_;
  QStackedWidget* pages_;
  QLabel* empty_;
  ModelDetails* details_;
  DownloadDetails* downloadDetails_;
  NoticeBar* notice_;
  QWidget* workRow_;
  ActivityBar* activity_;
  QPushButton* cancelWork_;
  std::filesystem::path wanted_;  // to be selected once it is listed
  QString wantedDownload_;        // the same of a download, by name
  bool opening_ = false;          // until it is known which models there are nothing is selected
};

}  // namespace vl
