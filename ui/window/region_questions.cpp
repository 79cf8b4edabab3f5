#include "ui/window/region_questions.h"

#include <QAction>
#include <QCursor>
#include <QFileDialog>
#include <QMenu>
#include <algorithm>
#include <string_view>

#include "ui/canvas/canvas_panel.h"
#include "ui/canvas/image_canvas.h"
#include "ui/canvas/region.h"
#include "ui/canvas/region_actions.h"
#include "ui/chat/chat_controller.h"
#include "ui/composer/attachment_list.h"
#include "ui/composer/composer.h"
#include "ui/composer/prompt_tasks.h"
#include "ui/widgets/background.h"

namespace vl {
namespace {

/// The official in-context form.
QString findSameForm() {
  const auto tasks = promptTasks();
  const auto task = std::find_if(tasks.begin(), tasks.end(), [](const PromptTask& known) {
    return std::string_view(known.id) == "in-context";
  });
  return task == tasks.end() ? QString() : QString::fromUtf8(task->forms.front().before);
}

/// In the words of the official form.
constexpr const char* kAskAboutMark = "Describe the object within the red rectangle.";

}  // namespace

RegionQuestions::RegionQuestions(RegionActions& regions, ChatController& controller,
                                 AttachmentList& attachments, Composer& composer,
                                 CanvasPanel& canvas, QWidget* window)
    : QObject(window),
      regions_(regions),
      controller_(controller),
      attachments_(attachments),
      composer_(composer),
      canvas_(canvas),
      window_(window) {
  connect(&regions_, &RegionActions::askWanted, this, &RegionQuestions::askAboutRegion);
  connect(&regions_, &RegionActions::markWanted, this, &RegionQuestions::askWithMark);
  connect(&regions_, &RegionActions::findWanted, this, &RegionQuestions::chooseWhereToFind);
}

/// Where the picture that is asked about lies in the one it comes from.
std::optional<CropPlace> RegionQuestions::placeOf(const PictureRegion& region, bool marked) const {
  if (region.image >= images_.size()) return std::nullopt;
  const ImageRecord& whole = images_[region.image];
  const QSize size(whole.size.width, whole.size.height);
  const QRect place = marked ? QRect(QPoint(), size) : pixelsOf(region.part, size);
  return CropPlace{whole.sha256, place.x(), place.y(), place.width(), place.height()};
}

void RegionQuestions::askAboutRegion() {
  const std::optional<PictureRegion> region = regions_.picked();
  if (!region || !region->view || !region->view->canvas().hasImage()) return;
  const QString name = region->label.isEmpty() ? region->view->image().name : region->label;
  runInBackground(
      this,
      [picture = region->view->canvas().image(), part = region->part] {
        return picture->crop(pixelsOf(part, picture->size()));
      },
      [this, name, place = placeOf(*region, false)](const QImage& crop) {
        attachments_.addPicture(crop, tr("Part: %1").arg(name), place);
        composer_.focusText();
      });
}

void RegionQuestions::askWithMark() {
  const std::optional<PictureRegion> region = regions_.picked();
  if (!region || !region->view || !region->view->canvas().hasImage()) return;
  runInBackground(
      this,
      [picture = region->view->canvas().image(), part = region->part] {
        return markedCopy(*picture, part);
      },
      [this, name = region->view->image().name,
       place = placeOf(*region, true)](const QImage& marked) {
        attachments_.addPicture(marked, tr("Marked: %1").arg(name), place);
        if (composer_.text().trimmed().isEmpty()) composer_.setText(kAskAboutMark);
      });
}

void RegionQuestions::chooseWhereToFind() {
  const std::optional<PictureRegion> region = regions_.picked();
  if (!region) return;
  if (!composer_.text().trimmed().isEmpty()) {
    emit problem(
        tr("A question is being written. Ask or clear it first: finding an object in "
           "another image needs a question of its own, in a new session."));
    return;
  }
  const Result<Draft> begun = controller_.store().loadDraft(std::nullopt);
  if (controller_.shownSession() && begun && !begun->isEmpty()) {
    emit problem(
        tr("A question for a new session is being written there. Ask or clear it first: finding "
           "an object in another image needs a new session."));
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
void RegionQuestions::findSame(std::optional<std::size_t> image, const QString& file) {
  const std::optional<PictureRegion> region = regions_.picked();
  if (!region || !region->view || !region->view->canvas().hasImage()) return;
  std::optional<ImportedImage> known;
  if (image && *image < images_.size()) {
    const CanvasImage& shown = canvas_.images()[*image];
    known = ImportedImage{{images_[*image], shown.name.toStdString()}, shown.path};
  }
  const QString name = tr("Marked: %1").arg(region->view->image().name);
  runInBackground(
      this,
      [picture = region->view->canvas().image(), part = region->part] {
        return markedCopy(*picture, part);
      },
      [this, name, known, file](const QImage& marked) {
        controller_.newSession();
        attachments_.clear();
        attachments_.addPicture(marked, name);
        if (known) {
          attachments_.addStored(*known);
        } else {
          attachments_.addFile(file);
        }
        composer_.setText(findSameForm());
      });
}

}  // namespace vl
