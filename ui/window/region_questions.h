#pragma once

#include <QObject>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "storage/box_edits.h"
#include "storage/records.h"

namespace vl {

class AttachmentList;
class CanvasPanel;
class ChatController;
class Composer;
class RegionActions;
struct PictureRegion;

/// Questions that begin with a part of an image: about it alone, about it in the whole picture, and
/// where the same is in another one.
class RegionQuestions final : public QObject {
  Q_OBJECT
 public:
  /// All outlive it.
  RegionQuestions(RegionActions& regions, ChatController& controller, AttachmentList& attachments,
                  Composer& composer, CanvasPanel& canvas, QWidget* window);

  /// Of the canvas, in their order.
  void setImages(std::vector<ImageRecord> images) { images_ = std::move(images); }

 signals:
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  void askAboutRegion();
  void askWithMark();
  void chooseWhereToFind();
  void findSame(std::optional<std::size_t> image, const QString& file);
  std::optional<CropPlace> placeOf(const PictureRegion& region, bool marked) const;

  RegionActions& regions_;
  ChatController& controller_;
  AttachmentList& attachments_;
  Composer& composer_;
  CanvasPanel& canvas_;
  QWidget* window_;
  std::vector<ImageRecord> images_;
};

}  // namespace vl
