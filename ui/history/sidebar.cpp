#include "ui/history/sidebar.h"

#include <QBoxLayout>
#include <QKeySequence>
#include <QLineEdit>
#include <QStackedWidget>
#include <QToolButton>

#include "ui/engine/model_loader.h"
#include "ui/history/search_panel.h"
#include "ui/history/session_list_view.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/theme.h"

namespace vl {

Sidebar::Sidebar(SessionListModel& sessions, SessionOrganizer& organizer, const ModelLoader& model,
                 HistorySearcher& searcher, QWidget* parent)
    : QWidget(parent),
      model_(model),
      list_(new SessionListView(sessions, organizer, this)),
      searchField_(new QLineEdit(this)),
      search_(new SearchPanel(*searchField_, searcher, this)),
      stack_(new QStackedWidget(this)),
      new_(new QToolButton(this)),
      modelButton_(new QToolButton(this)),
      modelName_(new ElidedLabel(Qt::ElideRight, this)),
      modelState_(new ElidedLabel(Qt::ElideRight, this)) {
  setObjectName("sidebar");
  setAttribute(Qt::WA_StyledBackground);
  new_->setText(tr("New session"));
  new_->setIcon(themeIcon("new-session"));
  new_->setIconSize(QSize(18, 18));
  new_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  new_->setToolTip(tr("New session (%1)")
                       .arg(QKeySequence(QKeySequence::New).toString(QKeySequence::NativeText)));
  new_->setAccessibleName(tr("New session"));
  new_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(new_, &QToolButton::clicked, this, &Sidebar::newWanted);

  searchField_->setPlaceholderText(tr("Search"));
  searchField_->setAccessibleName(tr("Search the history"));
  searchField_->setToolTip(
      tr("Search the history (%1)")
          .arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
  searchField_->setClearButtonEnabled(true);
  searchField_->addAction(themeIcon("search"), QLineEdit::LeadingPosition);
  stack_->addWidget(list_);
  stack_->addWidget(search_);
  connect(search_, &SearchPanel::wanted, this, [this](bool wanted) {
    stack_->setCurrentWidget(wanted ? static_cast<QWidget*>(search_) : list_);
  });

  modelState_->setObjectName("modelState");
  modelState_->setProperty("role", "muted");
  modelButton_->setIcon(themeIcon("model"));
  modelButton_->setIconSize(QSize(18, 18));
  modelButton_->setToolTip(tr("Models"));
  modelButton_->setAccessibleName(tr("Models"));
  connect(modelButton_, &QToolButton::clicked, this, &Sidebar::modelWanted);

  auto* names = new QVBoxLayout;
  names->setSpacing(1);
  names->addWidget(modelName_);
  names->addWidget(modelState_);
  auto* bottom = new QHBoxLayout;
  bottom->setContentsMargins(18, 8, 8, 10);
  bottom->addLayout(names, 1);
  bottom->addWidget(modelButton_);

  auto* top = new QHBoxLayout;
  top->setContentsMargins(8, 6, 8, 6);
  top->addWidget(new_);
  auto* searchRow = new QHBoxLayout;
  searchRow->setContentsMargins(10, 0, 10, 8);
  searchRow->addWidget(searchField_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(top);
  column->addLayout(searchRow);
  column->addWidget(stack_, 1);
  column->addLayout(bottom);
  connect(&model_, &ModelLoader::stateChanged, this, &Sidebar::showModel);
  showModel();
}

void Sidebar::focusSearch() {
  searchField_->setFocus(Qt::ShortcutFocusReason);
  searchField_->selectAll();
}

void Sidebar::showModel() {
  switch (model_.state()) {
    case ModelLoader::State::NoModel:
      modelName_->setFullText(tr("No model"));
      modelState_->setFullText(tr("Choose one to begin"));
      return;
    case ModelLoader::State::Loading:
      modelState_->setFullText(tr("Loading…"));
      break;
    case ModelLoader::State::Ready:
      modelState_->setFullText(tr("Ready, on this computer"));
      break;
    case ModelLoader::State::Failed:
      modelState_->setFullText(tr("Could not be loaded"));
      break;
  }
  modelName_->setFullText(model_.name());
  modelName_->setToolTip(QString::fromStdString(model_.folder().string()).toHtmlEscaped());
}

}  // namespace vl
