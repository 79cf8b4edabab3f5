#include "ui/canvas/canvas_panel.h"

#include <QAction>
#include <QBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/canvas/image_canvas.h"
#include "ui/canvas/image_loader.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr double kButtonZoomStep = 1.25;

}  // namespace

CanvasPanel::CanvasPanel(ImageLoader& loader, QWidget* parent)
    : QWidget(parent),
      loader_(loader),
      bar_(new QWidget(this)),
      turner_(new QWidget(bar_)),
      canvas_(new ImageCanvas(this)),
      title_(new ElidedLabel(Qt::ElideMiddle, bar_)),
      position_(new QLabel(turner_)),
      zoom_(new QLabel(bar_)) {
  setObjectName("canvasPanel");
  setAttribute(Qt::WA_StyledBackground);

  auto* turner = new QHBoxLayout(turner_);
  turner->setContentsMargins(0, 0, 6, 0);
  turner->setSpacing(2);
  previous_ = addButton(turner, "previous", tr("Previous image"), Qt::ALT | Qt::Key_Left);
  position_->setProperty("role", "muted");
  turner->addWidget(position_);
  next_ = addButton(turner, "next", tr("Next image"), Qt::ALT | Qt::Key_Right);

  auto* bar = new QHBoxLayout(bar_);
  bar->setContentsMargins(16, 6, 8, 6);
  bar->setSpacing(2);
  bar->addWidget(turner_);
  bar->addWidget(title_, 1);
  bar->addSpacing(6);
  zoomOut_ = addButton(bar, "zoom-out", tr("Zoom out"), QKeySequence::ZoomOut);
  zoom_->setProperty("role", "muted");
  zoom_->setAlignment(Qt::AlignCenter);
  zoom_->setMinimumWidth(zoom_->fontMetrics().horizontalAdvance("0000 %"));
  bar->addWidget(zoom_);
  zoomIn_ = addButton(bar, "zoom-in", tr("Zoom in"), QKeySequence::ZoomIn);
  fit_ = addButton(bar, "zoom-fit", tr("Fit image"), Qt::CTRL | Qt::Key_9);
  original_ = addButton(bar, "zoom-original", tr("Actual pixels"), Qt::CTRL | Qt::Key_0);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(bar_);
  column->addWidget(canvas_, 1);

  connect(previous_, &QAction::triggered, this, [this] { showImage(*shown_ - 1); });
  connect(next_, &QAction::triggered, this, [this] { showImage(*shown_ + 1); });
  connect(zoomOut_, &QAction::triggered, this, [this] { canvas_->zoomBy(1 / kButtonZoomStep); });
  connect(zoomIn_, &QAction::triggered, this, [this] { canvas_->zoomBy(kButtonZoomStep); });
  connect(fit_, &QAction::triggered, canvas_, &ImageCanvas::fit);
  connect(original_, &QAction::triggered, this,
          [this] { canvas_->zoomAt(1.0, canvas_->rect().center()); });
  connect(canvas_, &ImageCanvas::viewChanged, this, &CanvasPanel::updateBar);
  connect(canvas_, &ImageCanvas::boxPointed, this, [this](std::optional<std::size_t> box) {
    emit boxPointed(box ? std::optional(onCanvas_[*box]) : std::nullopt);
  });
  connect(canvas_, &ImageCanvas::boxPicked, this,
          [this](std::size_t box) { emit boxPicked(onCanvas_[box]); });
  loadShown();
}

QAction* CanvasPanel::addButton(QBoxLayout* row, const QString& icon, const QString& text,
                                const QKeySequence& shortcut) {
  auto* action = new QAction(themeIcon(icon), text, this);
  action->setShortcut(shortcut);
  action->setToolTip(text + " (" + shortcut.toString(QKeySequence::NativeText) + ')');
  auto* button = new QToolButton(this);
  button->setDefaultAction(action);
  button->setIconSize(QSize(20, 20));
  button->setAccessibleName(text);
  row->addWidget(button);
  return action;
}

std::vector<QAction*> CanvasPanel::viewActions() const {
  return {zoomIn_, zoomOut_, fit_, original_, previous_, next_};
}

void CanvasPanel::setImages(std::vector<CanvasImage> images) {
  const bool more = images.size() > images_.size();
  const bool stays = shown_ && *shown_ < images.size() && images[*shown_] == images_[*shown_];
  images_ = std::move(images);
  if (stays && !more) {
    updateBar();
    return;
  }
  shown_ = images_.empty() ? std::nullopt : std::optional(images_.size() - 1);
  loadShown();
}

void CanvasPanel::setBoxes(std::vector<PlacedBox> boxes) {
  boxes_ = std::move(boxes);
  placeBoxes();
}

void CanvasPanel::showImage(std::size_t image) {
  if (image >= images_.size() || shown_ == image) return;
  shown_ = image;
  loadShown();
}

void CanvasPanel::loadShown() {
  updateBar();
  if (!shown_) {
    canvas_->setImage(nullptr, tr("The picture you ask about is shown here."));
    return;
  }
  canvas_->setImage(nullptr, tr("Opening the image…"));
  const std::filesystem::path path = images_[*shown_].path;
  loader_.load(path, this, [this, path](const Result<ImageLoader::Picture>& picture) {
    if (!shown_ || images_[*shown_].path != path) return;  // another one was chosen meanwhile
    if (picture) {
      canvas_->setImage(*picture);
      placeBoxes();
    } else {
      canvas_->setImage(nullptr, QString::fromStdString(picture.error().what));
    }
    updateBar();
  });
}

void CanvasPanel::placeBoxes() {
  std::vector<CanvasBox> placed;
  onCanvas_.clear();
  for (std::size_t i = 0; i < boxes_.size() && canvas_->hasImage(); ++i) {
    if (boxes_[i].image != shown_) continue;
    placed.push_back(boxes_[i].box);
    onCanvas_.push_back(i);
  }
  canvas_->setBoxes(std::move(placed));
}

void CanvasPanel::emphasise(const std::vector<std::size_t>& boxes) {
  std::vector<std::size_t> placed;
  for (std::size_t i = 0; i < onCanvas_.size(); ++i) {
    if (std::find(boxes.begin(), boxes.end(), onCanvas_[i]) != boxes.end()) placed.push_back(i);
  }
  canvas_->setEmphasis(std::move(placed));
}

void CanvasPanel::updateBar() {
  bar_->setVisible(shown_.has_value());
  turner_->setVisible(images_.size() > 1);
  const bool loaded = canvas_->hasImage();
  for (QAction* action : {zoomOut_, zoomIn_, fit_, original_}) action->setEnabled(loaded);
  previous_->setEnabled(shown_ && *shown_ > 0);
  next_->setEnabled(shown_ && *shown_ + 1 < images_.size());
  title_->setFullText(shown_ ? images_[*shown_].name : QString());
  position_->setText(shown_ ? tr("%1 of %2").arg(*shown_ + 1).arg(images_.size()) : QString());
  zoom_->setText(loaded ? tr("%1 %").arg(std::lround(canvas_->zoom() * 100)) : QString());
}

}  // namespace vl
