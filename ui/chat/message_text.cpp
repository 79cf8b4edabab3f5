#include "ui/chat/message_text.h"

#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextTable>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/answer/document_builder.h"
#include "ui/canvas/label_palette.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kButtonSide = 26;
constexpr int kButtonMargin = 5;

}  // namespace

MessageText::MessageText(QWidget* parent) : QTextBrowser(parent) {
  setObjectName("messageText");
  setFrameShape(QFrame::NoFrame);
  setOpenLinks(false);
  setUndoRedoEnabled(false);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  document()->setDocumentMargin(0);
  connect(this, &QTextBrowser::anchorClicked, this, &MessageText::openLink);
  connect(this, &QTextBrowser::highlighted, this,
          [this](const QUrl& link) { emit phrasePointed(boxesOfLink(link)); });
}

void MessageText::openLink(const QUrl& link) {
  if (const auto boxes = boxesOfLink(link)) {
    emit phrasePicked(*boxes);
  } else {
    QDesktopServices::openUrl(link);  // markdown_writer lets web addresses through only
  }
}

int MessageText::heightFor(int width) {
  document()->setTextWidth(width);
  const int height = static_cast<int>(std::ceil(document()->size().height()));
  placeCopyButtons(width);
  return height;
}

int MessageText::widthFor(int widest) {
  document()->setTextWidth(widest);
  return std::min(widest, static_cast<int>(std::ceil(document()->idealWidth())));
}

std::vector<const QTextTable*> MessageText::code() const {
  std::vector<const QTextTable*> tables;
  for (const QTextFrame* frame : document()->rootFrame()->childFrames()) {
    const auto* table = qobject_cast<const QTextTable*>(frame);
    if (table != nullptr && isCode(*table)) tables.push_back(table);
  }
  return tables;
}

void MessageText::placeCopyButtons(int width) {
  const std::vector<const QTextTable*> tables = code();
  while (copyButtons_.size() > tables.size()) {
    copyButtons_.back()->hide();
    copyButtons_.back()->deleteLater();
    copyButtons_.pop_back();
  }
  while (copyButtons_.size() < tables.size()) copyButtons_.push_back(addCopyButton());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const QTextBlock first = tables[i]->cellAt(0, 0).firstCursorPosition().block();
    const double top = document()->documentLayout()->blockBoundingRect(first).top();
    const int edge = static_cast<int>(top - tables[i]->format().cellPadding());
    copyButtons_[i]->move(width - kButtonSide - kButtonMargin, edge + kButtonMargin);
    copyButtons_[i]->show();
  }
}

QToolButton* MessageText::addCopyButton() {
  auto* button = new QToolButton(viewport());
  button->setIcon(themeIcon("copy"));
  button->setIconSize(QSize(14, 14));
  button->setFixedSize(kButtonSide, kButtonSide);
  button->setCursor(Qt::ArrowCursor);
  button->setAccessibleName(tr("Copy this code"));
  button->setToolTip(tr("Copy"));
  connect(button, &QToolButton::clicked, this, [this, button, index = copyButtons_.size()] {
    const std::vector<const QTextTable*> tables = code();
    if (index >= tables.size()) return;
    QGuiApplication::clipboard()->setText(codeOf(*tables[index]));
    QToolTip::showText(button->mapToGlobal(button->rect().bottomLeft()), tr("Copied"), button);
  });
  return button;
}

void MessageText::markWords(const QStringList& words) {
  markedWords_ = words;
  showMarks();
}

void MessageText::emphasiseBox(std::optional<std::size_t> box) {
  if (emphasisedBox_ == box) return;
  emphasisedBox_ = box;
  showMarks();
}

void MessageText::showMarks() {
  QList<ExtraSelection> marks;
  addWordMarks(marks);
  if (emphasisedBox_) addPhraseMarks(marks, *emphasisedBox_);
  setExtraSelections(marks);
}

void MessageText::addPhraseMarks(QList<ExtraSelection>& marks, std::size_t box) const {
  for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
    for (auto piece = block.begin(); !piece.atEnd(); ++piece) {
      const QTextFragment text = piece.fragment();
      const auto boxes = boxesOfLink(QUrl(text.charFormat().anchorHref()));
      if (!boxes || box < boxes->first || box >= boxes->first + boxes->count) continue;
      ExtraSelection mark;
      mark.cursor = QTextCursor(block);
      mark.cursor.setPosition(text.position());
      mark.cursor.setPosition(text.position() + text.length(), QTextCursor::KeepAnchor);
      const QColor colour = text.charFormat().underlineColor();
      mark.format.setBackground(colour);
      mark.format.setForeground(readableOn(colour));
      marks << mark;
    }
  }
}

void MessageText::addWordMarks(QList<ExtraSelection>& marks) const {
  constexpr int kMostMarks = 1000;
  QTextCharFormat format;
  format.setBackground(Theme::colours().accent);
  format.setForeground(Theme::colours().accentText);
  for (const QString& word : markedWords_) {
    QTextCursor found(document());
    while (marks.size() < kMostMarks) {
      found = document()->find(word, found, QTextDocument::FindCaseSensitively);
      if (found.isNull()) break;
      marks.append({found, format});
    }
  }
}

std::optional<int> MessageText::firstMarkedY() const {
  std::optional<int> first;
  for (const ExtraSelection& mark : extraSelections()) {
    const int y = cursorRect(mark.cursor).top();
    first = std::min(first.value_or(y), y);
  }
  return first;
}

void MessageText::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && !markedWords_.isEmpty()) showMarks();
  QTextBrowser::changeEvent(event);
}

/// Tab goes from phrase to phrase; the one it stands on points at its boxes, as the mouse does.
bool MessageText::focusNextPrevChild(bool next) {
  const bool stays = QTextBrowser::focusNextPrevChild(next);
  const QString link = stays ? textCursor().charFormat().anchorHref() : QString();
  emit phrasePointed(boxesOfLink(QUrl(link)));
  return stays;
}

void MessageText::focusOutEvent(QFocusEvent* event) {
  emit phrasePointed(std::nullopt);
  QTextBrowser::focusOutEvent(event);
}

void MessageText::wheelEvent(QWheelEvent* event) { event->ignore(); }

void MessageText::leaveEvent(QEvent* event) {
  emit phrasePointed(std::nullopt);
  QTextBrowser::leaveEvent(event);
}

}  // namespace vl
