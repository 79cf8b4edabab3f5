#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace vl {

class ImageLoader;

/// What an empty session shows: what to do first, and sample pictures to do it with.
class WelcomePage final : public QWidget {
  Q_OBJECT
 public:
  WelcomePage(ImageLoader& loader, const std::vector<QString>& samples, QWidget* parent = nullptr);

 signals:
  void openWanted();
  void modelsWanted();
  void samplePicked(const QString& path);
};

}  // namespace vl
