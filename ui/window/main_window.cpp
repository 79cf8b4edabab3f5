#include "ui/window/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSplitter>
#include <QUrl>
#include <functional>

#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/picture_drag.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/attachment_list.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/engine/model_loader.h"
#include "ui/history/search_panel.h"
#include "ui/history/search_results_model.h"
#include "ui/history/session_file_actions.h"
#include "ui/history/session_list_view.h"
#include "ui/history/session_organizer.h"
#include "ui/history/sidebar.h"
#include "ui/history/trash_dialog.h"
#include "ui/widgets/theme.h"
#include "ui/window/canvas_link.h"
#include "ui/window/drop_overlay.h"
#include "ui/window/shortcuts_dialog.h"
#include "ui/window/toast.h"

namespace vl {
namespace {

constexpr QSize kWindowSize(1320, 820);
constexpr int kSidebarWidth = 230;
constexpr int kChatWidth = 600;
constexpr int kCanvasWidth = 490;

void nameAfter(QMainWindow& window, const QString& session) {
  const QString name = QApplication::applicationDisplayName();
  window.setWindowTitle(session.isEmpty() ? name
                                          : session.simplified() + QString::fromUtf8(" — ") + name);
}

}  // namespace

MainWindow::MainWindow(ChatController& controller, ModelLoader& model, AttachmentList& attachments,
                       ImageLoader& loader, HistorySearcher& searcher, SessionTransfer& transfer,
                       const std::vector<QString>& samples)
    : controller_(controller),
      model_(model),
      attachments_(attachments),
      sidebar_(new Sidebar(controller.sessions(), controller.organizer(), model, searcher, this)),
      chat_(new ChatPane(controller, model, attachments, loader, palette_, samples, this)),
      canvas_(new CanvasPanel(loader, this)),
      link_(new CanvasLink(controller, model, attachments, *chat_, *canvas_, palette_, this)),
      dropOverlay_(new DropOverlay(this)),
      toast_(new Toast(&chat_->lowerPart(), this)),
      files_(new SessionFileActions(transfer, *this)) {
  nameAfter(*this, {});
  setAcceptDrops(true);
  auto* splitter = new QSplitter(this);
  splitter->setObjectName("columns");
  splitter->setHandleWidth(1);
  splitter->setChildrenCollapsible(false);
  for (QWidget* part : {static_cast<QWidget*>(sidebar_), static_cast<QWidget*>(chat_),
                        static_cast<QWidget*>(canvas_)}) {
    splitter->addWidget(part);
  }
  sidebar_->setMinimumWidth(160);
  splitter->setStretchFactor(0, 0);
  splitter->setStretchFactor(1, 1);
  splitter->setStretchFactor(2, 1);
  splitter->setSizes({kSidebarWidth, kChatWidth, kCanvasWidth});
  setCentralWidget(splitter);
  resize(kWindowSize);
  makeMenus();
  connectParts();
  connectFiles();
  showSession();
}

MainWindow::~MainWindow() = default;

void MainWindow::connectParts() {
  connect(sidebar_, &Sidebar::newWanted, &controller_, &ChatController::newSession);
  connect(sidebar_, &Sidebar::modelWanted, this, &MainWindow::modelsWanted);
  connect(&sidebar_->list(), &SessionListView::opened, &controller_, &ChatController::openSession);
  connect(&sidebar_->list(), &SessionListView::deleteWanted, &controller_,
          &ChatController::trashSession);
  connect(&sidebar_->searchPanel(), &SearchPanel::opened, this, &MainWindow::openHit);
  connect(&sidebar_->searchPanel(), &SearchPanel::wanted, this, [this](bool wanted) {
    if (!wanted) chat_->conversation().clearMark();
  });
  connect(&sidebar_->searchPanel(), &SearchPanel::left, this,
          [this] { chat_->composer().focusText(); });
  connect(&controller_, &ChatController::sessionTrashed, this, &MainWindow::offerUndo);
  connect(chat_, &ChatPane::openWanted, this, &MainWindow::openImages);
  connect(chat_, &ChatPane::modelWanted, this, &MainWindow::modelsWanted);
  connect(&controller_, &ChatController::sessionShown, this, &MainWindow::showSession);
  const auto showTitle = [this] {
    const std::optional<SessionId> shown = controller_.shownSession();
    nameAfter(*this, shown ? titleOf(*shown) : QString());
  };
  connect(&controller_, &ChatController::sessionShown, this, showTitle);
  // a session stands in the list, or has another name, after it is shown
  connect(&controller_.sessions(), &SessionListModel::modelReset, this, showTitle);
  connect(&controller_.sessions(), &SessionListModel::dataChanged, this, showTitle);
  connect(link_, &CanvasLink::problem, this, &MainWindow::showProblem);
  connect(link_, &CanvasLink::done, this,
          [this](const QString& text) { toast_->show(text, tr("Close"), [] {}); });
}

void MainWindow::connectFiles() {
  connect(&sidebar_->list(), &SessionListView::menuWanted, this,
          [this](SessionId session, QMenu& menu) {
            QMenu* exportMenu = menu.addMenu(themeIcon("export"), tr("Export"));
            files_->fillExportMenu(*exportMenu, session, titleOf(session));
          });
  connect(files_, &SessionFileActions::problem, this, &MainWindow::showProblem);
  connect(files_, &SessionFileActions::exported, this, [this](const QString& file) {
    toast_->show(tr("Saved as %1").arg(QFileInfo(file).fileName()), tr("Show"), [file] {
      QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(file).path()));
    });
  });
  connect(files_, &SessionFileActions::imported, this, [this](SessionId session) {
    controller_.organizer().reload();
    controller_.openSession(session);
  });
}

