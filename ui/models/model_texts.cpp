#include "ui/models/model_texts.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace vl {
namespace {

struct Models {
  Q_DECLARE_TR_FUNCTIONS(Models)
};

}  // namespace

QString sizeText(std::size_t bytes) {
  return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString modelSummary(const LibraryModel& model) {
  if (!model.info) return Models::tr("Cannot be used");
  QStringList facts;
  if (model.info->variant != "custom") facts << QString::fromStdString(model.info->variant);
  facts << QString::fromStdString(model.info->weightType) << sizeText(model.info->weightsBytes);
  return facts.join(QString::fromUtf8(" · "));
}

QString parametersText(std::size_t parameters) {
  const auto count = static_cast<double>(parameters);
  if (count >= 1e9) return Models::tr("%1 billion").arg(QLocale().toString(count / 1e9, 'f', 2));
  return Models::tr("%1 million").arg(QLocale().toString(count / 1e6, 'f', 1));
}

QString memoryText(const MemoryPlan& plan) {
  return Models::tr("Needs %1; %2 are free now")
      .arg(sizeText(plan.total()), sizeText(plan.available));
}

QString memoryParts(const MemoryPlan& plan) {
  return Models::tr("Weights %1, context %2, working memory %3")
      .arg(sizeText(plan.weights), sizeText(plan.kvCache), sizeText(plan.scratch));
}

}  // namespace vl
