#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>

#include "storage/exchange/exchange_control.h"
#include "storage/session_store.h"
#include "ui/widgets/record_ids.h"

namespace vl {

/// Writes sessions to files and reads them again, on its own thread, through a store of its own on
/// the same folder. GUI thread.
class SessionTransfer final : public QObject {
  Q_OBJECT
 public:
  enum class Format { Markdown, Html, Json };

  explicit SessionTransfer(std::filesystem::path dataFolder, QObject* parent = nullptr);
  ~SessionTransfer() override;

  /// Exactly one of exported, imported and failed comes for each call, after it has returned; of a
  /// cancelled one, failed with ErrorCode::Cancelled.
  void exportSession(SessionId session, Format format, const QString& file);
  void importSession(const QString& file);
  void cancel();

 signals:
  void progressed(int permille);
  void exported(const QString& file);
  void imported(vl::SessionId session);
  void failed(const vl::Error& error);

 private:
  using Work = std::function<Result<SessionId>(SessionStore&, const ExchangeControl&)>;
  void start(const Work& work, const std::function<void(SessionId)>& done);
  Result<SessionId> run(const Work& work, const std::stop_token& stop);

  const std::filesystem::path dataFolder_;
  std::stop_source stop_;
  std::optional<SessionStore> store_;  // pool_'s thread only
  QThreadPool pool_;                   // one thread; last member: waits for its tasks
};

}  // namespace vl
