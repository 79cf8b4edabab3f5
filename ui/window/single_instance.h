#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>
#include <QStringList>
#include <filesystem>

namespace vl {

/// Keeps the app to one window for each history: a second start hands its files to the first and
/// ends. The socket lies in the person's own runtime folder, which is closed to others.
class SingleInstance final : public QObject {
  Q_OBJECT
 public:
  /// The socket of a history.
  static QString socketFor(const std::filesystem::path& dataFolder);

  /// False: nobody answers there, also when a crash left the socket behind. Blocks for a few
  /// seconds at most.
  static bool handOver(const QString& socket, const QStringList& files);

  /// Answers from now on. When that is not possible a second start opens a window of its own.
  explicit SingleInstance(const QString& socket, QObject* parent = nullptr);

 signals:
  /// Another start wants the window, with these files, if any.
  void wanted(const QStringList& files);

 private:
  void greet();

  QLocalServer server_;
};

}  // namespace vl
