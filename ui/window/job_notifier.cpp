#include "ui/window/job_notifier.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>
#include <QWidget>

namespace vl {
namespace {

/// Desktop Notifications Specification 1.2. Does not wait for an answer; without a server of
/// notifications nothing happens.
void sendToDesktop(const QString& title, const QString& text) {
  QDBusMessage call = QDBusMessage::createMethodCall("org.freedesktop.Notifications",
                                                     "/org/freedesktop/Notifications",
                                                     "org.freedesktop.Notifications", "Notify");
  const QVariantMap hints{{"desktop-entry", QGuiApplication::desktopFileName()}};
  constexpr unsigned kNoOther = 0;    // which notification it takes the place of
  constexpr int kUsualDuration = -1;  // as the desktop does it
  call << QApplication::applicationDisplayName() << kNoOther << QGuiApplication::desktopFileName()
       << title << text.toHtmlEscaped() << QStringList() << hints << kUsualDuration;
  QDBusConnection::sessionBus().call(call, QDBus::NoBlock);
}

}  // namespace

JobNotifier::JobNotifier(QWidget& window, QObject* parent)
    : QObject(parent), window_(window), send_(sendToDesktop) {}

void JobNotifier::say(const QString& text) {
  if (QApplication::activeWindow() != nullptr) return;
  QApplication::alert(&window_);
  send_(QApplication::applicationDisplayName(), text);
}

}  // namespace vl
