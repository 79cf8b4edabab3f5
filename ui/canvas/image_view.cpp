#include "ui/canvas/image_view.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QStyle>
#include <algorithm>

#include "ui/canvas/image_canvas.h"
#include "ui/canvas/image_loader.h"
#include "ui/widgets/background.h"
#include "ui/widgets/elided_label.h"

namespace vl {

ImageView::ImageView(ImageLoader& loader, QWidget* parent)
    : QWidget(parent),
      loader_(loader),
      caption_(new ElidedLabel(Qt::ElideMiddle, this)),
      canvas_(new ImageCanvas(this)),
      facts_(new QLabel(this)) {
  caption_->setObjectName("viewCaption");
  caption_->hide();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(caption_);
  column->addWidget(canvas_, 1);
  facts_->setObjectName("viewFacts");
  facts_->setAccessibleName(tr("What the model sees"));
  facts_->setWordWrap(true);
  facts_->setTextFormat(Qt::PlainText);
  facts_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  facts_->hide();
  column->addWidget(facts_);
  canvas_->installEventFilter(this);
  connect(canvas_, &ImageCanvas::viewChanged, this, &ImageView::viewChanged);
  connect(canvas_, &ImageCanvas::boxPointed, this, [this](std::optional<std::size_t> box) {
    emit boxPointed(box ? std::optional(onCanvas_[*box]) : std::nullopt);
  });
  connect(canvas_, &ImageCanvas::boxPicked, this,
          [this](std::size_t box) { emit boxPicked(onCanvas_[box]); });
  connect(canvas_, &ImageCanvas::nothingPicked, this, &ImageView::nothingPicked);
  connect(canvas_, &ImageCanvas::menuWanted, this,
          [this](QPoint point, std::optional<std::size_t> box) {
            emit menuWanted(point, box ? std::optional(onCanvas_[*box]) : std::nullopt);
          });
}

void ImageView::setImage(std::optional<std::size_t> index, const CanvasImage& image,
                         const QString& message) {
  shown_ = index;
  image_ = image;
  caption_->setFullText(image.name);
  canvas_->setAccessibleName(index ? tr("Image %1").arg(image.name) : tr("Image"));
  canvas_->setImage(nullptr, index ? tr("Opening the image…") : message);
  encode();
  if (!index) return;
  loader_.load(image.path, this,
               [this, path = image.path](const Result<ImageLoader::Picture>& picture) {
                 if (!shown_ || image_.path != path) return;  // another one was chosen meanwhile
                 if (picture) {
                   canvas_->setImage(*picture);
                   placeBoxes();
                   encode();
                 } else {
                   canvas_->setImage(nullptr, QString::fromStdString(picture.error().what));
                 }
                 emit pictureShown();
               });
}

void ImageView::setBoxes(const std::vector<PlacedBox>& boxes) {
  boxes_ = boxes;
  placeBoxes();
}

void ImageView::placeBoxes() {
  std::vector<CanvasBox> placed;
  onCanvas_.clear();
  for (std::size_t i = 0; i < boxes_.size() && canvas_->hasImage(); ++i) {
    if (boxes_[i].image != shown_) continue;
    placed.push_back(boxes_[i].box);
    onCanvas_.push_back(i);
  }
  canvas_->setBoxes(std::move(placed));
}

void ImageView::emphasise(const std::vector<std::size_t>& boxes) {
  std::vector<std::size_t> placed;
  for (std::size_t i = 0; i < onCanvas_.size(); ++i) {
    if (std::find(boxes.begin(), boxes.end(), onCanvas_[i]) != boxes.end()) placed.push_back(i);
  }
  canvas_->setEmphasis(std::move(placed));
}

void ImageView::setCaption(bool visible, bool active) {
  caption_->setVisible(visible);
  caption_->setProperty("active", active);
  caption_->style()->unpolish(caption_);
  caption_->style()->polish(caption_);
}

void ImageView::setEncoding(std::optional<Encoding> encoding) {
  if (encoding == encoding_) return;
  encoding_ = std::move(encoding);
  encode();
}

void ImageView::encode() {
  facts_->setVisible(encoding_.has_value() && canvas_->hasImage());
  if (!encoding_ || !canvas_->hasImage()) return canvas_->setEncoded(nullptr);
  facts_->setText(tr("Preparing what the model sees…"));
  runInBackground(
      this,
      [picture = canvas_->image(), encoding = *encoding_] {
        return std::make_shared<const EncodedView>(*picture, encoding);
      },
      [this, picture = canvas_->image(),
       encoding = *encoding_](const std::shared_ptr<const EncodedView>& encoded) {
        if (canvas_->image() != picture || encoding_ != encoding) return;  // not shown any more
        canvas_->setEncoded(encoded);
        facts_->setText(encoded->text());
      });
}

bool ImageView::eventFilter(QObject* watched, QEvent* event) {
  const bool turnsHere = event->type() == QEvent::FocusIn ||
                         event->type() == QEvent::MouseButtonPress ||
                         event->type() == QEvent::Wheel;
  if (watched == canvas_ && turnsHere) emit activated();
  return QWidget::eventFilter(watched, event);
}

}  // namespace vl
