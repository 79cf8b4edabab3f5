#pragma once

#include <QColor>
#include <QIconEngine>
#include <QString>
#include <optional>

namespace vl {

/// Draws an SVG of resources/icons with `currentColor` filled in when it is painted, so that an
/// icon follows a change of palette by itself.
class SvgIconEngine final : public QIconEngine {
 public:
  /// Without a colour: the application palette's ButtonText.
  SvgIconEngine(QString name, std::optional<QColor> colour);

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
  QIconEngine* clone() const override;

 private:
  QString name_;
  std::optional<QColor> colour_;
};

}  // namespace vl
