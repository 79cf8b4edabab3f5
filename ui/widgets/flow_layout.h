#pragma once

#include <QLayout>
#include <QLayoutItem>
#include <memory>
#include <vector>

namespace vl {

/// Lays widgets out like words: in rows, left to right, as many in a row as fit.
class FlowLayout final : public QLayout {
  Q_OBJECT
 public:
  explicit FlowLayout(int gap, QWidget* parent = nullptr);

  void addItem(QLayoutItem* item) override;
  int count() const override;
  QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  Qt::Orientations expandingDirections() const override;
  bool hasHeightForWidth() const override;
  int heightForWidth(int width) const override;
  QSize minimumSize() const override;
  QSize sizeHint() const override;
  void setGeometry(const QRect& rect) override;

 private:
  /// Returns the height; moves the items only if told to.
  int arrange(const QRect& rect, bool move) const;

  int gap_;
  std::vector<std::unique_ptr<QLayoutItem>> items_;
};

}  // namespace vl
