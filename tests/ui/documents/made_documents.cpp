#include "tests/ui/documents/made_documents.h"

#include <QImage>
#include <QPainter>
#include <QPdfWriter>

namespace vl::test {

QString writePdf(const QTemporaryDir& folder, const QString& name, int pages, int firstScan) {
  QString path = folder.filePath(name);
  QPdfWriter writer(path);
  writer.setPageSize(QPageSize(kPagePoints, QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({});
  writer.setResolution(72);
  QPainter painter(&writer);
  QFont font("DejaVu Sans");
  font.setPixelSize(14);
  for (int page = 1; page <= pages; ++page) {
    if (page > 1) writer.newPage();
    const QString text = QString("This is page %1 of the document.").arg(page);
    if (page < firstScan) {
      painter.setFont(font);
      painter.drawText(20, 60, text);
      continue;
    }
    QImage scan(900, 1200, QImage::Format_RGB32);
    scan.fill(Qt::white);
    QPainter on(&scan);
    QFont large = font;
    large.setPixelSize(42);
    on.setFont(large);
    on.drawText(60, 180, text);
    on.end();
    painter.drawImage(QRectF(0, 0, kPagePoints.width(), kPagePoints.height()), scan);
  }
  return path;
}

}  // namespace vl::test
