#include "ui/window/canvas_link.h"

#include <QAction>
#include <QMenu>
#include <algorithm>
#include <utility>

#include "inference/base/coordinates.h"
#include "inference/weights/model_config.h"
#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_actions.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region_actions.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/attachment_list.h"
#include "ui/composer/composer.h"
#include "ui/engine/model_loader.h"
#include "ui/widgets/background.h"
#include "ui/window/box_files.h"
#include "ui/window/box_tools.h"
#include "ui/window/region_questions.h"

namespace vl {
namespace {

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
      regions_(new RegionActions(window)),
      questions_(
          new RegionQuestions(*regions_, controller, attachments, chat.composer(), canvas, window)),
      tools_(new BoxTools(controller.store(), canvas, *regions_, window)),
      files_(new BoxFiles(tools_->editor(), canvas, window)),
      images_(new ImageActions(canvas, window)) {
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
  connectTools();
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
            const std::vector<std::size_t> found = placedOf(boxesOf(boxes));
            if (found.empty()) return;
            canvas_.showImage(placed_[found.front()].image);
            if (canvas_.canvas().hasImage()) pick(found.front());
          });
  connect(&conversation, &ConversationView::phrasePointed, this,
          [this](MessageId answer, std::optional<BoxRange> boxes) {
            const ConversationItem* item = answerWithBoxes();
            const bool shown = boxes && item != nullptr && item->message.id == answer;
            canvas_.emphasise(shown ? placedOf(boxesOf(*boxes)) : std::vector<std::size_t>());
          });
}

void CanvasLink::connectCanvas() {
  connect(&canvas_, &CanvasPanel::boxPointed, this, &CanvasLink::emphasise);
  connect(&canvas_, &CanvasPanel::boxPicked, this, &CanvasLink::pick);
  connect(&canvas_, &CanvasPanel::nothingPicked, regions_, &RegionActions::drop);
  connect(&canvas_, &CanvasPanel::menuWanted, this, &CanvasLink::showMenu);
  connect(regions_, &RegionActions::problem, this, &CanvasLink::problem);
  connect(questions_, &RegionQuestions::problem, this, &CanvasLink::problem);
  connect(regions_, &RegionActions::boxWanted, this, [this] {
    const std::optional<PictureRegion> region = regions_->picked();
    regions_->drop();
    if (!region || region->image >= records_.size()) return;
    tools_->addBox(region->image, records_[region->image].size, region->part);
  });
}

void CanvasLink::connectTools() {
  connect(tools_, &BoxTools::problem, this, &CanvasLink::problem);
  connect(&tools_->editor(), &BoxEditor::changed, this, [this] { showBoxes(std::nullopt); });
  connect(images_, &ImageActions::problem, this, &CanvasLink::problem);
  connect(&canvas_, &CanvasPanel::dragOutWanted, images_, &ImageActions::dragOut);
  connect(files_, &BoxFiles::problem, this, &CanvasLink::problem);
  connect(files_, &BoxFiles::done, this, &CanvasLink::done);
  canvas_.addToMenu(boxActions());
}

std::vector<QAction*> CanvasLink::boxActions() const {
  std::vector<QAction*> actions = tools_->actions();
  for (QAction* action : files_->actions()) actions.push_back(action);
  return actions;
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
  std::vector<ImageRecord> records;
  for (const SessionImage& image : controller_.images()) {
    images.push_back({image.path, QString::fromStdString(image.attachment.fileName)});
    records.push_back(image.attachment.image);
  }
  for (const AttachmentList::Entry& entry : attachments_.entries()) {
    if (!entry.image) continue;
    images.push_back({entry.image->path, entry.name});
    records.push_back(entry.image->attachment.image);
  }
  if (records != records_) findParts(records);
  records_ = std::move(records);
  std::vector<ImageSize> sizes;
  for (const ImageRecord& record : records_) sizes.push_back(record.size);
  files_->setSizes(std::move(sizes));
  questions_->setImages(records_);
  canvas_.setImages(std::move(images));
  showEncodings();
  tools_->refresh();
}

void CanvasLink::findParts(const std::vector<ImageRecord>& images) {
  parts_.assign(images.size(), {});
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Result<std::vector<CropPlace>> places = controller_.store().cropPlaces(images[i].sha256);
    if (!places) continue;  // boxes stand on the part only
    for (const CropPlace& place : *places) {
      const auto parent = std::find_if(images.begin(), images.end(), [&](const ImageRecord& image) {
        return image.sha256 == place.parent;
      });
      if (parent == images.end()) continue;
      parts_[i].push_back({static_cast<std::size_t>(parent - images.begin()),
                           QRectF(place.x, place.y, place.width, place.height)});
    }
  }
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
    writing_ = Writing{};
    writing_->answer = answer.message.id;
  }
  writing_->parser.feed(std::string_view(raw).substr(writing_->read));
  writing_->read = raw.size();
  std::optional<UnfinishedBox> box = writing_->parser.unfinished();
  if (box == writing_->box) return;
  writing_->box = std::move(box);
  showBoxes(std::nullopt);
}

