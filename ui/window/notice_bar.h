#pragma once

#include <QFrame>
#include <QString>

class QBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace vl {

/// A sentence for the person inside the window, with what can be done about it. Plain text only.
class NoticeBar final : public QFrame {
  Q_OBJECT
 public:
  enum class Kind { Info, Warning, Error };

  explicit NoticeBar(QWidget* parent = nullptr);

  /// Takes the place of what was shown, buttons included.
  void setNotice(Kind kind, const QString& text);
  QString text() const;
  QPushButton* addButton(const QString& text);
  /// A button that closes the notice.
  void setClosable(bool closable);
  /// Height of the notice when it is `width` wide.
  int heightFor(int width) const;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showIcon();

  Kind kind_ = Kind::Info;
  QLabel* icon_;
  QLabel* text_;
  QBoxLayout* buttons_;
  QToolButton* close_;
};

}  // namespace vl
