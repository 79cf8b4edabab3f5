#include "ui/history/session_transfer.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "inference/vision/image_header.h"
#include "storage/exchange/session_documents.h"
#include "storage/exchange/session_json.h"

namespace vl {
namespace {

/// Looks at the header only: decoding waits until the image is shown.
Result<ImageSize> sizeOf(std::span<const std::byte> encoded) {
  const Result<ImageHeader> header = readImageHeader(encoded);
  if (!header) return header.error();
  return orientedSize(*header);
}

}  // namespace

SessionTransfer::SessionTransfer(std::filesystem::path dataFolder, QObject* parent)
    : QObject(parent), dataFolder_(std::move(dataFolder)) {
  pool_.setMaxThreadCount(1);
  pool_.setExpiryTimeout(-1);  // the store belongs to one thread
}

SessionTransfer::~SessionTransfer() { cancel(); }

void SessionTransfer::cancel() { stop_.request_stop(); }

void SessionTransfer::exportSession(SessionId session, Format format, const QString& file) {
  const std::filesystem::path path = file.toStdString();
  const Work work = [=](SessionStore& store, const ExchangeControl& control) -> Result<SessionId> {
    Status done;
    switch (format) {
      case Format::Markdown:
        done = exportSessionMarkdown(store, session, path, control);
        break;
      case Format::Html:
        done = exportSessionHtml(store, session, path, control);
        break;
      case Format::Json:
        done = exportSessionJson(store, session, path, control);
        break;
    }
    if (!done) return done.error();
    return session;
  };
  start(work, [this, file](SessionId) { emit exported(file); });
}

void SessionTransfer::importSession(const QString& file) {
  const std::filesystem::path path = file.toStdString();
  const Work work = [path](SessionStore& store, const ExchangeControl& control) {
    return importSessionJson(store, path, sizeOf, control);
  };
  start(work, [this](SessionId session) { emit imported(session); });
}

void SessionTransfer::start(const Work& work, const std::function<void(SessionId)>& done) {
  stop_ = std::stop_source();
  pool_.start([this, work, done, stop = stop_.get_token()] {
    const Result<SessionId> outcome = run(work, stop);
    QMetaObject::invokeMethod(
        this,
        [this, outcome, done] {
          if (outcome) {
            done(*outcome);
          } else {
            emit failed(outcome.error());
          }
        },
        Qt::QueuedConnection);
  });
}

Result<SessionId> SessionTransfer::run(const Work& work, const std::stop_token& stop) {
  try {
    if (!store_) {
      Result<OpenedStore> opened = SessionStore::open(dataFolder_);
      if (!opened) return opened.error();
      store_ = std::move(opened->store);
    }
    int shown = -1;
    const ExchangeControl control{
        [this, &shown](std::size_t done, std::size_t total) {
          const double share =
              static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(total, 1));
          const int permille = static_cast<int>(share * 1000);
          if (std::exchange(shown, permille) == permille) return;
          QMetaObject::invokeMethod(
              this, [this, permille] { emit progressed(permille); }, Qt::QueuedConnection);
        },
        stop};
    return work(*store_, control);
  } catch (const std::exception&) {  // a worker loop
    return Error{ErrorCode::OutOfMemory,
                 SessionTransfer::tr("There is not enough memory for this session.").toStdString()};
  }
}

}  // namespace vl
