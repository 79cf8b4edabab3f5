#pragma once

#include <QObject>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "inference/text/grounding_parser.h"
#include "ui/answer/grounded_document.h"
#include "ui/canvas/image_view.h"
#include "ui/canvas/label_palette.h"
#include "ui/chat/chat_controller.h"

class QAction;
class QMenu;

namespace vl {

class AttachmentList;
class BoxFiles;
class BoxTools;
class CanvasPanel;
class ChatPane;
class ImageActions;
class ModelLoader;
class RegionActions;
class RegionQuestions;

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
  /// For the window's menu.
  std::vector<QAction*> boxActions() const;
  BoxTools& tools() { return *tools_; }
  BoxFiles& files() { return *files_; }
  ImageActions& images() { return *images_; }

 signals:
  /// A sentence for the person.
  void problem(const QString& text);
  /// Something has been done.
  void done(const QString& text);

 private:
  /// The box that is being written, and where the parser of the answer stands.
  struct Writing {
    MessageId answer{};
    std::size_t read = 0;  // bytes of its text
    GroundingParser parser;
    std::optional<UnfinishedBox> box;
  };

  /// Where an image of the conversation lies in another one of it.
  struct PartOf {
    std::size_t image = 0;
    QRectF place;
  };

  void connectConversation();
  void connectCanvas();
  void connectTools();
  void findParts(const std::vector<ImageRecord>& images);
  void placeBox(std::size_t source, std::size_t image, const QString& label, const QRectF& rect,
                bool dashed);
  std::vector<std::size_t> placedOf(const std::vector<std::size_t>& boxes) const;
  std::vector<std::size_t> boxesOf(const BoxRange& phrase) const;
  std::optional<std::size_t> phraseBoxOf(std::size_t placed) const;
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
  void moveEditedBoxes(std::size_t image);

  ChatController& controller_;
  ModelLoader& model_;
  AttachmentList& attachments_;
  ChatPane& chat_;
  CanvasPanel& canvas_;
  LabelPalette& palette_;  // of the session that is shown
  QWidget* window_;
  RegionActions* regions_;
  RegionQuestions* questions_;
  BoxTools* tools_;
  BoxFiles* files_;
  ImageActions* images_;
  std::shared_ptr<const ProcessorConfig> processor_;  // of the model that is loaded
  std::optional<MessageId> pickedAnswer_;  // its boxes are shown; none: the last that has any
  std::optional<Writing> writing_;
  std::vector<ImageRecord> records_;        // of each image of the canvas
  std::vector<std::vector<PartOf>> parts_;  // of each image of the canvas
  std::vector<PlacedBox> placed_;           // what the canvas shows: the answer's come first
  std::vector<std::size_t> sources_;        // which box of the answer each of them is
};

}  // namespace vl
