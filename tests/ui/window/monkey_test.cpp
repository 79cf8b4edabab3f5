#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QDialog>
#include <QEventLoop>
#include <QFileDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QNetworkProxy>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>
#include <QWindow>
#include <random>

#include "tests/ui/models/model_folders.h"
#include "tests/ui/ui_test.h"

namespace vl::test {

/// Presses, turns, types and chooses at random, always in the same order. Events are posted, and
/// the next one comes from a timer, so that it goes on inside of dialogs and menus.
class Monkey final : public QObject {
  Q_OBJECT
 public:
  Monkey(Desk& desk, QStringList pictures, int events)
      : desk_(desk), pictures_(std::move(pictures)), left_(events) {
    connect(&timer_, &QTimer::timeout, this, &Monkey::act);
    timer_.start(0);
  }

 signals:
  void tired();

 private:
  int upTo(int end) { return end <= 0 ? 0 : static_cast<int>(random_() % unsigned(end)); }

  void act() {
    if (!desk_.window().isVisible()) desk_.window().show();  // it was closed
    // a chooser of files would let the monkey loose on this computer's own
    if (auto* chooser = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
      chooser->reject();
      return;
    }
    if (left_ <= 0) {
      rest();
      return;
    }
    --left_;
    switch (upTo(20)) {
      case 0:
        return trigger();
      case 1:
        return desk_.window().resize(500 + upTo(1200), 400 + upTo(700));
      case 2:
        if (upTo(20) == 0) desk_.take({pictures_[upTo(static_cast<int>(pictures_.size()))]});
        return;
      case 3:
      case 4:
      case 5:
      case 6:
        return pressKey();
      case 7:
      case 8:
        return turnWheel();
      case 9:
        return askForMenu();
      default:
        return moveMouse();
    }
  }

  void rest() {
    if (QWidget* popup = QApplication::activePopupWidget()) {
      popup->close();
    } else if (QWidget* modal = QApplication::activeModalWidget()) {
      modal->close();
    } else {
      timer_.stop();
      emit tired();
    }
  }

  /// The window that gets events now.
  QWidget* window() {
    if (QWidget* popup = QApplication::activePopupWidget()) return popup;
    if (QWidget* modal = QApplication::activeModalWidget()) return modal;
    QWidgetList visible;
    for (QWidget* widget : QApplication::topLevelWidgets()) {
      const bool ours = widget == &desk_.window() || widget->parentWidget() == &desk_.window();
      if (ours && widget->isVisible() && widget->windowHandle() != nullptr) visible << widget;
    }
    return visible.isEmpty() ? nullptr : visible[upTo(static_cast<int>(visible.size()))];
  }

  void trigger() {
    const QList<QAction*> actions = desk_.window().findChildren<QAction*>();
    if (QApplication::activeModalWidget() != nullptr || actions.isEmpty()) return;
    QAction* action = actions[upTo(static_cast<int>(actions.size()))];
    if (action->isEnabled() && action->menu() == nullptr) {
      QMetaObject::invokeMethod(action, &QAction::trigger, Qt::QueuedConnection);
    }
  }

  void moveMouse() {
    QWidget* target = window();
    if (target == nullptr || target->windowHandle() == nullptr) return;
    if (upTo(3) > 0) place_ = QPointF(upTo(target->width()), upTo(target->height()));
    const QPointF global = target->mapToGlobal(place_);
    const Qt::MouseButton button = upTo(8) == 0 ? Qt::RightButton : Qt::LeftButton;
    const auto modifiers = upTo(10) == 0 ? Qt::ShiftModifier : Qt::NoModifier;
    const auto post = [&](QEvent::Type type, Qt::MouseButton which, Qt::MouseButtons held) {
      QCoreApplication::postEvent(target->windowHandle(),
                                  new QMouseEvent(type, place_, global, which, held, modifiers));
    };
    post(QEvent::MouseMove, Qt::NoButton, Qt::NoButton);
    if (upTo(3) == 0) return;
    post(QEvent::MouseButtonPress, button, button);
    if (upTo(6) == 0) {  // drags
      place_ += QPointF(upTo(200) - 100, upTo(200) - 100);
      post(QEvent::MouseMove, Qt::NoButton, button);
    }
    post(QEvent::MouseButtonRelease, button, Qt::NoButton);
    if (upTo(8) == 0) {
      post(QEvent::MouseButtonDblClick, button, button);
      post(QEvent::MouseButtonRelease, button, Qt::NoButton);
    }
  }

