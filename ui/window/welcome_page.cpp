#include "ui/window/welcome_page.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>

#include "ui/canvas/image_loader.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/thumbnail_button.h"

namespace vl {
namespace {

constexpr int kSampleSide = 112;
constexpr QSize kLogoSize(64, 64);

}  // namespace

WelcomePage::WelcomePage(ImageLoader& loader, const std::vector<QString>& samples, QWidget* parent)
    : QWidget(parent) {
  auto* logo = new QLabel(this);
  logo->setPixmap(QIcon(":/icons/vl2-desk.svg").pixmap(kLogoSize, devicePixelRatioF()));
  logo->setAlignment(Qt::AlignCenter);
  auto* title = new QLabel(tr("Ask about an image"), this);
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.7);
  large.setWeight(QFont::DemiBold);
  title->setFont(large);
  title->setAlignment(Qt::AlignCenter);
  auto* text = new QLabel(tr("Drop an image or a PDF here, paste one, or open a file.\nEverything "
                             "stays on this computer."),
                          this);
  text->setProperty("role", "muted");
  text->setAlignment(Qt::AlignCenter);
  auto* open = new QPushButton(tr("Open images…"), this);
  open->setAccessibleName(tr("Open images"));
  open->setProperty("role", "primary");
  connect(open, &QPushButton::clicked, this, &WelcomePage::openWanted);

  auto* models = new QPushButton(tr("Models…"), this);
  models->setToolTip(tr("Choose or download the model that answers"));
  connect(models, &QPushButton::clicked, this, &WelcomePage::modelsWanted);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 24, 24, 24);
  column->addStretch(3);
  column->addWidget(logo);
  column->addSpacing(14);
  column->addWidget(title);
  column->addSpacing(6);
  column->addWidget(text);
  column->addSpacing(16);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch(1);
  buttons->addWidget(open);
  buttons->addWidget(models);
  buttons->addStretch(1);
  column->addLayout(buttons);
  if (!samples.empty()) {
    auto* caption = new QLabel(tr("Or try a sample"), this);
    caption->setProperty("role", "muted");
    caption->setAlignment(Qt::AlignCenter);
    column->addSpacing(28);
    column->addWidget(caption);
    column->addSpacing(8);
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    row->addStretch(1);
    for (const QString& path : samples) {
      auto* sample = new ThumbnailButton(QFileInfo(path).completeBaseName(), kSampleSide, this);
      connect(sample, &ThumbnailButton::clicked, this, [this, path] { emit samplePicked(path); });
      loader.loadThumbnail(path.toStdString(), sample, [sample](const QImage& thumbnail) {
        thumbnail.isNull() ? sample->setMissing() : sample->setThumbnail(thumbnail);
      });
      row->addWidget(sample);
    }
    row->addStretch(1);
    column->addLayout(row);
  }
  column->addStretch(4);
}

}  // namespace vl
