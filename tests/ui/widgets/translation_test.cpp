#include "ui/widgets/translation.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTest>

#include "tests/ui/ui_test.h"

namespace vl::test {

static QString translated(const char* context, const char* text, int count = -1) {
  return QCoreApplication::translate(context, text, nullptr, count);
}

class TranslationTest : public QObject {
  Q_OBJECT
 private slots:
  void languagesAreKnownByTheirNames() {
    for (const char* name : {"en", "en_GB", "en-US"}) {
      QCOMPARE(languageNamed(name), Language::English);
    }
    for (const char* name : {"zh", "zh_CN", "zh_SG", "zh-Hans", "zh-Hans-HK"}) {
      QCOMPARE(languageNamed(name), Language::SimplifiedChinese);
    }
    for (const char* name : {"", "C", "de_DE", "zh_TW", "zh-Hant", "no such language"}) {
      QCOMPARE(languageNamed(name), std::nullopt);
    }
  }

  void theFirstKnownLanguageOfAPersonIsTaken() {
    QCOMPARE(preferredLanguage({"de-DE", "zh-Hans-CN", "en-US"}), Language::SimplifiedChinese);
    QCOMPARE(preferredLanguage({"de-DE", "en-US", "zh-Hans-CN"}), Language::English);
    QCOMPARE(preferredLanguage({"zh-Hant-TW", "zh-TW"}), Language::English);
    QCOMPARE(preferredLanguage({}), Language::English);
  }

  void englishCountsOneAndMany() {
    QCOMPARE(translated("vl::BudgetBar", "Text: %Ln token(s)", 1), "Text: 1 token");
    QCOMPARE(translated("vl::BudgetBar", "Text: %Ln token(s)", 2017), "Text: 2,017 tokens");
  }

  void aTranslationLastsAsLongAsItsObject() {
    const QLocale before;
    {
      const Translation chinese(Language::SimplifiedChinese);
      QCOMPARE(translated("vl::MainWindow", "&File"), "文件(&F)");
      QCOMPARE(translated("PromptTask", "Locate"), "定位");
      QCOMPARE(translated("vl::BudgetBar", "Text: %Ln token(s)", 2), "文字：2 词元");
      QCOMPARE(QLocale().language(), QLocale::Chinese);
    }
    QCOMPARE(translated("vl::MainWindow", "&File"), "&File");
    QCOMPARE(QLocale(), before);
  }

  void qtsOwnTextsAreTranslated() {
    const Translation chinese(Language::SimplifiedChinese);
    QCOMPARE(translated("QPlatformTheme", "Cancel"), "取消");
  }
};

static const Registered<TranslationTest> kTranslationTest;

}  // namespace vl::test

#include "translation_test.moc"