QString MainWindow::titleOf(SessionId session) const {
  const std::optional<int> row = controller_.sessions().rowOf(session);
  return row ? QString::fromStdString(controller_.sessions().at(*row).settings.title) : QString();
}

QAction* MainWindow::addAction(QMenu* menu, const QString& text, const QKeySequence& shortcut,
                               const std::function<void()>& run) {
  QAction* action = menu->addAction(text);
  action->setShortcut(shortcut);
  connect(action, &QAction::triggered, this, run);
  return action;
}

void MainWindow::makeMenus() {
  SessionListView& list = sidebar_->list();
  QMenu* file = menuBar()->addMenu(tr("&File"));
  addAction(file, tr("&New session"), QKeySequence::New, [this] { controller_.newSession(); });
  addAction(file, tr("&Open images or documents…"), QKeySequence::Open, [this] { openImages(); });
  recent_ = file->addMenu(tr("Open &recent"));
  addAction(file, tr("&Documents that are read…"), {}, [this] { emit documentsWanted(); });
  // anywhere in the window; a text that is being edited takes the key for itself
  addAction(file, tr("&Paste"), QKeySequence::Paste, [this] {
    chat_->composer().focusText();
    chat_->composer().edit().paste();
  });
  file->addSeparator();
  addAction(file, tr("&Models…"), Qt::CTRL | Qt::Key_M, [this] { emit modelsWanted(); });
  addAction(file, tr("&Choose a model folder…"), {}, [this] { emit modelFolderWanted(); });
  file->addSeparator();
  QMenu* exportMenu = file->addMenu(tr("&Export the session"));
  connect(file, &QMenu::aboutToShow, exportMenu, [this, exportMenu] {
    exportMenu->clear();
    const auto shown = controller_.shownSession();
    exportMenu->setEnabled(shown.has_value());
    if (shown) files_->fillExportMenu(*exportMenu, *shown, titleOf(*shown));
  });
  addAction(file, tr("&Import a session…"), {}, [this] { files_->importSession(); });
  file->addSeparator();
  addAction(file, tr("&Quit"), QKeySequence::Quit, [this] { close(); });

  QMenu* session = menuBar()->addMenu(tr("&Session"));
  addAction(session, tr("&Search the history"), QKeySequence::Find,
            [this] { sidebar_->focusSearch(); });
  QAction* rename = addAction(session, tr("&Rename"), {}, [&list] { list.renameCurrent(); });
  addAction(session, tr("New &folder"), {}, [&list] { list.addFolder(); });
  QAction* remove = addAction(session, tr("&Delete"), {}, [&list] { list.deleteCurrent(); });
  connect(session, &QMenu::aboutToShow, this, [&list, rename, remove] {
    rename->setEnabled(list.currentIndex().isValid());  // a folder, too
    remove->setEnabled(list.currentSession().has_value());
  });
  addAction(session, tr("&Trash…"), {}, [this] {
    toast_->hide();  // there may be nothing left to undo afterwards
    TrashDialog(controller_, this).exec();
  });
  session->addSeparator();
  QAction* tiling = session->addAction(tr("See &images in detail (tiles)"));
  tiling->setCheckable(true);
  connect(tiling, &QAction::triggered, &controller_, &ChatController::setTiling);
  connect(session, &QMenu::aboutToShow, tiling,
          [this, tiling] { tiling->setChecked(controller_.context().tiling); });
  addAction(session, tr("S&ettings…"), Qt::CTRL | Qt::Key_Comma, [this] { emit settingsWanted(); });
  session->addSeparator();
  QAction* stop =
      addAction(session, tr("St&op the answer"), Qt::Key_Escape, [this] { controller_.stop(); });
  const auto showStop = [this, stop] { stop->setEnabled(controller_.isAnswering()); };
  connect(&controller_, &ChatController::answeringChanged, stop, showStop);
  showStop();

  QMenu* view = menuBar()->addMenu(tr("&View"));
  for (QAction* action : canvas_->viewActions()) view->addAction(action);
  view->addSeparator();
  addAction(view, tr("Go to the &question"), Qt::CTRL | Qt::Key_L,
            [this] { chat_->composer().focusText(); });

  QMenu* boxes = menuBar()->addMenu(tr("&Boxes"));
  for (QAction* action : link_->boxActions()) boxes->addAction(action);

  QMenu* help = menuBar()->addMenu(tr("&Help"));
  addAction(help, tr("&Keyboard shortcuts…"), Qt::CTRL | Qt::Key_Slash,
            [this] { ShortcutsDialog(*this).exec(); });
  addAction(help, tr("&About"), {}, [this] { showAbout(); });
}

