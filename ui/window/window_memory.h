#pragma once

#include <QObject>

class QMainWindow;
class QSettings;

namespace vl {

/// Brings a window back where it was, with the columns it had and the groups of sessions that were
/// folded, and writes that down when it closes.
class WindowMemory final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive it. Only splitters with an object name are remembered.
  WindowMemory(QMainWindow& window, QSettings& settings, QObject* parent = nullptr);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void restore();
  void save();

  QMainWindow& window_;
  QSettings& settings_;
};

}  // namespace vl
