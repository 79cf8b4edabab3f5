#include "ui/documents/reading_view.h"

#include <QAction>
#include <QBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QToolButton>
#include <algorithm>
#include <iterator>
#include <utility>

#include "inference/documents/page_image_size.h"
#include "ui/canvas/image_canvas.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/reading_page_model.h"
#include "ui/documents/reading_text.h"
#include "ui/documents/search_highlighter.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/save_file_dialog.h"
#include "ui/widgets/theme.h"
#include "ui/window/notice_bar.h"

namespace vl {
namespace {

constexpr QSize kSize(1180, 760);
constexpr int kSaveEditedMs = 500;
constexpr QSize kIconSize(18, 18);

using State = DocumentReading::State;

}  // namespace

ReadingView::ReadingView(std::unique_ptr<DocumentReading> reading, QWidget* parent)
    : QWidget(parent, Qt::Window),
      reading_(std::move(reading)),
      model_(new ReadingPageModel(*reading_, this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(QString::fromStdString(reading_->record().fileName));
  resize(kSize);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(makeHead());
  notice_ = new NoticeBar(this);
  notice_->hide();
  column->addWidget(notice_);
  column->addWidget(makeBody(), 1);
  column->addWidget(makeFoot());
  editTimer_.setSingleShot(true);
  editTimer_.setInterval(kSaveEditedMs);
  connect(&editTimer_, &QTimer::timeout, this, &ReadingView::saveEdited);
  connectReading();
  showState();
  list_->setCurrentIndex(model_->index(0));
  list_->setFocus();
}

ReadingView::~ReadingView() { saveEdited(); }

QToolButton* ReadingView::addTool(QBoxLayout* row, const QString& icon, const QString& name) {
  auto* button = new QToolButton(this);
  button->setIcon(themeIcon(icon));
  button->setIconSize(kIconSize);
  button->setText(name);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setAccessibleName(name);
  row->addWidget(button);
  return button;
}

QWidget* ReadingView::makeHead() {
  auto* head = new QWidget(this);
  auto* name = new ElidedLabel(Qt::ElideMiddle, head);
  name->setFullText(QString::fromStdString(reading_->record().fileName));
  QFont bold = font();
  bold.setWeight(QFont::DemiBold);
  name->setFont(bold);
  status_ = new QLabel(head);
  status_->setProperty("role", "muted");
  status_->setTextFormat(Qt::PlainText);
  progress_ = new QProgressBar(head);
  progress_->setTextVisible(false);
  progress_->setFixedSize(160, 6);
  progress_->setAccessibleName(tr("Pages read"));
  progress_->setMaximum(static_cast<int>(reading_->pages().size()));
  go_ = new QPushButton(head);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  row->addWidget(name, 1);
  row->addWidget(status_);
  row->addWidget(progress_);
  row->addWidget(go_);
  connect(go_, &QPushButton::clicked, this, [this] {
    const bool runs = reading_->state() == State::Reading || reading_->state() == State::Waiting;
    runs ? reading_->pause() : reading_->resume();
  });
  return head;
}

QWidget* ReadingView::makeBody() {
  auto* splitter = new QSplitter(this);
  splitter->setObjectName("readingSplitter");
  splitter->setHandleWidth(9);
  splitter->setChildrenCollapsible(false);
  list_ = new QListView(splitter);
  list_->setObjectName("readingPages");
  list_->setModel(model_);
  list_->setUniformItemSizes(true);
  list_->setIconSize(kIconSize);
  list_->setAccessibleName(tr("Pages"));
  canvas_ = new ImageCanvas(splitter);
  canvas_->setAccessibleName(tr("Picture of the page"));
  auto* right = new QWidget(splitter);
  text_ = new QPlainTextEdit(right);
  text_->setObjectName("readingText");
  text_->setAccessibleName(tr("Text of the page"));
  text_->setTabChangesFocus(true);
  highlighter_ = new SearchHighlighter(text_->document());
  auto* tools = new QHBoxLayout;
  again_ = addTool(tools, "retry", tr("Read again"));
  scan_ = addTool(tools, "read-text", tr("Read as a picture"));
  scan_->setToolTip(tr("Let the model read the page although it has printed text"));
  skip_ = addTool(tools, "skip", tr("Skip"));
  tools->addStretch(1);
  auto* column = new QVBoxLayout(right);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(text_, 1);
  column->addLayout(tools);
  splitter->setStretchFactor(1, 1);
  splitter->setStretchFactor(2, 1);
  splitter->setSizes({240, 440, 470});

  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& current) {
            if (current.isValid()) showPage(static_cast<std::size_t>(current.row()));
          });
  connect(text_, &QPlainTextEdit::textChanged, this, [this] {
    if (isShowing_) return;
    isEdited_ = true;
    editTimer_.start();
  });
  const auto readAgain = [this](bool scan) {
    saveEdited();
    reading_->readAgain(*shown_, scan);
  };
  connect(again_, &QToolButton::clicked, this, [readAgain] { readAgain(false); });
  connect(scan_, &QToolButton::clicked, this, [readAgain] { readAgain(true); });
  connect(skip_, &QToolButton::clicked, this, [this] { reading_->skip(*shown_); });
  return splitter;
}

