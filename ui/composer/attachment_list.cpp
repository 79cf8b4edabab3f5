#include "ui/composer/attachment_list.h"

#include <QFileInfo>
#include <QUrl>
#include <algorithm>
#include <utility>

#include "inference/documents/pdf_document.h"

namespace vl {

AttachmentList::AttachmentList(ImageImporter& importer, QObject* parent)
    : QObject(parent), importer_(importer) {
  connect(&importer_, &ImageImporter::imported, this,
          [this](quint64 ticket, const ImportedImage& image) {
            const auto entry = find(ticket);
            if (entry == entries_.end()) return;  // removed meanwhile
            entry->image = image;
            emit ready(image);
            emit changed();
          });
  connect(&importer_, &ImageImporter::failed, this,
          [this](quint64 ticket, const QString& name, const Error& error) {
            const auto entry = find(ticket);
            if (entry == entries_.end()) return;
            entries_.erase(entry);
            emit changed();
            emit refused(tr("%1 was not added. %2").arg(name, QString::fromStdString(error.what)));
          });
}

std::vector<AttachmentList::Entry>::iterator AttachmentList::find(quint64 ticket) {
  return std::find_if(entries_.begin(), entries_.end(),
                      [ticket](const Entry& entry) { return entry.ticket == ticket; });
}

bool AttachmentList::isReady() const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return entry.image.has_value(); });
}

bool AttachmentList::hasRoom() {
  if (entries_.size() < kMostEntries) return true;
  emit refused(tr("A question can have at most %1 images.").arg(kMostEntries));
  return false;
}

void AttachmentList::addFile(const QString& path) {
  if (looksLikePdf(path.toStdString())) {
    emit documentReceived(path);
    return;
  }
  if (!hasRoom()) return;
  const quint64 ticket = importer_.importFile(path);
  entries_.push_back({ticket, QFileInfo(path).fileName(), std::nullopt});
  emit changed();
}

void AttachmentList::addPicture(const QImage& picture, const QString& name,
                                std::optional<CropPlace> place) {
  if (!hasRoom()) return;
  entries_.push_back({importer_.importPicture(picture, name, place), name, std::nullopt});
  emit changed();
}

void AttachmentList::addEncoded(const QString& name, ImageImporter::Encoded encoded) {
  if (!hasRoom()) return;
  entries_.push_back({importer_.importEncoded(name, std::move(encoded)), name, std::nullopt});
  emit changed();
}

void AttachmentList::addStored(ImportedImage image) {
  if (!hasRoom()) return;
  const QString name = QString::fromStdString(image.attachment.fileName);
  entries_.push_back({--lastStored_, name, std::move(image)});
  emit changed();
}

bool AttachmentList::accepts(const QMimeData& data) {
  const QList<QUrl> urls = data.urls();
  if (!urls.isEmpty()) return true;           // a web address is refused with a sentence
  return data.hasImage() && !data.hasText();  // a text program offers a picture of its text, too
}

void AttachmentList::addMime(const QMimeData& data) {
  const QList<QUrl> urls = data.urls();
  const bool anyLocal =
      std::any_of(urls.begin(), urls.end(), [](const QUrl& url) { return url.isLocalFile(); });
  if (!anyLocal && data.hasImage()) {
    addPicture(qvariant_cast<QImage>(data.imageData()), tr("Pasted image"));
    return;
  }
  for (const QUrl& url : urls) {
    if (entries_.size() == kMostEntries) {
      hasRoom();  // says so once
      return;
    }
    if (url.isLocalFile()) {
      addFile(url.toLocalFile());
    } else {
      emit refused(tr("%1 is not a file on this computer.").arg(url.toDisplayString()));
    }
  }
}

void AttachmentList::move(quint64 ticket, std::size_t place) {
  const auto entry = find(ticket);
  if (entry == entries_.end() || place >= entries_.size()) return;
  const auto target = entries_.begin() + static_cast<std::ptrdiff_t>(place);
  if (entry == target) return;
  if (entry < target) {
    std::rotate(entry, entry + 1, target + 1);
  } else {
    std::rotate(target, entry, entry + 1);
  }
  emit changed();
}

void AttachmentList::remove(quint64 ticket) {
  const auto entry = find(ticket);
  if (entry == entries_.end()) return;
  entries_.erase(entry);
  emit changed();
}

void AttachmentList::clear() {
  if (entries_.empty()) return;
  entries_.clear();
  emit changed();
}

}  // namespace vl
