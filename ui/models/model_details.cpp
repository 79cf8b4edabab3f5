#include "ui/models/model_details.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <algorithm>

#include "ui/models/model_texts.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/window/notice_bar.h"

namespace vl {
namespace {

constexpr int kBarSteps = 1000;

QString weightTypes(const ModelInfo& info) {
  const QString type = QString::fromStdString(info.weightType);
  return info.variant == "custom" ? ModelDetails::tr("Own sizes, %1").arg(type)
                                  : ModelDetails::tr("DeepSeek-VL2 %1, %2")
                                        .arg(QString::fromStdString(info.variant), type);
}

}  // namespace

ModelDetails::ModelDetails(QWidget* parent)
    : QWidget(parent),
      name_(new QLabel(this)),
      folder_(new ElidedLabel(Qt::ElideMiddle, this)),
      trouble_(new NoticeBar(this)),
      facts_(new QWidget(this)),
      form_(new QFormLayout(facts_)) {
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  large.setWeight(QFont::DemiBold);
  name_->setFont(large);
  name_->setTextFormat(Qt::PlainText);
  name_->setWordWrap(true);
  folder_->setProperty("role", "muted");
  trouble_->hide();
  form_->setContentsMargins(0, 0, 0, 0);
  form_->setHorizontalSpacing(18);
  form_->setVerticalSpacing(8);
  type_ = addFact(tr("Type"));
  parameters_ = addFact(tr("Parameters"));
  context_ = addFact(tr("Context"));
  size_ = addFact(tr("On disk"));
  memory_ = addFact(tr("Memory"));
  memoryBar_ = new QProgressBar(facts_);
  memoryBar_->setRange(0, kBarSteps);
  memoryBar_->setTextVisible(false);
  memoryBar_->setAccessibleName(tr("Memory needed, of what is free"));
  form_->addRow(QString(), memoryBar_);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(name_);
  column->addWidget(folder_);
  column->addSpacing(12);
  column->addWidget(trouble_);
  column->addWidget(facts_);
  column->addSpacing(16);
  auto* buttons = new QWidget(this);
  auto* flow = new FlowLayout(8, buttons);
  makeButtons();
  for (QPushButton* button : {load_, convert_, licence_, forget_, delete_}) flow->addWidget(button);
  column->addWidget(buttons);
  column->addStretch(1);
}

void ModelDetails::makeButtons() {
  const auto add = [this](const QString& text) {
    auto* button = new QPushButton(text, this);
    button->setAutoDefault(false);
    return button;
  };
  load_ = add(tr("Load"));
  load_->setProperty("role", "primary");
  convert_ = add(tr("Make smaller"));
  licence_ = add(tr("Licence…"));
  forget_ = add(tr("Take off the list"));
  delete_ = add(tr("Delete from disk…"));
  auto* types = new QMenu(convert_);
  types->addAction(tr("q8_0: half the size of BF16, hardly a difference"), this,
                   [this] { emit convertWanted(WeightType::Q8Panels); });
  types->addAction(tr("q4: a third of BF16, a little less exact"), this,
                   [this] { emit convertWanted(WeightType::Q4Panels); });
  convert_->setMenu(types);
  connect(load_, &QPushButton::clicked, this, [this] {
    switch (use_) {
      case Use::None:
        emit loadWanted();
        return;
      case Use::Loading:
        emit cancelLoadWanted();
        return;
      case Use::Loaded:
        emit unloadWanted();
        return;
    }
  });
  connect(licence_, &QPushButton::clicked, this, &ModelDetails::licenceWanted);
  connect(forget_, &QPushButton::clicked, this, &ModelDetails::forgetWanted);
  connect(delete_, &QPushButton::clicked, this, &ModelDetails::deleteWanted);
}

QLabel* ModelDetails::addFact(const QString& name) {
  auto* caption = new QLabel(name, facts_);
  caption->setProperty("role", "muted");
  auto* value = new QLabel(facts_);
  value->setTextFormat(Qt::PlainText);
  value->setWordWrap(true);
  form_->addRow(caption, value);
  return value;
}

void ModelDetails::setModel(const LibraryModel& model, Use use, bool busy) {
  use_ = use;
  name_->setText(model.name());
  folder_->setFullText(QString::fromStdString(model.folder.string()));
  facts_->setVisible(model.info.has_value());
  trouble_->setVisible(!model.info);
  if (model.info) {
    type_->setText(weightTypes(*model.info));
    parameters_->setText(parametersText(model.info->parameters));
    const auto tokens = static_cast<int>(model.info->config.language.maxPositionEmbeddings);
    context_->setText(tr("%Ln token(s)", nullptr, tokens));
    size_->setText(sizeText(model.info->weightsBytes));
    showMemory(model.info->memory);
  } else {
    trouble_->setNotice(NoticeBar::Kind::Error, QString::fromStdString(model.trouble));
  }
  switch (use) {
    case Use::None:
      load_->setText(tr("Load"));
      break;
    case Use::Loading:
      load_->setText(tr("Stop loading"));
      break;
    case Use::Loaded:
      load_->setText(tr("Unload"));
      break;
  }
  load_->setProperty("role", use == Use::None ? QVariant("primary") : QVariant());
  load_->style()->polish(load_);
  load_->setEnabled(model.info.has_value() || use != Use::None);
  const bool quantised = model.info && model.info->config.quantization.has_value();
  convert_->setVisible(model.info && !quantised);
  convert_->setEnabled(!busy);
  licence_->setVisible(model.licence.has_value());
  forget_->setVisible(model.inAddedFolder);
  delete_->setVisible(!model.bundled);
  delete_->setEnabled(!busy);
}

void ModelDetails::showMemory(const MemoryPlan& plan) {
  memory_->setText(memoryText(plan) + '\n' + memoryParts(plan));
  const double share =
      plan.available == 0 ? 1
                          : static_cast<double>(plan.total()) / static_cast<double>(plan.available);
  memoryBar_->setValue(static_cast<int>(std::min(share, 1.0) * kBarSteps));
  memoryBar_->setProperty("role", plan.fits() ? QVariant() : QVariant("error"));
  memoryBar_->style()->polish(memoryBar_);
}

}  // namespace vl
