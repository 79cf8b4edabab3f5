#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;

namespace vl {

class ActivityBar;
class ModelDownload;
class NoticeBar;

/// A model that can be downloaded: what it is, under which licence, and how far its download is.
/// Nothing is fetched before the licence is accepted and the button pressed.
class DownloadDetails final : public QWidget {
  Q_OBJECT
 public:
  explicit DownloadDetails(QWidget* parent = nullptr);

  /// The download outlives the widget, or another one, or none, is set before it goes.
  void setDownload(ModelDownload* download);

 private:
  void refresh();
  void press();

  ModelDownload* download_ = nullptr;
  QLabel* title_;
  QLabel* about_;
  QLabel* source_;
  QLabel* licence_;
  QLabel* summary_;
  QCheckBox* accept_;
  NoticeBar* problem_;
  ActivityBar* activity_;
  QPushButton* start_;
  QPushButton* cancel_;
};

}  // namespace vl
