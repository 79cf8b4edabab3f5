#include "ui/widgets/translation.h"

#include <QCoreApplication>
#include <QLibraryInfo>

namespace vl {
namespace {

/// The language as the person's country writes numbers and dates.
QLocale localeOf(Language language) {
  const QLocale::Territory territory = QLocale::system().territory();
  if (language == Language::English) return QLocale(QLocale::English, territory);
  return QLocale(QLocale::Chinese, QLocale::SimplifiedHanScript, territory);
}

}  // namespace

std::optional<Language> languageNamed(const QString& name) {
  const QLocale locale(name);
  if (locale.language() == QLocale::English) return Language::English;
  if (locale.language() == QLocale::Chinese && locale.script() == QLocale::SimplifiedHanScript) {
    return Language::SimplifiedChinese;
  }
  return std::nullopt;
}

Language preferredLanguage(const QStringList& names) {
  for (const QString& name : names) {
    if (const std::optional<Language> language = languageNamed(name)) return *language;
  }
  return Language::English;
}

Translation::Translation(Language language) {
  QLocale::setDefault(localeOf(language));
  const QString name = language == Language::English ? "en" : "zh_CN";
  // Qt's texts lie beside Qt; English ones and those of a system without them are in its code.
  if (qt_.load("qtbase_" + name, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
    QCoreApplication::installTranslator(&qt_);
  }
  // English has a file, too: its plurals.
  if (own_.load(":/translations/vl2-desk_" + name + ".qm")) {
    QCoreApplication::installTranslator(&own_);
  }
}

Translation::~Translation() { QLocale::setDefault(before_); }  // translators leave by themselves

}  // namespace vl