QWidget* ReadingView::makeFoot() {
  auto* foot = new QWidget(this);
  search_ = new QLineEdit(foot);
  search_->setObjectName("readingSearch");
  search_->setPlaceholderText(tr("Find in the text"));
  search_->setAccessibleName(tr("Find in the text of all pages"));
  search_->setClearButtonEnabled(true);
  search_->setMaximumWidth(260);
  hits_ = new QLabel(foot);
  hits_->setProperty("role", "muted");
  auto* history = new QPushButton(tr("Keep as a session"), foot);
  history->setAccessibleName(history->text());
  history->setToolTip(
      tr("Puts the text into the history, where it can be searched and asked about"));
  auto* saveButton = new QPushButton(tr("Save text…"), foot);
  saveButton->setAccessibleName(tr("Save the text as a file"));
  saveButton->setProperty("role", "primary");
  auto* row = new QHBoxLayout(foot);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(search_, 1);
  QToolButton* before = addTool(row, "previous", tr("Previous page with it"));
  QToolButton* after = addTool(row, "next", tr("Next page with it"));
  for (QToolButton* button : {before, after}) {
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setToolTip(button->text());
  }
  row->addWidget(hits_);
  row->addStretch(1);
  row->addWidget(history);
  row->addWidget(saveButton);

  connect(search_, &QLineEdit::textChanged, this, &ReadingView::findAll);
  connect(search_, &QLineEdit::returnPressed, this, [this] { find(true); });
  connect(before, &QToolButton::clicked, this, [this] { find(false); });
  connect(after, &QToolButton::clicked, this, [this] { find(true); });
  connect(saveButton, &QPushButton::clicked, this, &ReadingView::save);
  connect(history, &QPushButton::clicked, this, [this] {
    saveEdited();
    const std::string text = markdownOf(reading_->record(), reading_->pages());
    emit historyWanted(QString::fromStdString(reading_->record().fileName),
                       QString::fromStdString(text));
  });
  const auto shortcut = [this](const QKeySequence& keys, auto run) {
    auto* action = new QAction(this);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, run);
    addAction(action);
  };
  shortcut(QKeySequence::Find, [this] {
    search_->setFocus();
    search_->selectAll();
  });
  shortcut(QKeySequence::FindNext, [this] { find(true); });
  shortcut(QKeySequence::FindPrevious, [this] { find(false); });
  shortcut(QKeySequence::Save, [this] { save(); });
  shortcut(QKeySequence::Close, [this] { close(); });
  return foot;
}

void ReadingView::connectReading() {
  connect(reading_.get(), &DocumentReading::changed, this, &ReadingView::showState);
  connect(&reading_->document(), &OpenDocument::opened, this, &ReadingView::showPicture);
  connect(reading_.get(), &DocumentReading::pageChanged, this, [this](std::size_t index) {
    showState();
    lookAt(index);
    if (shown_ == index) showText(index);
  });
}

