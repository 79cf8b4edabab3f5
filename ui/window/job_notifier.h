#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <utility>

class QWidget;

namespace vl {

/// Tells the person that something long has ended while they were doing something else: the
/// desktop's notification, and a mark on the window where the desktop knows one.
class JobNotifier final : public QObject {
  Q_OBJECT
 public:
  static constexpr int kLongMs = 10'000;
  using Send = std::function<void(const QString& title, const QString& text)>;

  /// The window outlives it.
  explicit JobNotifier(QWidget& window, QObject* parent = nullptr);

  /// For tests.
  void setSend(Send send) { send_ = std::move(send); }
  /// Nothing happens while a window of the app is being used.
  void say(const QString& text);

 private:
  QWidget& window_;
  Send send_;
};

}  // namespace vl