void MainWindow::attachFiles(const QStringList& files) {
  for (const QString& file : files) attachments_.addFile(file);
  if (!files.isEmpty()) emit filesOpened(files);
}

void MainWindow::showProblem(const QString& text) { chat_->showProblem(text); }

void MainWindow::openImages() {
  attachFiles(QFileDialog::getOpenFileNames(
      this, tr("Open images or documents"), {},
      tr("Images and documents (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.pdf);;"
         "All files (*)")));
}

void MainWindow::openHit(const SearchHit& hit) {
  if (hit.reading) return emit documentHitOpened(hit);
  if (!hit.message) {
    controller_.openSession(*hit.session);
  } else if (controller_.openMessage(*hit.session, *hit.message)) {
    chat_->conversation().showMessage(*hit.message, emphasisedText(hit.snippet).words());
  }
  sidebar_->focusSearch();  // the next hit is one key away
}

void MainWindow::offerUndo(SessionId session, const QString& title) {
  toast_->show(tr("“%1” is in the trash").arg(title.simplified()), tr("Undo"),
               [this, session] { controller_.restoreSession(session); });
}

void MainWindow::showAbout() {
  QMessageBox::about(
      this, tr("About %1").arg(QApplication::applicationDisplayName()),
      tr("<b>%1 %2</b><p>Ask about images with DeepSeek-VL2, on this computer. "
         "Nothing you do here leaves it.</p><p>Licence: GPL-3.0-or-later.</p>")
          .arg(QApplication::applicationDisplayName(), QApplication::applicationVersion()));
}

void MainWindow::showSession() {
  sidebar_->list().setShown(controller_.shownSession());
  link_->reset();
  chat_->composer().focusText();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  controller_.finish();
  event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!AttachmentList::accepts(*event->mimeData())) return;
  event->acceptProposedAction();
  dropOverlay_->setGeometry(rect());
  dropOverlay_->raise();
  dropOverlay_->show();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent* /*event*/) { dropOverlay_->hide(); }

void MainWindow::dropEvent(QDropEvent* event) {
  dropOverlay_->hide();
  const bool ours = event->mimeData()->hasFormat(kPictureMime);
  const QWidget* place = childAt(event->position().toPoint());
  if (ours && canvas_->isAncestorOf(place)) return event->ignore();  // where it came from
  attachments_.addMime(*event->mimeData());
  event->acceptProposedAction();
  activateWindow();
  if (ours) return;
  QStringList files;
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) files << url.toLocalFile();
  }
  if (!files.isEmpty()) emit filesOpened(files);
}

}  // namespace vl
