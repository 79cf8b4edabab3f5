#include "ui/history/age_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace vl {

QString ageText(Timestamp time) {
  const QDateTime local = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
  const qint64 days = local.date().daysTo(QDate::currentDate());
  if (days <= 0) return QLocale().toString(local.time(), QLocale::ShortFormat);
  if (days == 1) return QCoreApplication::translate("vl::ageText", "Yesterday");
  if (days < 7) return QLocale().standaloneDayName(local.date().dayOfWeek());
  return QLocale().toString(local.date(), QLocale::ShortFormat);
}

}  // namespace vl
