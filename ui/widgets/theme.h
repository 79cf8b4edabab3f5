#pragma once

#include <QColor>
#include <QIcon>
#include <QObject>
#include <QString>

class QApplication;

namespace vl {

/// The colours of the window. Text has a contrast of at least 7:1 on base, muted text 4.5:1.
struct ThemeColours {
  QColor base;     // behind conversation and text
  QColor sidebar;  // behind the list of sessions
  QColor canvas;   // behind the image
  QColor raised;   // cards, buttons, menus
  QColor bubble;   // behind a question
  QColor code;     // behind code in an answer
  QColor hover;
  QColor pressed;
  QColor border;
  QColor scroll;
  QColor text;
  QColor muted;
  QColor accent;
  QColor accentHover;
  QColor accentText;
  QColor notice;
  QColor noticeError;
  QColor error;
};

enum class Appearance { FollowSystem, Light, Dark };

/// Gives the application its style, palette and style sheet: light or dark as the platform's own
/// palette is, also when that changes while the app runs.
class Theme final : public QObject {
  Q_OBJECT
 public:
  explicit Theme(QApplication& application, Appearance appearance = Appearance::FollowSystem);

  /// The colours in use now: follows the application's palette.
  static const ThemeColours& colours();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void apply();

  QApplication& application_;
  Appearance appearance_;
};

/// A line icon of ours (resources/icons), drawn in the palette's text colour at any size.
QIcon themeIcon(const QString& name);
/// The same in `colour` whatever the palette is.
QIcon themeIcon(const QString& name, const QColor& colour);

}  // namespace vl
