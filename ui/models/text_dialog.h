#pragma once

#include <QDialog>
#include <QString>
#include <filesystem>

namespace vl {

/// Shows the text of a file that came with a model, as it is.
class TextDialog final : public QDialog {
  Q_OBJECT
 public:
  TextDialog(const QString& title, const std::filesystem::path& file, QWidget* parent = nullptr);
};

}  // namespace vl
