#include "ui/settings/session_settings_dialog.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QValidator>
#include <algorithm>

#include "ui/settings/sampling_presets.h"

namespace vl {
namespace {

constexpr int kMostTokens = 1 << 20;
constexpr int kMostThreads = 1024;
constexpr int kMostChoices = 1000;
constexpr int kPromptLines = 4;

template <typename Field, typename Value>
Field* addField(QFormLayout* form, const QString& name, Value least, Value most,
                const QString& hint) {
  auto* field = new Field(form->parentWidget());
  field->setRange(least, most);
  field->setAccessibleName(name);
  field->setToolTip(hint);
  form->addRow(name, field);
  return field;
}

/// Lets through what fits 64 bits: a longer number would count as none.
class SeedValidator final : public QValidator {
 public:
  using QValidator::QValidator;
  State validate(QString& text, int& /*cursor*/) const override {
    const bool digits = std::all_of(text.begin(), text.end(),
                                    [](QChar letter) { return letter >= '0' && letter <= '9'; });
    bool fits = false;
    text.toULongLong(&fits);
    return text.isEmpty() || (digits && fits) ? Acceptable : Invalid;
  }
};

int shownTokens(std::uint64_t tokens) {
  return static_cast<int>(std::min(tokens, std::uint64_t{kMostTokens}));
}

}  // namespace

SessionSettingsDialog::SessionSettingsDialog(const Values& values,
                                             std::optional<std::uint64_t> lastSeed, QWidget* parent)
    : QDialog(parent), minP_(values.answers.sampling.minP) {
  setWindowTitle(tr("Session settings"));
  auto* page = new QWidget(this);
  auto* form = new QFormLayout(page);
  form->setContentsMargins(0, 0, 0, 0);
  form->setHorizontalSpacing(18);
  form->setVerticalSpacing(8);
  addSampling(form, lastSeed);
  addLengths(form);

  systemPrompt_ = new QPlainTextEdit(QString::fromStdString(values.systemPrompt), page);
  systemPrompt_->setAccessibleName(tr("System prompt"));
  systemPrompt_->setPlaceholderText(tr("None, as the model was trained"));
  systemPrompt_->setTabChangesFocus(true);
  systemPrompt_->setFixedHeight(systemPrompt_->fontMetrics().lineSpacing() * kPromptLines + 16);
  form->addRow(tr("System prompt"), systemPrompt_);
  threads_ = addField<QSpinBox>(form, tr("Threads"), 0, kMostThreads,
                                tr("Processors that the model uses in this session"));
  threads_->setSpecialValueText(tr("As many as there are"));
  threads_->setValue(static_cast<int>(values.answers.threads));

  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 20, 20, 16);
  column->setSpacing(16);
  column->addWidget(page);
  column->addWidget(buttons);
  setMinimumWidth(480);

  showOptions(values.answers.sampling);
  maxTokens_->setValue(shownTokens(values.answers.maxTokens));
  contextTokens_->setValue(shownTokens(values.answers.contextTokens.value_or(0)));
}

