#pragma once

#include <QImage>
#include <QObject>
#include <QPointer>
#include <QSize>
#include <QString>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "inference/base/result.h"
#include "inference/documents/document.h"
#include "inference/weights/model_config.h"
#include "ui/canvas/image_pyramid.h"

namespace vl {

/// A PDF that is open in the window. Its pages are read on a thread of its own; answers and signals
/// come on the GUI thread, where this object lives. Destruction stops what is being read.
class OpenDocument final : public QObject {
  Q_OBJECT
 public:
  using TextReady = std::function<void(const Result<std::string>&)>;
  using FileReady = std::function<void(const Status&)>;
  using Picture = std::shared_ptr<const ImagePyramid>;
  using PictureReady = std::function<void(const Result<Picture>&)>;

  explicit OpenDocument(QString path, QObject* parent = nullptr);
  ~OpenDocument() override;

  /// Ends with one of the signals. With another password it can be tried again.
  void open(const QString& password);

  const QString& path() const { return path_; }
  QString name() const;
  /// The one it was opened with.
  const QString& password() const { return password_; }
  /// 0 until it is open.
  std::size_t pageCount() const { return pageCount_; }

  /// These thumbnails are made next, in this order, each within `bound` pixels; those that were
  /// wanted before and are not among them are not made any more.
  void wantThumbnails(std::vector<std::size_t> pages, QSize bound);
  /// The text layer, which may be empty. Before any thumbnail; not answered when context is gone.
  void readText(std::size_t page, QObject* context, TextReady ready);
  /// The page as the model sees it. Likewise.
  void renderPicture(std::size_t page, std::vector<Resolution> candidates, QObject* context,
                     PictureReady ready);
  /// The same as a PNG file, which is replaced.
  void renderFile(std::size_t page, std::vector<Resolution> candidates, QString file,
                  QObject* context, FileReady ready);

 signals:
  void opened();
  void failed(const vl::Error& error);
  /// A null image: the page cannot be read.
  void thumbnailReady(std::size_t page, const QImage& thumbnail);

 private:
  using Work = std::function<void(const std::stop_token&)>;  // runs on thread_

  void enqueue(Work work);
  void run(const std::stop_token& quit);
  /// The next thing to do; waits for it. Empty at the end.
  Work next(const std::stop_token& quit);
  void makeThumbnail(std::size_t page, QSize bound, const std::stop_token& quit);
  template <typename Function>
  void post(Function function);

  const QString path_;
  QString password_;
  std::size_t pageCount_ = 0;

  std::unique_ptr<Document> document_;  // thread_ only

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Work> work_;               // guarded by mutex_
  std::deque<std::size_t> thumbnails_;  // guarded by mutex_
  QSize thumbnailBound_;                // guarded by mutex_

  std::jthread thread_;  // last member: stopped and joined before the others go
};

/// Renders a page so that the model sees most of it. Errors: as Document.
Result<RgbImage> renderForModel(Document& document, std::size_t page,
                                std::span<const Resolution> candidates,
                                const std::stop_token& stop);

/// The pixels, copied.
QImage toQImage(const RgbImage& image);

}  // namespace vl
