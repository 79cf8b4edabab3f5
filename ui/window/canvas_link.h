#pragma once

#include <QObject>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "inference/text/grounding_parser.h"
#include "ui/canvas/image_view.h"
#include "ui/canvas/label_palette.h"
#include "ui/chat/chat_controller.h"

class QAction;
class QMenu;

namespace vl {

class AttachmentList;
class CanvasPanel;
class ChatPane;
class ModelLoader;
class RegionActions;

/// Joins conversation and canvas: which images and boxes are shown, phrases and boxes that point at
/// each other, and questions that begin on the canvas.
class CanvasLink final : public QObject {
  Q_OBJECT
 public:
  /// All outlive the link.
  CanvasLink(ChatController& controller, ModelLoader& model, AttachmentList& attachments,
             ChatPane& chat, CanvasPanel& canvas, LabelPalette& palette, QWidget* window);

  /// Another session is shown.
  void reset();
  RegionActions& regions() { return *regions_; }

 signals:
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  /// The box that is being written, and where the parser of the answer stands.
  struct Writing {
    MessageId answer{};
    std::size_t read = 0;  // bytes of its text
    GroundingParser parser;
    std::optional<UnfinishedBox> box;
  };

  void connectConversation();
  void connectCanvas();
  void readModel();
  void showImages();
  void showEncodings();
  void showBoxes(std::optional<std::size_t> arrivedOn);
  void follow(const ConversationItem& answer);
  const ConversationItem* answerWithBoxes() const;
  std::optional<std::size_t> imageAskedAbout(const ConversationItem& answer) const;
  void emphasise(std::optional<std::size_t> placed);
  void pick(std::size_t placed);
  void showMenu(QPoint globalPoint, std::optional<std::size_t> placed);
  void addChoices(QMenu& menu, std::size_t placed);
  void askAboutRegion();
  void chooseWhereToFind();
  void findSame(std::optional<std::size_t> image, const QString& file);

  ChatController& controller_;
  ModelLoader& model_;
  AttachmentList& attachments_;
  ChatPane& chat_;
  CanvasPanel& canvas_;
  LabelPalette& palette_;  // of the session that is shown
  QWidget* window_;
  RegionActions* regions_;
  std::shared_ptr<const ProcessorConfig> processor_;  // of the model that is loaded
  std::optional<MessageId> pickedAnswer_;  // its boxes are shown; none: the last that has any
  std::optional<Writing> writing_;
  std::vector<PlacedBox> placed_;  // what the canvas shows; those of the answer come first
};

}  // namespace vl
