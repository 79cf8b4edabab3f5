#pragma once

#include <QObject>
#include <QString>
#include <vector>

class QAction;

namespace vl {

class CanvasPanel;

/// What can be done with the image that is shown: take it along as a picture or as a file.
class ImageActions final : public QObject {
  Q_OBJECT
 public:
  /// The panel outlives the actions.
  ImageActions(CanvasPanel& canvas, QWidget* window);

  const std::vector<QAction*>& actions() const { return actions_; }
  void refresh();
  /// The file as it was opened where the name's ending is the same, else the picture in the format
  /// of the ending.
  void saveTo(const QString& file);
  void dragOut();

 signals:
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  void add(const QString& icon, const QString& text, void (ImageActions::*run)());
  void copy();
  void chooseFile();
  void showInFolder();

  CanvasPanel& canvas_;
  QWidget* window_;
  std::vector<QAction*> actions_;
};

}  // namespace vl
