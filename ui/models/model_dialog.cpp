#include "ui/models/model_dialog.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <algorithm>
#include <utility>

#include "inference/weights/config_sections.h"
#include "inference/weights/model_folders.h"
#include "ui/engine/model_loader.h"
#include "ui/models/download_details.h"
#include "ui/models/model_downloads.h"
#include "ui/models/model_files.h"
#include "ui/models/model_library.h"
#include "ui/models/model_list_delegate.h"
#include "ui/models/model_texts.h"
#include "ui/models/model_work.h"
#include "ui/models/text_dialog.h"
#include "ui/widgets/path_text.h"
#include "ui/window/activity_bar.h"
#include "ui/window/notice_bar.h"

namespace vl {
namespace {

constexpr int kFolderRole = Qt::UserRole;
constexpr int kDownloadRole = Qt::UserRole + 100;  // the delegate has those between
constexpr int kListWidth = 260;

}  // namespace

ModelDialog::ModelDialog(ModelLibrary& library, ModelLoader& loader, ModelWork& work,
                         ModelDownloads& downloads, QWidget* parent)
    : QDialog(parent),
      library_(library),
      loader_(loader),
      work_(work),
      downloads_(downloads),
      list_(new QListWidget(this)),
      pages_(new QStackedWidget(this)),
      empty_(new QLabel(pages_)),
      details_(new ModelDetails(pages_)),
      downloadDetails_(new DownloadDetails(pages_)),
      notice_(new NoticeBar(this)),
      workRow_(new QWidget(this)),
      activity_(new ActivityBar(workRow_)),
      cancelWork_(new QPushButton(tr("Cancel"), workRow_)) {
  setWindowTitle(tr("Models"));
  setObjectName("modelDialog");
  resize(820, 540);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(makeList());
  row->addWidget(makeDetails(), 1);
  connectDetails();
  connect(&library_, &ModelLibrary::changed, this, &ModelDialog::fillList);
  connect(&loader_, &ModelLoader::stateChanged, this, &ModelDialog::fillList);
  connect(&work_, &ModelWork::changed, this, &ModelDialog::showWork);
  connect(&work_, &ModelWork::ended, this, &ModelDialog::workEnded);
  connect(&downloads_, &ModelDownloads::changed, this, &ModelDialog::fillList);
  connect(&downloads_, &ModelDownloads::ended, this,
          [this](const ModelDownload* download) { downloadEnded(*download); });
  fillList();
  showWork();
}

QWidget* ModelDialog::makeList() {
  auto* side = new QWidget(this);
  side->setObjectName("sidebar");
  side->setAttribute(Qt::WA_StyledBackground);
  side->setFixedWidth(kListWidth);
  list_->setAccessibleName(tr("Models"));
  list_->setItemDelegate(new ModelListDelegate(list_));
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setMouseTracking(true);
  connect(list_, &QListWidget::currentItemChanged, this, &ModelDialog::showDetails);
  connect(list_, &QListWidget::itemActivated, this, [this] { emit details_->loadWanted(); });
  auto* choose = new QPushButton(tr("Choose a folder…"), side);
  choose->setAutoDefault(false);
  connect(choose, &QPushButton::clicked, this, &ModelDialog::chooseFolder);
  auto* open = new QPushButton(tr("Download from a list…"), side);
  open->setAutoDefault(false);
  connect(open, &QPushButton::clicked, this, &ModelDialog::openList);
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 8, 0, 12);
  column->addWidget(list_, 1);
  auto* bottom = new QVBoxLayout;
  bottom->setContentsMargins(12, 0, 12, 0);
  bottom->addWidget(choose);
  bottom->addWidget(open);
  column->addLayout(bottom);
  return side;
}

QWidget* ModelDialog::makePage(QWidget* content) {
  auto* page = new QWidget(pages_);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(24, 24, 24, 12);
  column->addWidget(content);
  auto* scroll = new QScrollArea(pages_);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // what is in it takes the keys
  scroll->setWidget(page);
  return scroll;
}