  void pressKey() {
    QWidget* target = window();
    if (target == nullptr || target->windowHandle() == nullptr) return;
    static const QList<int> kKeys{
        Qt::Key_Tab,      Qt::Key_Backtab, Qt::Key_Return, Qt::Key_Escape,
        Qt::Key_Up,       Qt::Key_Down,    Qt::Key_Left,   Qt::Key_Right,
        Qt::Key_PageDown, Qt::Key_PageUp,  Qt::Key_Home,   Qt::Key_End,
        Qt::Key_Delete,   Qt::Key_Space,   Qt::Key_F2,     Qt::Key_Backspace};
    int key = kKeys[upTo(static_cast<int>(kKeys.size()))];
    QString text = key == Qt::Key_Return ? "\r" : "";
    if (upTo(2) == 0) {
      static const QString kLetters =
          QString::fromUtf8("ab <|ref|>xyz12\u4e2d\u6587[](){}#*`\u05d0\U0001F600");
      text = kLetters.mid(upTo(static_cast<int>(kLetters.size())), 1);
      key = Qt::Key_A;
    }
    const Qt::KeyboardModifiers modifiers = upTo(8) == 0   ? Qt::ControlModifier
                                            : upTo(8) == 0 ? Qt::ShiftModifier
                                                           : Qt::NoModifier;
    for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
      QCoreApplication::postEvent(target->windowHandle(),
                                  new QKeyEvent(type, key, modifiers, text));
    }
  }

  void turnWheel() {
    QWidget* target = window();
    if (target == nullptr || target->windowHandle() == nullptr) return;
    const QPointF place(upTo(target->width()), upTo(target->height()));
    QCoreApplication::postEvent(
        target->windowHandle(),
        new QWheelEvent(place, target->mapToGlobal(place), {}, {0, 120 * (upTo(7) - 3)},
                        Qt::NoButton, upTo(3) == 0 ? Qt::ControlModifier : Qt::NoModifier,
                        Qt::NoScrollPhase, false));
  }

  void askForMenu() {
    QWidget* target = window();
    if (target == nullptr) return;
    const QPoint place(upTo(target->width()), upTo(target->height()));
    QWidget* child = target->childAt(place);
    if (child == nullptr) return;
    QCoreApplication::postEvent(
        child, new QContextMenuEvent(QContextMenuEvent::Keyboard, child->mapFrom(target, place),
                                     target->mapToGlobal(place)));
  }

  Desk& desk_;
  QStringList pictures_;
  int left_;
  std::mt19937 random_{20260101};
  QPointF place_;
  QTimer timer_;
};

class MonkeyTest : public QObject {
  Q_OBJECT
 private slots:
  /// VL_MONKEY_EVENTS says how many.
  void randomEventsDoNotCrashTheWindow() {
    const int wanted = qEnvironmentVariableIntValue("VL_MONKEY_EVENTS");
    constexpr int kUsual = 2000;
    const QTemporaryDir folder;
    // what the monkey downloads or opens in a browser stays on this computer
    QNetworkProxy::setApplicationProxy({QNetworkProxy::HttpProxy, "127.0.0.1", 1});
    for (const char* scheme : {"http", "https", "file"}) {
      QDesktopServices::setUrlHandler(scheme, this, "swallow");
    }
    const std::filesystem::path models = folder.filePath("models").toStdString();
    copyMicroModel(models / "tiny");
    const auto director = std::make_shared<Director>();
    director->setScript(describeWithBox);
    Desk::Setup setup{folder.filePath("data").toStdString(),
                      {writePicture(folder, "sample.png")},
                      scriptedBackend(director)};
    setup.models.own = models;
    Desk desk(openStore(folder.filePath("data")), std::move(setup));
    desk.begin("/models/scripted", {});
    desk.window().show();

    Monkey monkey(desk, {writePicture(folder, "a.png"), writePicture(folder, "b.png", {40, 900})},
                  wanted > 0 ? wanted : kUsual);
    QEventLoop loop;
    connect(&monkey, &Monkey::tired, &loop, &QEventLoop::quit);
    loop.exec();
    QVERIFY(desk.window().isVisible());
    for (const char* scheme : {"http", "https", "file"}) {
      QDesktopServices::unsetUrlHandler(scheme);
    }
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
  }

 public slots:
  void swallow(const QUrl& /*url*/) {}
};

static const Registered<MonkeyTest> kMonkeyTest;

}  // namespace vl::test

#include "monkey_test.moc"
