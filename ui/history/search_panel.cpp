#include "ui/history/search_panel.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>

#include "ui/history/history_searcher.h"
#include "ui/history/search_hit_delegate.h"
#include "ui/history/search_results_model.h"

namespace vl {
namespace {

constexpr int kLongestQuery = 200;

}  // namespace

SearchPanel::SearchPanel(QLineEdit& field, HistorySearcher& searcher, QWidget* parent)
    : QStackedWidget(parent),
      field_(field),
      searcher_(searcher),
      model_(new SearchResultsModel(this)),
      list_(new QListView(this)),
      text_(new QLabel(this)) {
  list_->setModel(model_);
  list_->setItemDelegate(new SearchHitDelegate(list_));
  list_->setAccessibleName(tr("Search results"));
  list_->setFrameShape(QFrame::NoFrame);
  list_->setMouseTracking(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setUniformItemSizes(true);
  text_->setProperty("role", "muted");
  text_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  text_->setContentsMargins(18, 24, 18, 0);
  addWidget(list_);
  addWidget(text_);

  field_.setMaxLength(kLongestQuery);
  field_.installEventFilter(this);
  connect(&field_, &QLineEdit::textChanged, this, &SearchPanel::search);
  connect(list_, &QListView::clicked, this, &SearchPanel::open);
  connect(list_, &QListView::activated, this, &SearchPanel::open);
  connect(&searcher_, &HistorySearcher::found, this,
          [this](const QString&, const std::vector<SearchHit>& hits) { show(hits); });
  connect(&searcher_, &HistorySearcher::failed, this, [this](const QString&, const Error& error) {
    showText(QString::fromStdString(error.what));
  });
}

void SearchPanel::search() {
  const bool some = !field_.text().trimmed().isEmpty();
  if (some) {
    searcher_.search(field_.text());  // what was found before stays until the new hits are there
  } else {
    searcher_.cancel();
    show({});
    showText({});
  }
  emit wanted(some);
}

void SearchPanel::show(const std::vector<SearchHit>& hits) {
  model_->setHits(hits);
  if (hits.empty()) {
    showText(
        tr("Nothing found.\n\nTitles, questions, answers, labels of boxes, file names and the "
           "text of documents were searched; every word has to occur."));
    return;
  }
  list_->setCurrentIndex(model_->index(0));
  setCurrentWidget(list_);
}

void SearchPanel::showText(const QString& text) {
  text_->setText(text);
  setCurrentWidget(text_);
}

void SearchPanel::open(const QModelIndex& index) {
  if (index.isValid()) emit opened(model_->at(index.row()));
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    event->accept();  // otherwise Escape stops the answer
    return true;
  }
  if (event->type() == QEvent::KeyPress && keyPressed(*static_cast<QKeyEvent*>(event))) return true;
  return QStackedWidget::eventFilter(watched, event);
}

bool SearchPanel::keyPressed(const QKeyEvent& event) {
  switch (event.key()) {
    case Qt::Key_Escape:
      if (field_.text().isEmpty()) emit left();
      field_.clear();
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      open(list_->currentIndex());
      return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
      QKeyEvent copy(event.type(), event.key(), event.modifiers());
      QCoreApplication::sendEvent(list_, &copy);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace vl
