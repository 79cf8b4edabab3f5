#include "ui/documents/open_document.h"

#include <QFileInfo>
#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "inference/documents/page_image_size.h"
#include "inference/documents/pdf_document.h"
#include "inference/vision/png_file.h"

namespace vl {
namespace {

Error outOfMemory() {
  return {ErrorCode::OutOfMemory,
          OpenDocument::tr("There is not enough memory to read this page.").toStdString()};
}

Error notOpen() {
  return {ErrorCode::Internal, OpenDocument::tr("The document is not open.").toStdString()};
}

ImageSize sizeWithin(PageSize page, QSize bound) {
  const double scale = std::min(bound.width() / page.width, bound.height() / page.height);
  return {std::clamp(static_cast<int>(std::lround(page.width * scale)), 1, bound.width()),
          std::clamp(static_cast<int>(std::lround(page.height * scale)), 1, bound.height())};
}

}  // namespace

Result<RgbImage> renderForModel(Document& document, std::size_t page,
                                std::span<const Resolution> candidates,
                                const std::stop_token& stop) {
  const Result<PageSize> size = document.pageSize(page, stop);
  if (!size) return size.error();
  return document.renderPage(page, pageImageSize(*size, candidates), stop);
}

QImage toQImage(const RgbImage& image) {
  return QImage(image.pixels.data(), image.width, image.height, qsizetype{3} * image.width,
                QImage::Format_RGB888)
      .copy();
}

OpenDocument::OpenDocument(QString path, QObject* parent)
    : QObject(parent), path_(std::move(path)) {
  thread_ = std::jthread([this](const std::stop_token& quit) { run(quit); });
}

OpenDocument::~OpenDocument() = default;

QString OpenDocument::name() const { return QFileInfo(path_).fileName(); }

template <typename Function>
void OpenDocument::post(Function function) {
  QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

void OpenDocument::open(const QString& password) {
  enqueue([this, password](const std::stop_token& stop) {
    Result<std::unique_ptr<Document>> document =
        openPdf(path_.toStdString(), password.toStdString(), {}, stop);
    if (!document) {
      post([this, error = document.error()] { emit failed(error); });
      return;
    }
    document_ = std::move(*document);
    post([this, password, pages = document_->pageCount()] {
      password_ = password;
      pageCount_ = pages;
      emit opened();
    });
  });
}

void OpenDocument::wantThumbnails(std::vector<std::size_t> pages, QSize bound) {
  {
    const std::lock_guard lock(mutex_);
    thumbnails_.assign(pages.begin(), pages.end());
    thumbnailBound_ = bound;
  }
  wake_.notify_one();
}

void OpenDocument::readText(std::size_t page, QObject* context, TextReady ready) {
  const QPointer<QObject> guard(context);
  enqueue([this, page, guard, ready = std::move(ready)](const std::stop_token& stop) {
    const Result<std::string> text =
        document_ ? document_->pageText(page, stop) : Result<std::string>(notOpen());
    post([guard, ready, text] {
      if (guard) ready(text);
    });
  });
}

void OpenDocument::renderPicture(std::size_t page, std::vector<Resolution> candidates,
                                 QObject* context, PictureReady ready) {
  const QPointer<QObject> guard(context);
  enqueue([this, page, candidates = std::move(candidates), guard,
           ready = std::move(ready)](const std::stop_token& stop) {
    Result<RgbImage> image = document_ ? renderForModel(*document_, page, candidates, stop)
                                       : Result<RgbImage>(notOpen());
    const Result<Picture> picture =
        image ? Result<Picture>(std::make_shared<const ImagePyramid>(std::move(*image)))
              : Result<Picture>(image.error());
    post([guard, ready, picture] {
      if (guard) ready(picture);
    });
  });
}

void OpenDocument::renderFile(std::size_t page, std::vector<Resolution> candidates, QString file,
                              QObject* context, FileReady ready) {
  const QPointer<QObject> guard(context);
  enqueue([this, page, candidates = std::move(candidates), file = std::move(file), guard,
           ready = std::move(ready)](const std::stop_token& stop) {
    const Result<RgbImage> image = document_ ? renderForModel(*document_, page, candidates, stop)
                                             : Result<RgbImage>(notOpen());
    const Status written = image ? writePng(*image, file.toStdString()) : Status(image.error());
    post([guard, ready, written] {
      if (guard) ready(written);
    });
  });
}

void OpenDocument::enqueue(Work work) {
  {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  wake_.notify_one();
}

OpenDocument::Work OpenDocument::next(const std::stop_token& quit) {
  std::unique_lock lock(mutex_);
  if (!wake_.wait(lock, quit, [this] { return !work_.empty() || !thumbnails_.empty(); })) return {};
  if (quit.stop_requested()) return {};
  if (!work_.empty()) {
    Work work = std::move(work_.front());
    work_.pop_front();
    return work;
  }
  const std::size_t page = thumbnails_.front();
  thumbnails_.pop_front();
  return [this, page, bound = thumbnailBound_](const std::stop_token& stop) {
    makeThumbnail(page, bound, stop);
  };
}

void OpenDocument::run(const std::stop_token& quit) {
  while (const Work work = next(quit)) {
    try {
      work(quit);
    } catch (const std::exception&) {  // a worker loop: no memory for the pixels
      post([this] { emit failed(outOfMemory()); });
    }
  }
}

void OpenDocument::makeThumbnail(std::size_t page, QSize bound, const std::stop_token& quit) {
  if (!document_) return;
  QImage thumbnail;
  const Result<PageSize> size = document_->pageSize(page, quit);
  if (size) {
    const Result<RgbImage> image = document_->renderPage(page, sizeWithin(*size, bound), quit);
    if (image) thumbnail = toQImage(*image);
  }
  post([this, page, thumbnail] { emit thumbnailReady(page, thumbnail); });
}

}  // namespace vl
