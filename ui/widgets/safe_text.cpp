#include "ui/widgets/safe_text.h"

namespace vl {

QString safeText(std::string_view utf8) {
  QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
  for (QChar& character : text) {
    const char16_t code = character.unicode();
    const bool structure = code == 0xFFFC || (code >= 0xFDD0 && code <= 0xFDEF);
    const bool control = code < 0x20 && code != u'\n' && code != u'\t';
    if (structure || control) character = QChar::ReplacementCharacter;
  }
  return text;
}

}  // namespace vl