QWidget* ModelDialog::makeDetails() {
  auto* main = new QWidget(this);
  empty_->setText(
      tr("Choose the folder of a DeepSeek-VL2 model, which holds config.json and "
         "*.safetensors, or one of the list to download."));
  empty_->setProperty("role", "muted");
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setMargin(40);
  pages_->addWidget(empty_);
  pages_->addWidget(makePage(details_));
  pages_->addWidget(makePage(downloadDetails_));

  notice_->setClosable(true);
  notice_->hide();
  cancelWork_->setAutoDefault(false);
  auto* work = new QHBoxLayout(workRow_);
  work->setContentsMargins(0, 0, 0, 0);
  work->addWidget(activity_, 1);
  work->addWidget(cancelWork_);
  connect(cancelWork_, &QPushButton::clicked, this, [this] { work_.cancel(); });

  auto* column = new QVBoxLayout(main);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(pages_, 1);
  auto* below = new QVBoxLayout;
  below->setContentsMargins(24, 0, 24, 16);
  below->addWidget(notice_);
  below->addWidget(workRow_);
  column->addLayout(below);
  return main;
}

void ModelDialog::connectDetails() {
  connect(details_, &ModelDetails::loadWanted, this, [this] {
    const LibraryModel* model = selected();
    if (model != nullptr && useOf(*model) == ModelDetails::Use::None) {
      emit modelChosen(pathText(model->folder));
    }
  });
  connect(details_, &ModelDetails::cancelLoadWanted, &loader_, &ModelLoader::cancel);
  connect(details_, &ModelDetails::unloadWanted, &loader_, &ModelLoader::unload);
  connect(details_, &ModelDetails::convertWanted, this, &ModelDialog::convert);
  connect(details_, &ModelDetails::deleteWanted, this, &ModelDialog::deleteModel);
  connect(details_, &ModelDetails::forgetWanted, this, [this] {
    if (const LibraryModel* model = selected()) library_.forgetFolder(model->folder);
  });
  connect(details_, &ModelDetails::licenceWanted, this, [this] {
    const LibraryModel* model = selected();
    if (model == nullptr || !model->licence) return;
    TextDialog(tr("Licence of %1").arg(model->name()), *model->licence, this).exec();
  });
}

void ModelDialog::open() {
  wanted_ = loader_.folder();
  opening_ = true;
  library_.rescan();
  show();
  raise();
  activateWindow();
}

void ModelDialog::chooseFolder() {
  const QString folder =
      QFileDialog::getExistingDirectory(this, tr("Choose a folder"), pathText(loader_.folder()));
  if (!folder.isEmpty()) takeFolder(folder.toStdString());
}

void ModelDialog::takeFolder(const std::filesystem::path& folder) {
  wanted_ = folder;
  library_.addFolder(folder);
  if (isModelFolder(folder)) {
    emit modelChosen(pathText(folder));
  } else {
    notice_->setNotice(NoticeBar::Kind::Info,
                       tr("Models in %1 are listed here from now on.").arg(pathText(folder)));
  }
}

void ModelDialog::fillList() {
  if (!opening_ && wanted_.empty() && wantedDownload_.isEmpty()) {
    if (const LibraryModel* model = selected()) wanted_ = model->folder;
    if (const ModelDownload* download = selectedDownload()) {
      wantedDownload_ = download->manifest().name;
    }
  }
  {
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const LibraryModel& model : library_.models()) addRow(model);
    addDownloadRows();
    if (list_->currentItem() == nullptr && !library_.models().empty()) list_->setCurrentRow(0);
  }
  if (!library_.isScanning()) {
    wanted_.clear();
    wantedDownload_.clear();
    opening_ = false;
  }
  showDetails();
}

void ModelDialog::addRow(const LibraryModel& model) {
  auto* item = new QListWidgetItem(model.name(), list_);
  const ModelDetails::Use use = useOf(model);
  item->setData(kFolderRole, pathText(model.folder));
  item->setData(ModelListDelegate::DetailRole, modelSummary(model));
  item->setData(ModelListDelegate::LoadedRole, use == ModelDetails::Use::Loaded);
  const QString loaded =
      use == ModelDetails::Use::Loaded ? tr("%1, loaded").arg(model.name()) : model.name();
  item->setData(Qt::AccessibleTextRole, loaded + ", " + modelSummary(model));
  if (isSameFolder(model.folder, wanted_)) list_->setCurrentItem(item);
}

void ModelDialog::addDownloadRows() {
  const auto isHere = [this](const QString& name) {
    const auto& models = library_.models();
    return std::any_of(models.begin(), models.end(),
                       [&](const LibraryModel& model) { return model.name() == name; });
  };
  bool first = true;
  for (const auto& download : downloads_.all()) {
    const QString& name = download->manifest().name;
    const bool begun = download->isActive() || download->hasParts();
    if (!begun && isHere(name)) continue;
    if (std::exchange(first, false)) {
      auto* heading = new QListWidgetItem(tr("To download"), list_);
      heading->setData(ModelListDelegate::HeadingRole, true);
      heading->setFlags(Qt::NoItemFlags);
    }
    auto* item = new QListWidgetItem(download->manifest().title, list_);
    item->setData(kDownloadRole, name);
    const QString where = begun ? tr("Partly downloaded") : tr("Not on this disk");
    item->setData(ModelListDelegate::DetailRole, download->isActive() ? tr("Downloading") : where);
    if (name == wantedDownload_) list_->setCurrentItem(item);
  }
}

