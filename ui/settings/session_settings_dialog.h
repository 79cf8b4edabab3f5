#pragma once

#include <QDialog>
#include <cstdint>
#include <optional>
#include <string>

#include "storage/answer_settings.h"

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace vl {

/// How the answers of one session are made: choice of words, seed, lengths, system prompt, threads.
class SessionSettingsDialog final : public QDialog {
  Q_OBJECT
 public:
  struct Values {
    AnswerSettings answers;
    std::string systemPrompt;
  };

  /// `lastSeed`: of the session's last answer.
  SessionSettingsDialog(const Values& values, std::optional<std::uint64_t> lastSeed,
                        QWidget* parent = nullptr);

  Values values() const;

 private:
  void addSampling(QFormLayout* form, std::optional<std::uint64_t> lastSeed);
  void addLengths(QFormLayout* form);
  void showOptions(const SamplingOptions& options);
  SamplingOptions shownOptions() const;
  void showPreset();

  QComboBox* preset_ = nullptr;
  QDoubleSpinBox* temperature_ = nullptr;
  QDoubleSpinBox* topP_ = nullptr;
  QSpinBox* topK_ = nullptr;
  QDoubleSpinBox* penalty_ = nullptr;
  QLineEdit* seed_ = nullptr;
  QSpinBox* maxTokens_ = nullptr;
  QSpinBox* contextTokens_ = nullptr;
  QSpinBox* threads_ = nullptr;
  QPlainTextEdit* systemPrompt_ = nullptr;
  double minP_ = 0;  // has no field; kept as it is
};

}  // namespace vl
