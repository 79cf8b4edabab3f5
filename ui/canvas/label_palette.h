#pragma once

#include <QColor>
#include <QHash>
#include <QString>

namespace vl {

/// One colour per label, given out in order of first use and kept for the whole conversation.
/// Colours: Okabe and Ito, "Color Universal Design" (2008), told apart by all common kinds of
/// colour blindness; an eighth label begins again with the first colour.
class LabelPalette {
 public:
  QColor colour(const QString& label);

 private:
  QHash<QString, int> order_;
};

/// Black or white, whichever has more contrast on `background` (WCAG relative luminance).
QColor readableOn(const QColor& background);

}  // namespace vl
