#include "ui/widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QPalette>
#include <QStyleFactory>
#include <array>
#include <utility>

#include "ui/widgets/svg_icon_engine.h"

static void initResources() { Q_INIT_RESOURCE(desk); }  // the macro refuses to stand in a namespace

namespace vl {
namespace {

const ThemeColours kLight{
    .base = 0xffffff,
    .sidebar = 0xf4f5f7,
    .canvas = 0xeceef1,
    .raised = 0xffffff,
    .bubble = 0xeef2fc,
    .code = 0xf3f4f7,
    .hover = 0xe9ebef,
    .pressed = 0xdfe2e8,
    .border = 0xd9dce3,
    .scroll = 0xc3c8d1,
    .text = 0x1d2129,
    .muted = 0x626a78,
    .accent = 0x315fd6,
    .accentHover = 0x274fb8,
    .accentText = 0xffffff,
    .notice = 0xf3f4f7,
    .noticeError = 0xfdeeec,
    .error = 0xb3261e,
};

const ThemeColours kDark{
    .base = 0x1b1d21,
    .sidebar = 0x15171a,
    .canvas = 0x111316,
    .raised = 0x25282e,
    .bubble = 0x2a3140,
    .code = 0x262a31,
    .hover = 0x2d3138,
    .pressed = 0x383d46,
    .border = 0x363b44,
    .scroll = 0x474d58,
    .text = 0xe7e9ed,
    .muted = 0x9aa2b1,
    .accent = 0x6f97ff,
    .accentHover = 0x8dadff,
    .accentText = 0x10131a,
    .notice = 0x262a31,
    .noticeError = 0x3b2527,
    .error = 0xff9b90,
};

bool isDark(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() <
         palette.color(QPalette::WindowText).lightness();
}

QPalette paletteOf(const ThemeColours& colours) {
  QPalette palette;
  palette.setColor(QPalette::Window, colours.base);
  palette.setColor(QPalette::WindowText, colours.text);
  palette.setColor(QPalette::Base, colours.base);
  palette.setColor(QPalette::AlternateBase, colours.sidebar);
  palette.setColor(QPalette::Text, colours.text);
  palette.setColor(QPalette::PlaceholderText, colours.muted);
  palette.setColor(QPalette::Button, colours.raised);
  palette.setColor(QPalette::ButtonText, colours.text);
  palette.setColor(QPalette::BrightText, colours.accentText);
  palette.setColor(QPalette::ToolTipBase, colours.raised);
  palette.setColor(QPalette::ToolTipText, colours.text);
  palette.setColor(QPalette::Highlight, colours.accent);
  palette.setColor(QPalette::HighlightedText, colours.accentText);
  palette.setColor(QPalette::Link, colours.accent);
  palette.setColor(QPalette::Light, colours.raised);
  palette.setColor(QPalette::Midlight, colours.hover);
  palette.setColor(QPalette::Mid, colours.border);
  palette.setColor(QPalette::Dark, colours.border);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, colours.muted);
  }
  return palette;
}

QString styleSheetOf(const ThemeColours& colours) {
  QFile file(":/themes/desk.qss");
  if (!file.open(QIODevice::ReadOnly)) return {};
  QString sheet = QString::fromUtf8(file.readAll());
  // a name that begins another one comes after it
  const std::array<std::pair<const char*, QColor>, 17> names{{
      {"@accent-hover", colours.accentHover},
      {"@accent-text", colours.accentText},
      {"@accent", colours.accent},
      {"@base", colours.base},
      {"@border", colours.border},
      {"@bubble", colours.bubble},
      {"@canvas", colours.canvas},
      {"@error", colours.error},
      {"@hover", colours.hover},
      {"@muted", colours.muted},
      {"@notice-error", colours.noticeError},
      {"@notice", colours.notice},
      {"@pressed", colours.pressed},
      {"@raised", colours.raised},
      {"@scroll", colours.scroll},
      {"@sidebar", colours.sidebar},
      {"@text", colours.text},
  }};
  for (const auto& [name, colour] : names) sheet.replace(QLatin1String(name), colour.name());
  return sheet;
}

}  // namespace

Theme::Theme(QApplication& application, Appearance appearance)
    : application_(application), appearance_(appearance) {
  initResources();
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  apply();
  application_.installEventFilter(this);
}

const ThemeColours& Theme::colours() { return isDark(QGuiApplication::palette()) ? kDark : kLight; }

void Theme::apply() {
  QApplication::setPalette(QPalette());  // back to the platform's, to see whether it is dark
  const bool dark = appearance_ == Appearance::FollowSystem ? isDark(QGuiApplication::palette())
                                                            : appearance_ == Appearance::Dark;
  const ThemeColours& colours = dark ? kDark : kLight;
  QApplication::setPalette(paletteOf(colours));
  application_.setStyleSheet(styleSheetOf(colours));
}

bool Theme::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ThemeChange && watched->isWindowType()) apply();
  return QObject::eventFilter(watched, event);
}

QIcon themeIcon(const QString& name) { return QIcon(new SvgIconEngine(name, std::nullopt)); }

QIcon themeIcon(const QString& name, const QColor& colour) {
  return QIcon(new SvgIconEngine(name, colour));
}

}  // namespace vl
