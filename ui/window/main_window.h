#pragma once

#include <QMainWindow>
#include <QString>
#include <QStringList>
#include <cstddef>
#include <functional>
#include <vector>

#include "ui/canvas/label_palette.h"
#include "ui/chat/chat_controller.h"

class QAction;
class QMenu;

namespace vl {

class AttachmentList;
class CanvasLink;
class CanvasPanel;
class ChatPane;
class DropOverlay;
class HistorySearcher;
class ImageLoader;
class ModelLoader;
class SessionFileActions;
class SessionTransfer;
class Sidebar;
class Toast;

/// The window: sessions at the left, the conversation in the middle, the images at the right. Joins
/// the three; what they do is decided in ChatController and ModelLoader.
class MainWindow final : public QMainWindow {
  Q_OBJECT
 public:
  /// All outlive the window.
  MainWindow(ChatController& controller, ModelLoader& model, AttachmentList& attachments,
             ImageLoader& loader, HistorySearcher& searcher, SessionTransfer& transfer,
             const std::vector<QString>& samples);
  ~MainWindow() override;

  void attachFiles(const QStringList& files);
  void showProblem(const QString& text);

  ChatPane& chat() { return *chat_; }
  CanvasPanel& canvas() { return *canvas_; }
  CanvasLink& link() { return *link_; }
  Sidebar& sidebar() { return *sidebar_; }
  QMenu& recentMenu() { return *recent_; }

 signals:
  void documentsWanted();
  /// A place in a document that is read.
  void documentHitOpened(const vl::SearchHit& hit);
  void modelsWanted();
  void modelFolderWanted();
  void settingsWanted();
  void filesOpened(const QStringList& files);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void connectParts();
  void connectFiles();
  void makeMenus();
  QAction* addAction(QMenu* menu, const QString& text, const QKeySequence& shortcut,
                     const std::function<void()>& run);
  void openImages();
  void openHit(const SearchHit& hit);
  void offerUndo(SessionId session, const QString& title);
  QString titleOf(SessionId session) const;
  void showAbout();
  void showSession();

  ChatController& controller_;
  ModelLoader& model_;
  AttachmentList& attachments_;
  LabelPalette palette_;  // of the session that is shown
  Sidebar* sidebar_;
  ChatPane* chat_;
  CanvasPanel* canvas_;
  CanvasLink* link_;
  DropOverlay* dropOverlay_;
  Toast* toast_;
  SessionFileActions* files_;
  QMenu* recent_ = nullptr;
};

}  // namespace vl
