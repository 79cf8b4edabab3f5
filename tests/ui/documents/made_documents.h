#pragma once

#include <QSizeF>
#include <QString>
#include <QTemporaryDir>

namespace vl::test {

inline constexpr QSizeF kPagePoints{300, 400};

/// A PDF in `folder` whose pages say "This is page N of the document." in a text layer; those from
/// `firstScan` on (counted from 1) show it as a picture, without one. The file's path.
QString writePdf(const QTemporaryDir& folder, const QString& name, int pages, int firstScan = 1000);

}  // namespace vl::test
