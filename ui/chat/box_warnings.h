#pragma once

#include <QFrame>
#include <string>
#include <vector>

class QLabel;

namespace vl {

/// Lists what of an answer's boxes could not be read, with what the model wrote one click away.
class BoxWarnings final : public QFrame {
  Q_OBJECT
 public:
  explicit BoxWarnings(QWidget* parent = nullptr);

  /// `raw` is the answer as the model wrote it. Hides itself when there is nothing to say.
  void setWarnings(const std::vector<std::string>& warnings, const std::string& raw);
  int heightFor(int width) const;

 private:
  void showRaw();

  QLabel* text_;
  std::string raw_;
};

}  // namespace vl
