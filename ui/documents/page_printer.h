#pragma once

#include <QByteArray>
#include <QString>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include "inference/base/result.h"
#include "inference/documents/document.h"
#include "inference/weights/model_config.h"

namespace vl {

/// Makes PNG pictures of a document's pages, in the size in which the model sees most of them. For
/// one thread, which need not be the one that made it; the document is opened with the first page.
class PagePrinter {
 public:
  PagePrinter(QString path, QString password, std::vector<Resolution> candidates,
              std::stop_token stop);

  /// Errors: as openPdf() and Document.
  Result<QByteArray> png(std::size_t page);

 private:
  const QString path_;
  const QString password_;
  const std::vector<Resolution> candidates_;
  const std::stop_token stop_;
  std::unique_ptr<Document> document_;
};

/// The candidates of the model in this folder; the official ones when they cannot be read.
std::vector<Resolution> candidatesOf(const std::filesystem::path& modelFolder);

}  // namespace vl
