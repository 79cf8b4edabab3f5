#include "ui/message_text.h"

#include <QTextDocument>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace vl {

MessageText::MessageText(QWidget* parent) : QTextBrowser(parent) {
  setObjectName("messageText");
  setFrameShape(QFrame::NoFrame);
  setOpenLinks(false);
  setUndoRedoEnabled(false);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  document()->setDocumentMargin(0);
  connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
    if (const auto boxes = boxesOfLink(link)) emit phrasePicked(*boxes);
  });
  connect(this, &QTextBrowser::highlighted, this,
          [this](const QUrl& link) { emit phrasePointed(boxesOfLink(link)); });
}

int MessageText::heightFor(int width) {
  document()->setTextWidth(width);
  return static_cast<int>(std::ceil(document()->size().height()));
}

int MessageText::widthFor(int widest) {
  document()->setTextWidth(widest);
  return std::min(widest, static_cast<int>(std::ceil(document()->idealWidth())));
}

void MessageText::wheelEvent(QWheelEvent* event) { event->ignore(); }

void MessageText::leaveEvent(QEvent* event) {
  emit phrasePointed(std::nullopt);
  QTextBrowser::leaveEvent(event);
}

}  // namespace vl