void SessionSettingsDialog::addSampling(QFormLayout* form, std::optional<std::uint64_t> lastSeed) {
  preset_ = new QComboBox(form->parentWidget());
  preset_->addItem(tr("Exact: the same answer every time"));
  preset_->addItem(tr("Demo: as in the publisher's demo"));
  preset_->addItem(tr("Custom"));
  preset_->setAccessibleName(tr("Choice of words"));
  form->addRow(tr("Choice of words"), preset_);
  temperature_ = addField<QDoubleSpinBox>(form, tr("Temperature"), 0.0, 2.0,
                                          tr("0: always the likeliest word"));
  topP_ = addField<QDoubleSpinBox>(form, tr("Top-p"), 0.0, 1.0,
                                   tr("Only the likeliest words that make up this share"));
  topK_ = addField<QSpinBox>(form, tr("Top-k"), 0, kMostChoices,
                             tr("Only this many of the likeliest words"));
  topK_->setSpecialValueText(tr("Off"));
  penalty_ = addField<QDoubleSpinBox>(form, tr("Repetition penalty"), 0.5, 2.0,
                                      tr("Above 1: what was said before becomes less likely"));

  seed_ = new QLineEdit(form->parentWidget());
  seed_->setObjectName("seed");
  seed_->setAccessibleName(tr("Seed"));
  seed_->setPlaceholderText(tr("Another one each time"));
  seed_->setValidator(new SeedValidator(seed_));
  auto* last = new QPushButton(tr("Of the last answer"), form->parentWidget());
  last->setAutoDefault(false);
  last->setEnabled(lastSeed.has_value());
  connect(last, &QPushButton::clicked, this,
          [this, lastSeed] { seed_->setText(QString::number(*lastSeed)); });
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(seed_, 1);
  row->addWidget(last);
  form->addRow(tr("Seed"), row);

  connect(preset_, &QComboBox::activated, this, [this](int index) {
    const auto preset = static_cast<SamplingPreset>(index);
    if (preset == SamplingPreset::Custom) return;
    SamplingOptions options = presetOptions(preset);
    options.seed = shownOptions().seed;
    showOptions(options);
  });
  for (QDoubleSpinBox* field : {temperature_, topP_, penalty_}) {
    field->setSingleStep(0.05);
    connect(field, &QDoubleSpinBox::valueChanged, this, &SessionSettingsDialog::showPreset);
  }
  connect(topK_, &QSpinBox::valueChanged, this, &SessionSettingsDialog::showPreset);
}

void SessionSettingsDialog::addLengths(QFormLayout* form) {
  maxTokens_ = addField<QSpinBox>(form, tr("Longest answer"), 1, kMostTokens,
                                  tr("An answer is cut off there; it can be continued"));
  maxTokens_->setSuffix(tr(" tokens"));
  contextTokens_ =
      addField<QSpinBox>(form, tr("Context"), 0, kMostTokens,
                         tr("What questions, images and answers may take together at most"));
  contextTokens_->setSpecialValueText(tr("All the model has"));
  contextTokens_->setSuffix(tr(" tokens"));
  contextTokens_->setSingleStep(512);
  for (QSpinBox* length : {maxTokens_, contextTokens_}) length->setGroupSeparatorShown(true);
}

void SessionSettingsDialog::showOptions(const SamplingOptions& options) {
  const QSignalBlocker temperature(temperature_);
  const QSignalBlocker topP(topP_);
  const QSignalBlocker topK(topK_);
  const QSignalBlocker penalty(penalty_);
  temperature_->setValue(options.temperature);
  topP_->setValue(options.topP);
  topK_->setValue(static_cast<int>(std::min(options.topK, std::size_t{kMostChoices})));
  penalty_->setValue(options.repetitionPenalty);
  seed_->setText(options.seed ? QString::number(*options.seed) : QString());
  showPreset();
}

SamplingOptions SessionSettingsDialog::shownOptions() const {
  SamplingOptions options;
  options.temperature = temperature_->value();
  options.topP = topP_->value();
  options.minP = minP_;
  options.topK = static_cast<std::size_t>(topK_->value());
  options.repetitionPenalty = penalty_->value();
  bool isNumber = false;
  const quint64 seed = seed_->text().toULongLong(&isNumber);
  if (isNumber) options.seed = seed;
  return options;
}

void SessionSettingsDialog::showPreset() {
  preset_->setCurrentIndex(static_cast<int>(presetOf(shownOptions())));
  const bool draws = temperature_->value() > 0;  // otherwise nothing else has an effect
  for (QWidget* field : {static_cast<QWidget*>(topP_), static_cast<QWidget*>(topK_),
                         static_cast<QWidget*>(penalty_), static_cast<QWidget*>(seed_)}) {
    field->setEnabled(draws);
  }
}

SessionSettingsDialog::Values SessionSettingsDialog::values() const {
  Values values;
  values.answers.sampling = shownOptions();
  values.answers.maxTokens = static_cast<std::uint64_t>(maxTokens_->value());
  if (contextTokens_->value() > 0) {
    values.answers.contextTokens = static_cast<std::uint64_t>(contextTokens_->value());
  }
  values.systemPrompt = systemPrompt_->toPlainText().trimmed().toStdString();
  values.answers.threads = static_cast<std::uint64_t>(threads_->value());
  return values;
}

}  // namespace vl
