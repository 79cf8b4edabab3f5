#include "ui/documents/page_printer.h"

#include <QBuffer>
#include <QCoreApplication>
#include <utility>

#include "inference/documents/page_image_size.h"
#include "inference/documents/pdf_document.h"
#include "ui/documents/open_document.h"

namespace vl {

PagePrinter::PagePrinter(QString path, QString password, std::vector<Resolution> candidates,
                         std::stop_token stop)
    : path_(std::move(path)),
      password_(std::move(password)),
      candidates_(std::move(candidates)),
      stop_(std::move(stop)) {}

Result<QByteArray> PagePrinter::png(std::size_t page) {
  if (!document_) {
    Result<std::unique_ptr<Document>> opened =
        openPdf(path_.toStdString(), password_.toStdString(), {}, stop_);
    if (!opened) return opened.error();
    document_ = std::move(*opened);
  }
  const Result<RgbImage> image = renderForModel(*document_, page, candidates_, stop_);
  if (!image) return image.error();
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!toQImage(*image).save(&buffer, "PNG")) {
    const QString why = QCoreApplication::translate(
        "vl::PagePrinter", "There is not enough memory for a picture of this page.");
    return Error{ErrorCode::OutOfMemory, why.toStdString()};
  }
  return bytes;
}

std::vector<Resolution> candidatesOf(const std::filesystem::path& modelFolder) {
  const Result<ModelConfig> config = loadModelConfig(modelFolder);
  if (config) return config->processor.candidateResolutions;
  return {officialResolutions().begin(), officialResolutions().end()};
}

}  // namespace vl
