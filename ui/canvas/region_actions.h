#pragma once

#include <QMetaObject>
#include <QObject>
#include <QPointer>
#include <QRectF>
#include <QString>
#include <cstddef>
#include <optional>
#include <vector>

#include "ui/canvas/image_view.h"

class QAction;

namespace vl {

class BoxBar;

/// A part of an image that a person has picked: a box, or what they drew.
struct PictureRegion {
  QPointer<ImageView> view;
  std::size_t image = 0;  // of the conversation
  QRectF part;            // image space
  QString label;          // empty: it has none
};

/// What can be done with a part of an image: look closer, copy, save, drag out, ask about it. Shows
/// the bar beside it while it is picked.
class RegionActions final : public QObject {
  Q_OBJECT
 public:
  /// `window` takes the dialogs and outlives the actions.
  explicit RegionActions(QWidget* window);
  ~RegionActions() override;

  void pick(const PictureRegion& region);
  void drop();
  const std::optional<PictureRegion>& picked() const { return picked_; }
  const std::vector<QAction*>& actions() const { return actions_; }

  void saveCrop(const QString& file);

 signals:
  /// The part is to become an image of the question being written.
  void askWanted();
  /// The same with all of the picture, the part marked in red.
  void markWanted();
  /// The part is to become a box.
  void boxWanted();
  /// The object is to be looked for in another image.
  void findWanted();
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  QAction* add(const QString& icon, const QString& text, void (RegionActions::*run)());
  void zoomTo();
  void copyCrop();
  void chooseFile();
  void ask() { emit askWanted(); }
  void mark() { emit markWanted(); }
  void find() { emit findWanted(); }
  void makeBox() { emit boxWanted(); }
  void follow();
  QImage crop() const;

  QWidget* window_;
  std::vector<QAction*> actions_;
  QAction* makeBox_;  // for a part that is no box yet
  QPointer<BoxBar> bar_;
  std::optional<PictureRegion> picked_;
  QMetaObject::Connection following_;
};

}  // namespace vl
