#pragma once

#include <QLocale>
#include <QString>
#include <QStringList>
#include <QTranslator>
#include <optional>

namespace vl {

/// The languages of the window. The sources are English.
enum class Language { English, SimplifiedChinese };

/// The language with a name as POSIX or BCP 47 writes it: "en_GB", "zh_CN", "zh-Hans".
std::optional<Language> languageNamed(const QString& name);

/// The first of a person's languages, best first, that the window knows; English if it knows none.
Language preferredLanguage(const QStringList& names);

/// Gives the application its texts, those of Qt's own dialogs, numbers and dates in a language, as
/// long as it lives. Widgets take their texts when they are made: it has to be there before them.
class Translation {
 public:
  explicit Translation(Language language);
  ~Translation();
  Translation(const Translation&) = delete;
  Translation& operator=(const Translation&) = delete;

 private:
  QLocale before_;
  QTranslator qt_;
  QTranslator own_;
};

}  // namespace vl
