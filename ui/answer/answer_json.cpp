#include "ui/answer/answer_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vl {

QString answerJson(const QString& text, const std::vector<GroundedBox>& boxes) {
  QJsonArray list;
  for (const GroundedBox& box : boxes) {
    const auto pixel = [](double value) { return static_cast<qint64>(value); };
    const PixelBox& pixels = box.pixels;
    list.append(QJsonObject{
        {"label", QString::fromStdString(box.label)},
        {"image", static_cast<qint64>(box.image)},
        {"box", QJsonArray{pixel(pixels.x1), pixel(pixels.y1), pixel(pixels.x2), pixel(pixels.y2)}},
        {"grid", QJsonArray{box.grid.x1, box.grid.y1, box.grid.x2, box.grid.y2}}});
  }
  return QString::fromUtf8(QJsonDocument(QJsonObject{{"text", text}, {"boxes", list}}).toJson());
}

}  // namespace vl