void ReadingView::showState() {
  const std::size_t read = reading_->readCount();
  const auto all = static_cast<int>(reading_->pages().size());
  progress_->setValue(static_cast<int>(read));
  const State state = reading_->state();
  const bool runs = state == State::Reading || state == State::Waiting;
  go_->setText(runs ? tr("Pause") : tr("Continue"));
  go_->setIcon(themeIcon(runs ? "pause" : "play"));
  go_->setAccessibleName(runs ? tr("Pause reading") : tr("Continue reading"));
  go_->setVisible(runs || state == State::Paused);
  QString status = tr("%1 of %n page(s)", nullptr, all).arg(read);
  if (state == State::Waiting) {
    status = tr("%1, waiting for an answer").arg(status);
  } else if (state == State::Reading && reading_->current()) {
    status =
        tr("%1, reading page %2").arg(status).arg(reading_->pages()[*reading_->current()].page + 1);
  } else if (state == State::Paused) {
    status = tr("%1, paused").arg(status);
  } else if (state == State::Opening) {
    status = tr("Opening the document…");
  }
  status_->setText(status);
  showNotice();
  refreshTools();
}

void ReadingView::showNotice() {
  const QString& problem = reading_->problem();
  if (problem.isEmpty()) return notice_->hide();
  if (notice_->isVisible() && notice_->text() == problem) return;
  const bool broken = reading_->state() == State::Broken;
  notice_->setNotice(broken ? NoticeBar::Kind::Error : NoticeBar::Kind::Warning, problem);
  if (reading_->state() != State::Locked) return;
  connect(notice_->addButton(tr("Enter the password…")), &QPushButton::clicked, this, [this] {
    bool entered = false;
    const QString password = QInputDialog::getText(
        this, windowTitle(), tr("Password of the document:"), QLineEdit::Password, {}, &entered);
    if (entered) reading_->unlock(password);
  });
}

void ReadingView::showPage(std::size_t index) {
  if (shown_ == index) return;
  saveEdited();
  shown_ = index;
  list_->setCurrentIndex(model_->index(static_cast<int>(index)));
  showText(index);
  showPicture();
}

void ReadingView::showText(std::size_t index) {
  const bool isCurrent = reading_->current() == index;
  const ReadingPage& page = reading_->pages()[index];
  const std::string& text = isCurrent ? reading_->currentText() : page.text;
  const QString shown = QString::fromStdString(text);
  if (!isEdited_ && text_->toPlainText() != shown) {
    isShowing_ = true;
    text_->setPlainText(shown);
    isShowing_ = false;
  }
  text_->setReadOnly(isCurrent);
  const bool failed = page.state == PageState::Failed;
  text_->setPlaceholderText(failed      ? QString::fromStdString(page.error)
                            : isCurrent ? tr("This page is being read…")
                            : page.state == PageState::Done
                                ? tr("There is no text on this page.")
                                : tr("This page has not been read yet. You can also write here."));
  refreshTools();
}

void ReadingView::showPicture() {
  if (!shown_ || reading_->document().pageCount() == 0) return;
  const std::size_t index = *shown_;
  canvas_->setImage(nullptr, tr("Drawing the page…"));
  const auto official = officialResolutions();
  reading_->document().renderPicture(
      reading_->pages()[index].page, {official.begin(), official.end()}, this,
      [this, index](const Result<OpenDocument::Picture>& picture) {
        if (shown_ != index) return;
        if (picture) return canvas_->setImage(*picture);
        canvas_->setImage(nullptr, QString::fromStdString(picture.error().what));
      });
}

void ReadingView::refreshTools() {
  if (!shown_) return;
  const ReadingPage& page = reading_->pages()[*shown_];
  const State state = reading_->state();
  const bool isCurrent = reading_->current() == shown_;
  const bool works = state != State::Opening && state != State::Locked && state != State::Broken;
  const bool hasResult = page.state == PageState::Done || page.state == PageState::Failed;
  again_->setEnabled(works && (hasResult || isCurrent));
  scan_->setVisible(page.source == PageSource::TextLayer);
  scan_->setEnabled(works);
  const bool skipped = page.state == PageState::Skipped;
  skip_->setEnabled(works && (isCurrent || skipped || page.state == PageState::Waiting));
  skip_->setText(skipped ? tr("Do not skip") : tr("Skip"));
  skip_->setAccessibleName(skip_->text());
}

