#include "ui/history/history_searcher.h"

#include <exception>
#include <utility>

namespace vl {
namespace {

constexpr std::size_t kMostHits = 100;

}  // namespace

HistorySearcher::HistorySearcher(std::filesystem::path dataFolder, QObject* parent)
    : QObject(parent), dataFolder_(std::move(dataFolder)) {
  pool_.setMaxThreadCount(1);
  pool_.setExpiryTimeout(-1);  // the store belongs to one thread
}

HistorySearcher::~HistorySearcher() { cancel(); }

void HistorySearcher::cancel() {
  stop_.request_stop();
  pool_.clear();
}

void HistorySearcher::search(const QString& typed) {
  cancel();
  stop_ = std::stop_source();
  pool_.start([this, typed, stop = stop_.get_token()] {
    const Result<std::vector<SearchHit>> hits = run(typed.toStdString(), stop);
    QMetaObject::invokeMethod(
        this,
        [this, typed, stop, hits] {
          if (stop.stop_requested()) return;
          if (hits) {
            emit found(typed, *hits);
          } else {
            emit failed(typed, hits.error());
          }
        },
        Qt::QueuedConnection);
  });
}

Result<std::vector<SearchHit>> HistorySearcher::run(const std::string& typed,
                                                    const std::stop_token& stop) {
  try {
    if (!store_) {
      Result<OpenedStore> opened = SessionStore::open(dataFolder_);
      if (!opened) return opened.error();
      store_ = std::move(opened->store);
    }
    return store_->search(typed, kMostHits, stop);
  } catch (const std::exception&) {  // a worker loop
    return Error{
        ErrorCode::OutOfMemory,
        HistorySearcher::tr("There is not enough memory to search the history.").toStdString()};
  }
}

}  // namespace vl
