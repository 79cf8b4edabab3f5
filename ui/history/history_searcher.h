#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "storage/session_store.h"

namespace vl {

/// Searches the history on its own thread, through a store of its own on the same folder. Only the
/// latest search counts: one that has not ended when the next begins is stopped and says nothing.
/// GUI thread.
class HistorySearcher final : public QObject {
  Q_OBJECT
 public:
  explicit HistorySearcher(std::filesystem::path dataFolder, QObject* parent = nullptr);
  ~HistorySearcher() override;

  /// One of the signals comes, after the call has returned, unless another call comes first.
  void search(const QString& typed);
  void cancel();

 signals:
  void found(const QString& typed, const std::vector<vl::SearchHit>& hits);
  void failed(const QString& typed, const vl::Error& error);

 private:
  Result<std::vector<SearchHit>> run(const std::string& typed, const std::stop_token& stop);

  const std::filesystem::path dataFolder_;
  std::stop_source stop_;              // of the latest search
  std::optional<SessionStore> store_;  // pool_'s thread only
  QThreadPool pool_;                   // one thread; last member: waits for its tasks
};

}  // namespace vl