void CanvasLink::placeBox(std::size_t source, std::size_t image, const QString& label,
                          const QRectF& rect, bool dashed) {
  placed_.push_back({image, {rect, label, palette_.colour(label), dashed}});
  sources_.push_back(source);
}

void CanvasLink::showBoxes(std::optional<std::size_t> arrivedOn) {
  const ConversationItem* answer = answerWithBoxes();
  const bool ended = answer != nullptr && !answer->isRunning();
  BoxEditor& editor = tools_->editor();
  editor.open(ended ? std::optional(answer->message.id) : std::nullopt,
              answer != nullptr ? answer->message.boxes : std::vector<GroundedBox>());
  placed_.clear();
  sources_.clear();
  const auto rectIn = [this](std::size_t image, const GridBox& grid) {
    return image < records_.size() ? rectOf(toPixels(grid, records_[image].size)) : QRectF();
  };
  for (const GroundedBox& box : editor.boxes()) {
    placeBox(sources_.size(), box.image, QString::fromStdString(box.label),
             rectIn(box.image, box.grid), false);
  }
  const std::size_t own = placed_.size();
  if (answer != nullptr && writing_ && writing_->answer == answer->message.id && writing_->box) {
    const std::optional<std::size_t> image = imageAskedAbout(*answer);
    if (image) {
      placeBox(own, *image, QString::fromStdString(writing_->box->label),
               rectIn(*image, writing_->box->grid), true);
    }
  }
  for (std::size_t i = 0, end = placed_.size(); i < end; ++i) {  // once more on the whole picture
    const PlacedBox box = placed_[i];
    if (box.image >= parts_.size()) continue;
    const ImageSize size = records_[box.image].size;
    for (const PartOf& part : parts_[box.image]) {
      QTransform toWhole = QTransform::fromTranslate(part.place.x(), part.place.y());
      toWhole.scale(part.place.width() / size.width, part.place.height() / size.height);
      placeBox(sources_[i], part.image, box.box.label, toWhole.mapRect(box.box.rect),
               box.box.dashed);
    }
  }
  if (arrivedOn && own == 1) {
    const bool onWhole = *arrivedOn < parts_.size() && !parts_[*arrivedOn].empty();
    canvas_.showImage(onWhole ? parts_[*arrivedOn].front().image : *arrivedOn);
  }
  canvas_.setBoxes(placed_);
  tools_->refresh();
  files_->refresh();
}

std::vector<std::size_t> CanvasLink::placedOf(const std::vector<std::size_t>& boxes) const {
  std::vector<std::size_t> placed;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (std::find(boxes.begin(), boxes.end(), sources_[i]) != boxes.end()) placed.push_back(i);
  }
  return placed;
}

/// Boxes that a person has changed belong to a phrase by their name.
std::vector<std::size_t> CanvasLink::boxesOf(const BoxRange& phrase) const {
  const BoxEditor& editor = tools_->editor();
  const ConversationItem* answer = answerWithBoxes();
  std::vector<std::size_t> boxes;
  if (answer == nullptr || phrase.first >= answer->message.boxes.size()) return boxes;
  const std::string& label = answer->message.boxes[phrase.first].label;
  for (std::size_t i = 0; i < editor.boxes().size(); ++i) {
    const bool inRange = i >= phrase.first && i < phrase.first + phrase.count;
    if (editor.isEdited() ? editor.boxes()[i].label == label : inRange) boxes.push_back(i);
  }
  return boxes;
}

/// The box of the model by which an answer knows its phrase.
std::optional<std::size_t> CanvasLink::phraseBoxOf(std::size_t placed) const {
  const BoxEditor& editor = tools_->editor();
  const ConversationItem* answer = answerWithBoxes();
  const std::size_t source = sources_[placed];
  if (answer == nullptr || source >= editor.boxes().size()) return std::nullopt;
  if (!editor.isEdited()) return source;
  const std::vector<GroundedBox>& model = answer->message.boxes;
  const auto found = std::find_if(model.begin(), model.end(), [&](const GroundedBox& box) {
    return box.label == editor.boxes()[source].label;
  });
  if (found == model.end()) return std::nullopt;
  return static_cast<std::size_t>(found - model.begin());
}

void CanvasLink::emphasise(std::optional<std::size_t> placed) {
  const bool known = placed && *placed < sources_.size();
  canvas_.emphasise(known ? placedOf({sources_[*placed]}) : std::vector<std::size_t>());
  const ConversationItem* answer = answerWithBoxes();
  if (answer == nullptr) return;
  chat_.conversation().emphasiseBox(answer->message.id,
                                    known ? phraseBoxOf(*placed) : std::nullopt);
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
  images_->refresh();
  menu->addActions({images_->actions().begin(), images_->actions().end()});
  menu->addSeparator();
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
      moveEditedBoxes(image);
      canvas_.showImage(image);
    });
  }
}

void CanvasLink::moveEditedBoxes(std::size_t image) {
  BoxEditor& editor = tools_->editor();
  if (!editor.isEdited()) return;
  std::vector<GroundedBox> boxes = editor.boxes();
  for (GroundedBox& box : boxes) box.image = image;
  editor.replace(std::move(boxes), tr("Move the boxes to another image"));
}

}  // namespace vl