void ModelDialog::openList() {
  const QString file = QFileDialog::getOpenFileName(this, tr("Open a list of files to download"),
                                                    {}, tr("Lists (*.json);;All files (*)"));
  if (file.isEmpty()) return;
  const Result<QString> name = downloads_.addList(file);
  if (name) {
    wantedDownload_ = *name;
    fillList();
  } else {
    notice_->setNotice(NoticeBar::Kind::Error, QString::fromStdString(name.error().what));
  }
}

void ModelDialog::downloadEnded(const ModelDownload& download) {
  if (download.state() != ModelDownload::State::Done) return;
  wanted_ = download.folder();
  library_.rescan();
}

ModelDownload* ModelDialog::selectedDownload() const {
  const QListWidgetItem* item = list_->currentItem();
  return item == nullptr ? nullptr : downloads_.find(item->data(kDownloadRole).toString());
}

const LibraryModel* ModelDialog::selected() const {
  const QListWidgetItem* item = list_->currentItem();
  return item == nullptr ? nullptr
                         : library_.find(item->data(kFolderRole).toString().toStdString());
}

ModelDetails::Use ModelDialog::useOf(const LibraryModel& model) const {
  if (!isSameFolder(model.folder, loader_.folder())) return ModelDetails::Use::None;
  switch (loader_.state()) {
    case ModelLoader::State::Ready:
      return ModelDetails::Use::Loaded;
    case ModelLoader::State::Loading:
      return ModelDetails::Use::Loading;
    case ModelLoader::State::NoModel:
    case ModelLoader::State::Failed:
      break;
  }
  return ModelDetails::Use::None;
}

void ModelDialog::showDetails() {
  const LibraryModel* model = selected();
  ModelDownload* download = selectedDownload();
  downloadDetails_->setDownload(download);
  pages_->setCurrentIndex(download != nullptr ? 2 : model != nullptr ? 1 : 0);
  if (model != nullptr) details_->setModel(*model, useOf(*model), work_.isRunning());
}

void ModelDialog::showWork() {
  const bool began = work_.isRunning() == workRow_->isHidden();
  workRow_->setVisible(work_.isRunning());
  if (work_.isRunning()) activity_->setActivity(work_.text(), work_.done());
  if (began) showDetails();
}

void ModelDialog::workEnded(const QString& problem) {
  if (!problem.isEmpty()) notice_->setNotice(NoticeBar::Kind::Error, problem);
  library_.rescan();
}

void ModelDialog::convert(WeightType type) {
  const LibraryModel* model = selected();
  if (model == nullptr || work_.isRunning()) return;
  const std::string typeName = type == WeightType::Q4Panels ? kQ4Name : kQ8Name;
  const std::filesystem::path destination =
      freeFolder(library_.places().own, model->name().toStdString() + '-' + typeName);
  notice_->hide();
  work_.begin(tr("Writing %1").arg(pathText(destination.filename())),
              convertJob(model->folder, destination, type));
}

void ModelDialog::deleteModel() {
  const LibraryModel* model = selected();
  if (model == nullptr || work_.isRunning()) return;
  const std::filesystem::path folder = model->folder;
  const QString size = model->info ? sizeText(model->info->weightsBytes) : QString();
  QMessageBox question(QMessageBox::Warning, tr("Delete a model"),
                       tr("Delete %1 from the disk?").arg(model->name()), QMessageBox::Cancel,
                       this);
  question.setTextFormat(Qt::PlainText);
  question.setInformativeText(
      size.isEmpty() ? tr("Its files in %1 are gone for good then.").arg(pathText(folder))
                     : tr("Its files in %1 are gone for good then, which frees %2.")
                           .arg(pathText(folder), size));
  const QPushButton* yes = question.addButton(tr("Delete"), QMessageBox::DestructiveRole);
  question.setDefaultButton(QMessageBox::Cancel);
  question.exec();
  if (question.clickedButton() != yes) return;
  if (isSameFolder(folder, loader_.folder())) loader_.unload();
  notice_->hide();
  work_.begin(tr("Deleting %1").arg(pathText(folder.filename())), deleteJob(folder));
}

}  // namespace vl