void ReadingView::saveEdited() {
  editTimer_.stop();
  if (std::exchange(isEdited_, false)) reading_->edit(*shown_, text_->toPlainText().toStdString());
}

void ReadingView::showHit(std::size_t page, const QStringList& words) {
  const std::vector<ReadingPage>& pages = reading_->pages();
  const auto at = std::find_if(pages.begin(), pages.end(),
                               [&](const ReadingPage& known) { return known.page == page; });
  if (at == pages.end()) return;
  showPage(static_cast<std::size_t>(at - pages.begin()));
  // a hit is on one line where the text may have several
  QStringList parts = words.join(' ').split(' ', Qt::SkipEmptyParts);
  parts.removeDuplicates();
  if (parts.isEmpty()) return;
  search_->setText(parts.first());
  highlighter_->setPhrases(parts);
  text_->setFocus();
  text_->moveCursor(QTextCursor::Start);
  // characters of Chinese are no whole words
  if (!text_->find(parts.first(), QTextDocument::FindWholeWords)) text_->find(parts.first());
  text_->centerCursor();
}

QString ReadingView::phrase() const { return search_->text().trimmed(); }

bool ReadingView::hasPhrase(std::size_t index) const {
  const QString text = QString::fromStdString(reading_->pages()[index].text);
  return text.contains(phrase(), Qt::CaseInsensitive);
}

void ReadingView::findAll() {
  const bool some = !phrase().isEmpty();
  highlighter_->setPhrases(some ? QStringList(phrase()) : QStringList());
  found_.clear();
  for (std::size_t i = 0; some && i < reading_->pages().size(); ++i) {
    if (hasPhrase(i)) found_.insert(i);
  }
  showFound();
}

void ReadingView::lookAt(std::size_t index) {
  if (phrase().isEmpty()) return;
  const bool known = found_.contains(index);
  if (known == hasPhrase(index)) return;
  if (known) {
    found_.erase(index);
  } else {
    found_.insert(index);
  }
  showFound();
}

void ReadingView::showFound() {
  const int count = static_cast<int>(found_.size());
  hits_->setText(phrase().isEmpty() ? QString() : tr("on %n page(s)", nullptr, count));
  model_->setFound(found_);
}

void ReadingView::find(bool forward) {
  const QString wanted = phrase();
  const auto back = forward ? QTextDocument::FindFlags() : QTextDocument::FindBackward;
  if (wanted.isEmpty() || !shown_ || text_->find(wanted, back) || found_.empty()) return;
  // the next page that has it, round the end
  auto next = forward ? found_.upper_bound(*shown_) : found_.lower_bound(*shown_);
  if (forward) {
    if (next == found_.end()) next = found_.begin();
  } else {
    next = std::prev(next == found_.begin() ? found_.end() : next);
  }
  showPage(*next);
  text_->moveCursor(forward ? QTextCursor::Start : QTextCursor::End);
  text_->find(wanted, back);
}

void ReadingView::save() {
  saveEdited();
  const auto chosen = askWhereToSave(this, tr("Save the text"), windowTitle() + ".md",
                                     {{tr("Markdown (*.md)"), "md"}, {tr("Text (*.txt)"), "txt"}});
  if (!chosen) return;
  const bool isPlain = chosen->kind == 1;
  const std::string text =
      isPlain ? plainTextOf(reading_->pages()) : markdownOf(reading_->record(), reading_->pages());
  QSaveFile target(chosen->file);
  const bool saved = target.open(QIODevice::WriteOnly) &&
                     target.write(text.data(), static_cast<qint64>(text.size())) >= 0 &&
                     target.commit();
  if (saved) return;
  notice_->setNotice(NoticeBar::Kind::Error,
                     tr("%1 was not saved: %2").arg(chosen->file, target.errorString()));
}

}  // namespace vl
