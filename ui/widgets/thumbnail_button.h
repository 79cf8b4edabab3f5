#pragma once

#include <QAbstractButton>
#include <QImage>
#include <QString>

class QToolButton;

namespace vl {

/// A small picture with round corners that can be clicked and, if asked for, removed.
class ThumbnailButton final : public QAbstractButton {
  Q_OBJECT
 public:
  ThumbnailButton(const QString& name, int side, QWidget* parent = nullptr);

  /// A null image: still being read.
  void setThumbnail(const QImage& thumbnail);
  void setMissing();
  void setRemovable();
  QSize sizeHint() const override { return {side_, side_}; }

 signals:
  void removeClicked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  int side_;
  QImage thumbnail_;
  bool missing_ = false;
  QToolButton* remove_ = nullptr;
};

}  // namespace vl
