#include "ui/documents/document_desk.h"

#include <exception>
#include <memory>
#include <utility>

#include "ui/chat/chat_controller.h"
#include "ui/composer/attachment_list.h"
#include "ui/documents/open_document.h"
#include "ui/documents/page_printer.h"
#include "ui/documents/reading_view.h"
#include "ui/documents/readings_dialog.h"
#include "ui/engine/model_loader.h"

namespace vl {
namespace {

/// On a worker thread, through a store of its own: a large document takes a while.
Result<ReadingRecord> copyDocument(const std::filesystem::path& dataFolder, const QString& path,
                                   const QString& name, const std::vector<std::size_t>& pages) {
  try {
    Result<ReadingStore> store = ReadingStore::open(dataFolder);
    if (!store) return store.error();
    return store->begin(path.toStdString(), name.toStdString(), pages);
  } catch (const std::exception&) {  // a worker loop
    return Error{
        ErrorCode::OutOfMemory,
        DocumentDesk::tr("There is not enough memory to copy the document.").toStdString()};
  }
}

}  // namespace

DocumentDesk::DocumentDesk(std::filesystem::path dataFolder, Parts parts, QWidget& window)
    : dataFolder_(std::move(dataFolder)), parts_(parts), window_(window) {
  connect(&parts_.attachments, &AttachmentList::documentReceived, this, &DocumentDesk::open);
}

DocumentDesk::~DocumentDesk() {
  stop_.request_stop();
  delete picker_;  // these have the window as parent, which outlives what they use
  for (const QPointer<ReadingView>& view : views_) delete view;
}

void DocumentDesk::report(const Error& error) {
  emit parts_.controller.problem(QString::fromStdString(error.what));
}

ReadingStore* DocumentDesk::store() {
  if (!store_) {
    Result<ReadingStore> opened = ReadingStore::open(dataFolder_);
    if (!opened) {
      report(opened.error());
      return nullptr;
    }
    store_.emplace(std::move(*opened));
  }
  return &*store_;
}

Result<std::vector<Resolution>> DocumentDesk::resolutions() const {
  switch (parts_.model.state()) {
    case ModelLoader::State::NoModel:
      return Error{ErrorCode::NotFound,
                   tr("There is no model that could read this page.").toStdString()};
    case ModelLoader::State::Failed:
      return parts_.model.error();
    case ModelLoader::State::Loading:
    case ModelLoader::State::Ready:
      break;
  }
  return candidatesOf(parts_.model.folder());
}

void DocumentDesk::open(const QString& path) {
  waiting_ << path;
  // at the start of the program the window is shown first
  QMetaObject::invokeMethod(this, &DocumentDesk::openNext, Qt::QueuedConnection);
}

void DocumentDesk::openNext() {
  if (picker_ || waiting_.isEmpty()) return;
  picker_ = new PagePicker(waiting_.takeFirst(), parts_.attachments.room(), &window_);
  picker_->setAttribute(Qt::WA_DeleteOnClose);
  connect(picker_, &PagePicker::chosen, this,
          [this, picker = picker_.data()](PagePicker::Choice choice,
                                          const std::vector<std::size_t>& pages) {
            choice == PagePicker::Choice::Attach ? attach(picker->document(), pages)
                                                 : read(picker->document(), pages);
          });
  connect(picker_, &QObject::destroyed, this, &DocumentDesk::openNext, Qt::QueuedConnection);
  picker_->open();
}

void DocumentDesk::attach(const OpenDocument& document, const std::vector<std::size_t>& pages) {
  const auto printer = std::make_shared<PagePrinter>(
      document.path(), document.password(), candidatesOf(parts_.model.folder()), stop_.get_token());
  for (const std::size_t page : pages) {
    const QString name = tr("%1, page %2").arg(document.name()).arg(page + 1);
    parts_.attachments.addEncoded(name, [printer, page] { return printer->png(page); });
  }
}

void DocumentDesk::read(const OpenDocument& document, const std::vector<std::size_t>& pages) {
  copying_.start([this, path = document.path(), name = document.name(),
                  password = document.password(), pages, folder = dataFolder_] {
    const Result<ReadingRecord> record = copyDocument(folder, path, name, pages);
    QMetaObject::invokeMethod(
        this,
        [this, record, password] {
          if (!record) return report(record.error());
          show(*record, DocumentReading::Start::AtOnce, password);
        },
        Qt::QueuedConnection);
  });
}

ReadingView* DocumentDesk::viewOf(ReadingId reading) const {
  for (const QPointer<ReadingView>& view : views_) {
    if (view && view->reading().record().id == reading) return view;
  }
  return nullptr;
}

ReadingView* DocumentDesk::show(const ReadingRecord& record, DocumentReading::Start start,
                                const QString& password) {
  views_.remove(nullptr);
  if (ReadingView* view = viewOf(record.id)) {
    view->raise();
    view->activateWindow();
    return view;
  }
  ReadingStore* store = this->store();
  if (store == nullptr) return nullptr;
  Result<std::vector<ReadingPage>> pages = store->pages(record.id);
  if (!pages) {
    report(pages.error());
    return nullptr;
  }
  auto reading = std::make_unique<DocumentReading>(
      record, std::move(*pages), *store, parts_.engine, [this] { return resolutions(); }, start,
      password);
  auto* view = new ReadingView(std::move(reading), &window_);
  views_.emplace_back(view);
  connect(view, &ReadingView::historyWanted, this, &DocumentDesk::keepAsSession);
  view->show();
  return view;
}

void DocumentDesk::showPage(ReadingId reading, std::optional<std::size_t> page,
                            const QStringList& words) {
  ReadingStore* store = this->store();
  if (store == nullptr) return;
  const Result<ReadingRecord> record = store->find(reading);
  if (!record) return report(record.error());
  ReadingView* view = show(*record, DocumentReading::Start::WhenAsked);
  if (view != nullptr && page) view->showHit(*page, words);
}

void DocumentDesk::keepAsSession(const QString& title, const QString& markdown) {
  parts_.controller.addSession(title, tr("Text of the document %1").arg(title), markdown);
  window_.raise();
  window_.activateWindow();
}

void DocumentDesk::showReadings() {
  ReadingStore* store = this->store();
  if (store == nullptr) return;
  Result<std::vector<ReadingRecord>> readings = store->list();
  if (!readings) return report(readings.error());
  auto* dialog = new ReadingsDialog(
      std::move(*readings),
      [this](const ReadingRecord& record) { show(record, DocumentReading::Start::AtOnce); },
      [this](const ReadingRecord& record) { return remove(record); }, &window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

bool DocumentDesk::remove(const ReadingRecord& record) {
  delete viewOf(record.id);
  const Status removed = store_->remove(record.id);
  if (!removed) report(removed.error());
  return removed.has_value();
}

}  // namespace vl
