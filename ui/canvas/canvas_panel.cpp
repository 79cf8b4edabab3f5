#include "ui/canvas/canvas_panel.h"

#include <QAction>
#include <QBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>
#include <cmath>
#include <utility>

#include "ui/canvas/image_canvas.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/tool_action.h"

namespace vl {
namespace {

constexpr double kButtonZoomStep = 1.25;

}  // namespace

CanvasPanel::CanvasPanel(ImageLoader& loader, QWidget* parent)
    : QWidget(parent),
      bar_(new QWidget(this)),
      tools_(new QHBoxLayout),
      turner_(new QWidget(bar_)),
      views_{new ImageView(loader, this), new ImageView(loader, this)},
      more_(new QMenu(this)),
      title_(new ElidedLabel(Qt::ElideMiddle, bar_)),
      position_(new QLabel(turner_)),
      zoom_(new QLabel(bar_)) {
  setObjectName("canvasPanel");
  setAttribute(Qt::WA_StyledBackground);
  makeActions();
  makeBar();
  auto* views = new QSplitter(this);
  views->setHandleWidth(1);
  views->setChildrenCollapsible(false);
  for (std::size_t place = 0; place < views_.size(); ++place) {
    views->addWidget(views_[place]);
    connectView(place);
  }
  views_[1]->hide();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(bar_);
  column->addWidget(views, 1);
  put(0, std::nullopt);
}

QAction* CanvasPanel::makeAction(const QString& icon, const QString& text,
                                 const QKeySequence& shortcut, const std::function<void()>& run) {
  QAction* action = toolAction(icon, text, shortcut, this);
  connect(action, &QAction::triggered, this, run);
  return action;
}

void CanvasPanel::makeActions() {
  previous_ =
      makeAction("previous", tr("Previous image"), Qt::ALT | Qt::Key_Left, [this] { step(-1); });
  next_ = makeAction("next", tr("Next image"), Qt::ALT | Qt::Key_Right, [this] { step(1); });
  zoomOut_ = makeAction("zoom-out", tr("Zoom out"), QKeySequence::ZoomOut,
                        [this] { canvas().zoomBy(1 / kButtonZoomStep); });
  zoomIn_ = makeAction("zoom-in", tr("Zoom in"), QKeySequence::ZoomIn,
                       [this] { canvas().zoomBy(kButtonZoomStep); });
  fit_ = makeAction("zoom-fit", tr("Fit image"), Qt::CTRL | Qt::Key_9, [this] { canvas().fit(); });
  original_ = makeAction("zoom-original", tr("Actual pixels"), Qt::CTRL | Qt::Key_0,
                         [this] { canvas().zoomToPixels(); });
  turnRight_ = makeAction("turn-right", tr("Rotate the view to the right"), Qt::CTRL | Qt::Key_R,
                          [this] { canvas().turn(1); });
  turnLeft_ = makeAction("turn-left", tr("Rotate the view to the left"),
                         Qt::CTRL | Qt::SHIFT | Qt::Key_R, [this] { canvas().turn(-1); });
  sideBySide_ =
      makeAction("side-by-side", tr("Two images side by side"), Qt::CTRL | Qt::Key_Backslash,
                 [this] { setSideBySide(views_[1]->isHidden()); });
  sideBySide_->setCheckable(true);
  modelSees_ = makeAction("model-sees", tr("Show what the model sees"), Qt::CTRL | Qt::Key_E,
                          [this] { showEncodings(); });
  modelSees_->setCheckable(true);
}

void CanvasPanel::addButton(QBoxLayout* row, QAction* action) {
  auto* button = new QToolButton(this);
  button->setDefaultAction(action);
  button->setIconSize(QSize(20, 20));
  button->setAccessibleName(action->text());
  row->addWidget(button);
}

void CanvasPanel::makeBar() {
  auto* turner = new QHBoxLayout(turner_);
  turner->setContentsMargins(0, 0, 6, 0);
  turner->setSpacing(2);
  addButton(turner, previous_);
  position_->setProperty("role", "muted");
  turner->addWidget(position_);
  addButton(turner, next_);

  auto* bar = new QHBoxLayout(bar_);
  bar->setContentsMargins(16, 6, 8, 6);
  bar->setSpacing(2);
  bar->addWidget(turner_);
  bar->addWidget(title_, 1);
  bar->addSpacing(6);
  tools_->setSpacing(2);
  bar->addLayout(tools_);
  addButton(bar, zoomOut_);
  zoom_->setProperty("role", "muted");
  zoom_->setAlignment(Qt::AlignCenter);
  zoom_->setMinimumWidth(zoom_->fontMetrics().horizontalAdvance("0000 %"));
  bar->addWidget(zoom_);
  addButton(bar, zoomIn_);
  addButton(bar, fit_);
  addButton(bar, original_);
  for (QAction* action : {turnRight_, turnLeft_, sideBySide_, modelSees_}) more_->addAction(action);
  auto* more = new QToolButton(bar_);
  more->setIcon(themeIcon("more"));
  more->setIconSize(QSize(20, 20));
  more->setAccessibleName(tr("More about the view"));
  more->setToolTip(tr("More"));
  more->setMenu(more_);
  more->setPopupMode(QToolButton::InstantPopup);
  bar->addWidget(more);
}

void CanvasPanel::connectView(std::size_t place) {
  ImageView* view = views_[place];
  connect(view, &ImageView::activated, this, [this, place] { activate(place); });
  connect(view, &ImageView::pictureShown, this, [this, place] {
    synchronise(1 - place);
    updateBar();
  });
  connect(view, &ImageView::viewChanged, this, [this, place] {
    synchronise(place);
    updateBar();
  });
  connect(view, &ImageView::boxPointed, this, &CanvasPanel::boxPointed);
  connect(view, &ImageView::boxPicked, this, &CanvasPanel::boxPicked);
  connect(view, &ImageView::nothingPicked, this, &CanvasPanel::nothingPicked);
  connect(view, &ImageView::menuWanted, this,
          [this, view](QPoint point, std::optional<std::size_t> box) {
            emit menuWanted(view->canvas().mapToGlobal(point), box);
          });
  connect(&view->canvas(), &ImageCanvas::dragOutWanted, this, &CanvasPanel::dragOutWanted);
  connect(&view->canvas(), &ImageCanvas::stepWanted, this, &CanvasPanel::step);
  connect(&view->canvas(), &ImageCanvas::endWanted, this, [this](bool last) {
    if (!images_.empty()) showImage(last ? images_.size() - 1 : 0);
  });
}

void CanvasPanel::addTools(const std::vector<QAction*>& tools) {
  for (QAction* tool : tools) addButton(tools_, tool);
  tools_->addSpacing(8);
}

void CanvasPanel::addToMenu(const std::vector<QAction*>& actions) {
  more_->addSeparator();
  for (QAction* action : actions) more_->addAction(action);
}

std::vector<QAction*> CanvasPanel::viewActions() const {
  return {zoomIn_,   zoomOut_,  fit_,  original_,   turnRight_,
          turnLeft_, previous_, next_, sideBySide_, modelSees_};
}

void CanvasPanel::setImages(std::vector<CanvasImage> images) {
  if (images.size() < 2) setSideBySide(false);  // shows one of the images before
  const bool more = images.size() > images_.size();
  const std::vector<CanvasImage> before = std::exchange(images_, std::move(images));
  const auto stays = [&](std::size_t place) {
    const std::optional<std::size_t> shown = views_[place]->shown();
    return shown && *shown < images_.size() && images_[*shown] == before[*shown];
  };
  const std::size_t other = 1 - active_;
  if (!views_[1]->isHidden() && !stays(other)) put(other, 0);
  if (more || !stays(active_)) {
    put(active_, images_.empty() ? std::nullopt : std::optional(images_.size() - 1));
  }
  updateBar();
}

void CanvasPanel::setEncodings(std::vector<std::optional<Encoding>> encodings) {
  encodings_ = std::move(encodings);
  showEncodings();
}

void CanvasPanel::showEncodings() {
  for (ImageView* view : views_) {
    const std::optional<std::size_t> shown = view->shown();
    const bool known = modelSees_->isChecked() && shown && *shown < encodings_.size();
    view->setEncoding(known ? encodings_[*shown] : std::nullopt);
  }
  updateBar();
}

void CanvasPanel::setBoxes(const std::vector<PlacedBox>& boxes) {
  for (ImageView* view : views_) view->setBoxes(boxes);
}

void CanvasPanel::emphasise(const std::vector<std::size_t>& boxes) {
  for (ImageView* view : views_) view->emphasise(boxes);
}

void CanvasPanel::showImage(std::size_t image) {
  if (image >= images_.size() || shownImage() == image) return;
  const std::size_t other = 1 - active_;
  if (!views_[1]->isHidden() && views_[other]->shown() == image) return activate(other);
  put(active_, image);
}

void CanvasPanel::step(int step) {
  if (!shownImage()) return;
  const auto image = static_cast<std::ptrdiff_t>(*shownImage()) + step;
  if (image >= 0) showImage(static_cast<std::size_t>(image));
}

void CanvasPanel::put(std::size_t place, std::optional<std::size_t> image) {
  views_[place]->setImage(image, image ? images_[*image] : CanvasImage(),
                          tr("The picture you ask about is shown here."));
  showEncodings();
}

void CanvasPanel::setSideBySide(bool on) {
  on = on && images_.size() > 1;
  if (on == views_[1]->isVisibleTo(this)) return updateBar();
  if (on) {
    const std::size_t shown = *views_[0]->shown();
    put(1, shown + 1 < images_.size() ? shown + 1 : shown - 1);
  } else if (active_ == 1) {  // what was looked at stays
    put(0, views_[1]->shown());
  }
  views_[1]->setVisible(on);
  activate(0);
}

void CanvasPanel::activate(std::size_t place) {
  active_ = place;
  const bool both = !views_[1]->isHidden();
  for (std::size_t i = 0; i < views_.size(); ++i) views_[i]->setCaption(both, i == active_);
  updateBar();
}

/// The other view shows the same place of its image.
void CanvasPanel::synchronise(std::size_t from) {
  if (views_[1]->isHidden() || synchronising_) return;
  ImageCanvas& source = views_[from]->canvas();
  ImageCanvas& target = views_[1 - from]->canvas();
  if (!source.hasImage() || !target.hasImage()) return;
  synchronising_ = true;  // the other one reports its change, too
  target.setPlace(source.place());
  synchronising_ = false;
}

void CanvasPanel::updateBar() {
  const std::optional<std::size_t> shown = shownImage();
  bar_->setVisible(shown.has_value());
  turner_->setVisible(images_.size() > 1);
  const bool loaded = canvas().hasImage();
  for (QAction* action : {zoomOut_, zoomIn_, fit_, original_, turnRight_, turnLeft_}) {
    action->setEnabled(loaded);
  }
  previous_->setEnabled(shown && *shown > 0);
  next_->setEnabled(shown && *shown + 1 < images_.size());
  sideBySide_->setEnabled(images_.size() > 1);
  const bool isRead = shown && *shown < encodings_.size() && encodings_[*shown];
  modelSees_->setEnabled(modelSees_->isChecked() || isRead);
  sideBySide_->setChecked(!views_[1]->isHidden());
  title_->setFullText(shown && *shown < images_.size() ? images_[*shown].name : QString());
  position_->setText(shown ? tr("%1 of %2").arg(*shown + 1).arg(images_.size()) : QString());
  zoom_->setText(loaded ? tr("%1 %").arg(std::lround(canvas().zoom() * 100)) : QString());
}

}  // namespace vl
