#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

class QMenu;
class QSettings;

namespace vl {

/// The files opened last, in a menu.
class RecentFiles final : public QObject {
  Q_OBJECT
 public:
  static constexpr int kMost = 10;

  /// Fills the menu whenever it is about to be shown. Both outlive it.
  RecentFiles(QMenu& menu, QSettings& settings, QObject* parent = nullptr);

  void add(const QStringList& files);
  QStringList files() const;
  void clear();

 signals:
  void picked(const QString& file);

 private:
  void fill();

  QMenu& menu_;
  QSettings& settings_;
};

}  // namespace vl
