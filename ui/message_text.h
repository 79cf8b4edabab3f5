#pragma once

#include <QTextBrowser>

#include "ui/grounded_document.h"

namespace vl {

/// The text of one message: selectable, as high as its content, without scroll bars of its own.
class MessageText final : public QTextBrowser {
  Q_OBJECT
 public:
  explicit MessageText(QWidget* parent = nullptr);

  /// Height of the content when it is `width` wide.
  int heightFor(int width);
  /// The narrowest width, at most `widest`, that breaks no more lines than `widest` does.
  int widthFor(int widest);

 signals:
  void phrasePointed(std::optional<vl::BoxRange> boxes);
  void phrasePicked(const vl::BoxRange& boxes);

 protected:
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
};

}  // namespace vl
