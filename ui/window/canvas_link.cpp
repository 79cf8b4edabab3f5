#include "ui/window/canvas_link.h"

#include <QAction>
#include <QCursor>
#include <QFileDialog>
#include <QMenu>
#include <algorithm>
#include <utility>

#include "inference/base/coordinates.h"
#include "inference/weights/model_config.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region.h"
#include "ui/canvas/region_actions.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/attachment_list.h"
#include "ui/composer/composer.h"
#include "ui/engine/model_loader.h"
#include "ui/widgets/background.h"

namespace vl {
namespace {

/// The official in-context form (the models' README); not translated: it is the models' language.
constexpr const char* kFindSame =
    "<|grounding|>In the first image, an object within the red rectangle is marked. Locate the "
    "object of the same category in the second image.";

QRectF rectOf(const PixelBox& box) { return {QPointF(box.x1, box.y1), QPointF(box.x2, box.y2)}; }

}  // namespace

CanvasLink::CanvasLink(ChatController& controller, ModelLoader& model, AttachmentList& attachments,
                       ChatPane& chat, CanvasPanel& canvas, LabelPalette& palette, QWidget* window)
    : QObject(window),
      controller_(controller),
      model_(model),
      attachments_(attachments),
      chat_(chat),
      canvas_(canvas),
      palette_(palette),
      window_(window),
      regions_(new RegionActions(window)) {
  // before the messages of the next session ask for their colours
  connect(&controller_.conversation(), &ConversationModel::modelAboutToBeReset, this,
          [this] { palette_ = LabelPalette(); });
  connect(&controller_, &ChatController::imagesChanged, this, &CanvasLink::showImages);
  connect(&controller_, &ChatController::boxesChanged, this, &CanvasLink::showBoxes);
  connect(&attachments_, &AttachmentList::changed, this, &CanvasLink::showImages);
  connect(&controller_, &ChatController::contextChanged, this, &CanvasLink::showEncodings);
  connect(&model_, &ModelLoader::stateChanged, this, &CanvasLink::readModel);
  connect(&chat_.composer(), &Composer::attachmentPicked, this, [this](std::size_t attachment) {
    canvas_.showImage(controller_.images().size() + attachment);
  });
  connectConversation();
  connectCanvas();
}

void CanvasLink::connectConversation() {
  ConversationView& conversation = chat_.conversation();
  connect(&controller_.conversation(), &ConversationModel::dataChanged, this,
          [this](const QModelIndex& row) { follow(controller_.conversation().at(row.row())); });
  connect(&conversation, &ConversationView::imagePicked, &canvas_, &CanvasPanel::showImage);
  connect(&conversation, &ConversationView::phrasePicked, this,
          [this](MessageId answer, const BoxRange& boxes) {
            pickedAnswer_ = answer;
            showBoxes(std::nullopt);
            if (boxes.first >= placed_.size()) return;
            canvas_.showImage(placed_[boxes.first].image);
            if (canvas_.canvas().hasImage()) pick(boxes.first);
          });
  connect(&conversation, &ConversationView::phrasePointed, this,
          [this](MessageId answer, std::optional<BoxRange> boxes) {
            const ConversationItem* item = answerWithBoxes();
            std::vector<std::size_t> strong;
            if (boxes && item != nullptr && item->message.id == answer) {
              for (std::size_t i = 0; i < boxes->count; ++i) strong.push_back(boxes->first + i);
            }
            canvas_.emphasise(strong);
          });
}

void CanvasLink::connectCanvas() {
  connect(&canvas_, &CanvasPanel::boxPointed, this, &CanvasLink::emphasise);
  connect(&canvas_, &CanvasPanel::boxPicked, this, &CanvasLink::pick);
  connect(&canvas_, &CanvasPanel::nothingPicked, regions_, &RegionActions::drop);
  connect(&canvas_, &CanvasPanel::menuWanted, this, &CanvasLink::showMenu);
  connect(regions_, &RegionActions::problem, this, &CanvasLink::problem);
  connect(regions_, &RegionActions::askWanted, this, &CanvasLink::askAboutRegion);
  connect(regions_, &RegionActions::findWanted, this, &CanvasLink::chooseWhereToFind);
}

void CanvasLink::reset() {
  pickedAnswer_.reset();
  writing_.reset();
  regions_->drop();
  showImages();
  showBoxes(std::nullopt);
}

void CanvasLink::showImages() {
  std::vector<CanvasImage> images;
  for (const SessionImage& image : controller_.images()) {
    images.push_back({image.path, QString::fromStdString(image.attachment.fileName)});
  }
  for (const AttachmentList::Entry& entry : attachments_.entries()) {
    if (entry.image) images.push_back({entry.image->path, entry.name});
  }
  canvas_.setImages(std::move(images));
  showEncodings();
}

void CanvasLink::readModel() {
  if (model_.state() != ModelLoader::State::Ready) return;
  runInBackground(
      this, [folder = model_.folder()] { return loadModelConfig(folder); },
      [this, folder = model_.folder()](const Result<ModelConfig>& config) {
        if (!config || folder != model_.folder()) return;
        processor_ = std::make_shared<const ProcessorConfig>(config->processor);
        showEncodings();
      });
}

/// As the engine will cut them with the next question.
void CanvasLink::showEncodings() {
  const std::size_t count = canvas_.images().size();
  const std::size_t waiting = count - std::min(count, controller_.images().size());
  const std::size_t read = std::min(controller_.promptImages() + waiting, count);
  std::vector<std::optional<Encoding>> encodings(count);
  for (std::size_t image = count - read; image < count && processor_; ++image) {
    encodings[image] =
        Encoding{processor_, controller_.context().tiling && read <= kMaxTiledImages};
  }
  canvas_.setEncodings(std::move(encodings));
}

const ConversationItem* CanvasLink::answerWithBoxes() const {
  const std::vector<ConversationItem>& items = controller_.conversation().items();
  const ConversationItem* last = nullptr;
  for (const ConversationItem& item : items) {
    if (pickedAnswer_ == item.message.id || item.isRunning()) return &item;
    if (!item.message.boxes.empty()) last = &item;
  }
  return last;
}

/// As the engine: boxes belong to the last image before the answer.
std::optional<std::size_t> CanvasLink::imageAskedAbout(const ConversationItem& answer) const {
  const bool any = controller_.promptImages(answer.message.id) > 0;
  return any ? std::optional(answer.firstImage - 1) : std::nullopt;
}

void CanvasLink::follow(const ConversationItem& answer) {
  if (!answer.isRunning()) {
    if (writing_ && writing_->answer == answer.message.id) writing_.reset();
    return;
  }
  const std::string& raw = answer.message.raw;
  if (!writing_ || writing_->answer != answer.message.id || raw.size() < writing_->read) {
    writing_.emplace();
    writing_->answer = answer.message.id;
  }
  writing_->parser.feed(std::string_view(raw).substr(writing_->read));
  writing_->read = raw.size();
  std::optional<UnfinishedBox> box = writing_->parser.unfinished();
  if (box == writing_->box) return;
  writing_->box = std::move(box);
  showBoxes(std::nullopt);
}

void CanvasLink::showBoxes(std::optional<std::size_t> arrivedOn) {
  std::vector<PlacedBox> placed;
  const std::vector<SessionImage> images = controller_.images();
  const auto add = [&](std::size_t image, const std::string& text, const GridBox& grid,
                       bool dashed) {
    const QString label = QString::fromStdString(text);
    const PixelBox pixels =
        image < images.size() ? toPixels(grid, images[image].attachment.image.size) : PixelBox();
    placed.push_back({image, {rectOf(pixels), label, palette_.colour(label), dashed}});
  };
  const ConversationItem* answer = answerWithBoxes();
  if (answer != nullptr) {
    for (const GroundedBox& box : answer->message.boxes) add(box.image, box.label, box.grid, false);
    if (writing_ && writing_->answer == answer->message.id && writing_->box) {
      const std::optional<std::size_t> image = imageAskedAbout(*answer);
      if (image) add(*image, writing_->box->label, writing_->box->grid, true);
    }
  }
  if (arrivedOn && placed.size() == 1) canvas_.showImage(*arrivedOn);
  placed_ = placed;
  canvas_.setBoxes(std::move(placed));
}

void CanvasLink::emphasise(std::optional<std::size_t> placed) {
  canvas_.emphasise(placed ? std::vector{*placed} : std::vector<std::size_t>());
  const ConversationItem* answer = answerWithBoxes();
  if (answer != nullptr) chat_.conversation().emphasiseBox(answer->message.id, placed);
}

void CanvasLink::pick(std::size_t placed) {
  if (placed >= placed_.size() || placed_[placed].box.dashed) return;
  const PlacedBox& box = placed_[placed];
  regions_->pick({&canvas_.activeView(), box.image, box.box.rect, box.box.label});
}

void CanvasLink::showMenu(QPoint globalPoint, std::optional<std::size_t> placed) {
  auto* menu = new QMenu(window_);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  if (placed) {
    pick(*placed);
    menu->addActions({regions_->actions().begin(), regions_->actions().end()});
    addChoices(*menu, *placed);
    menu->addSeparator();
  }
  for (QAction* action : canvas_.viewActions()) menu->addAction(action);
  menu->popup(globalPoint);
}

/// Which image the boxes of this answer belong to, where there are several.
void CanvasLink::addChoices(QMenu& menu, std::size_t placed) {
  const ConversationItem* answer = answerWithBoxes();
  if (answer == nullptr || answer->isRunning() || answer->firstImage < 2) return;
  QMenu* choices = menu.addMenu(tr("The boxes of this answer belong to"));
  for (std::size_t image = 0; image < answer->firstImage; ++image) {
    QAction* choice = choices->addAction(
        tr("Image %1: %2").arg(image + 1).arg(canvas_.images()[image].name.left(60)));
    choice->setCheckable(true);
    choice->setChecked(placed_[placed].image == image);
    connect(choice, &QAction::triggered, this, [this, id = answer->message.id, image] {
      controller_.placeBoxes(id, image);
      canvas_.showImage(image);
    });
  }
}

void CanvasLink::askAboutRegion() {
  const std::optional<PictureRegion> region = regions_->picked();
  if (!region || !region->view || !region->view->canvas().hasImage()) return;
  const QString name = region->label.isEmpty() ? region->view->image().name : region->label;
  runInBackground(
      this,
      [picture = region->view->canvas().image(), part = region->part] {
        return picture->crop(pixelsOf(part, picture->size()));
      },
      [this, name](const QImage& crop) {
        attachments_.addPicture(crop, tr("Part: %1").arg(name));
        chat_.composer().focusText();
      });
}

void CanvasLink::chooseWhereToFind() {
  const std::optional<PictureRegion> region = regions_->picked();
  if (!region) return;
  if (!chat_.composer().text().trimmed().isEmpty()) {
    emit problem(
        tr("A question is being written. Ask or clear it first: finding an object in "
           "another image needs a question of its own, in a new session."));
    return;
  }
  auto* menu = new QMenu(window_);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (std::size_t image = 0; image < canvas_.images().size(); ++image) {
    if (image == region->image) continue;
    QAction* choice = menu->addAction(
        tr("In image %1: %2").arg(image + 1).arg(canvas_.images()[image].name.left(60)));
    connect(choice, &QAction::triggered, this, [this, image] { findSame(image, {}); });
  }
  QAction* file = menu->addAction(tr("In another picture…"));
  connect(file, &QAction::triggered, this, [this] {
    const QString chosen = QFileDialog::getOpenFileName(
        window_, tr("Where to look"), {},
        tr("Images (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"));
    if (!chosen.isEmpty()) findSame(std::nullopt, chosen);
  });
  menu->popup(QCursor::pos());
}

/// In a session of its own: the form speaks of the first and the second image.
void CanvasLink::findSame(std::optional<std::size_t> image, const QString& file) {
  const std::optional<PictureRegion> region = regions_->picked();
  if (!region || !region->view || !region->view->canvas().hasImage()) return;
  const QString target =
      image ? QString::fromStdString(canvas_.images()[*image].path.string()) : file;
  const QString name = tr("Marked: %1").arg(region->view->image().name);
  runInBackground(
      this,
      [picture = region->view->canvas().image(), part = region->part] {
        return markedCopy(*picture, part);
      },
      [this, name, target](const QImage& marked) {
        controller_.newSession();
        attachments_.clear();
        attachments_.addPicture(marked, name);
        attachments_.addFile(target);
        chat_.composer().setText(kFindSame);
      });
}

}  // namespace vl
