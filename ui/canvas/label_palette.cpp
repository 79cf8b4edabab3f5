#include "ui/canvas/label_palette.h"

#include <array>
#include <cmath>

namespace vl {
namespace {

// Okabe-Ito without black, the most distinct ones first
constexpr std::array<QRgb, 7> kColours{0xffe69f00, 0xff56b4e9, 0xff009e73, 0xffcc79a7,
                                       0xfff0e442, 0xffd55e00, 0xff0072b2};

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

}  // namespace

QColor LabelPalette::colour(const QString& label) {
  const QString key = label.simplified().toCaseFolded();
  const int place = order_.value(key, static_cast<int>(order_.size()));
  order_.insert(key, place);
  return QColor::fromRgb(kColours[static_cast<std::size_t>(place) % kColours.size()]);
}

QColor readableOn(const QColor& background) {
  const double luminance = 0.2126 * linear(background.redF()) +
                           0.7152 * linear(background.greenF()) +
                           0.0722 * linear(background.blueF());
  // contrast with white is 1.05 / (L + 0.05), with black (L + 0.05) / 0.05; equal at L = 0.179
  return luminance > 0.179 ? QColor(0x11, 0x11, 0x11) : QColor(Qt::white);
}

}  // namespace vl
