#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QProxyStyle>
#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {

class DesktopWithIcons final : public QProxyStyle {
 public:
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override {
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 1;
    return QProxyStyle::styleHint(hint, option, widget, data);
  }
};

class ThemeTest : public QObject {
  Q_OBJECT
 private slots:
  void textIsReadable_data() {
    QTest::addColumn<bool>("dark");
    QTest::addRow("light") << false;
    QTest::addRow("dark") << true;
  }

  void textIsReadable() {
    QFETCH(const bool, dark);
    const Theme theme(*qApp, dark ? Appearance::Dark : Appearance::Light);
    const ThemeColours& colours = Theme::colours();
    QCOMPARE(colours.base.lightness() < 128, dark);
    // WCAG 2.1: 7:1 is level AAA, 4.5:1 level AA
    for (const QColor& ground :
         {colours.base, colours.sidebar, colours.raised, colours.bubble, colours.code}) {
      QVERIFY2(contrast(colours.text, ground) >= 7, qPrintable(ground.name()));
      QVERIFY2(contrast(colours.muted, ground) >= 4.5, qPrintable(ground.name()));
    }
    QVERIFY(contrast(colours.muted, colours.canvas) >= 4.5);
    QVERIFY(contrast(colours.text, colours.noticeError) >= 7);
    QVERIFY(contrast(colours.accentText, colours.accent) >= 4.5);
    QVERIFY(contrast(colours.error, colours.base) >= 4.5);
  }

  void everyColourOfTheStyleSheetIsFilledIn() {
    QVERIFY(!qApp->styleSheet().isEmpty());
    QVERIFY(!qApp->styleSheet().contains('@'));
  }

  void buttonsOfDialogsHaveNoIconsOfTheDesktop() {
    DesktopWithIcons desktop;
    QDialogButtonBox box(QDialogButtonBox::Cancel);
    box.setStyle(&desktop);
    QVERIFY(!box.style()->styleHint(QStyle::SH_DialogButtonBox_ButtonsHaveIcons, nullptr, &box));
  }

  void iconsFollowThePalette() {
    const QIcon icon = themeIcon("send");
    const QColor light = inkOf(icon);
    const Theme dark(*qApp, Appearance::Dark);
    QVERIFY(inkOf(icon).lightness() > light.lightness() + 100);
  }

  void cleanup() { const Theme light(*qApp, Appearance::Light); }

 private:
  /// The colour of the most opaque pixel.
  static QColor inkOf(const QIcon& icon) {
    const QImage image = icon.pixmap(48, 48).toImage();
    QColor ink(0, 0, 0, 0);
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        if (image.pixelColor(x, y).alpha() > ink.alpha()) ink = image.pixelColor(x, y);
      }
    }
    return ink;
  }
};

static const Registered<ThemeTest> kThemeTest;

}  // namespace vl::test

#include "theme_test.moc"
