#include "ui/models/download_details.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <algorithm>

#include "ui/models/model_download.h"
#include "ui/window/activity_bar.h"
#include "ui/window/notice_bar.h"

namespace vl {
namespace {

QString sourceText(const DownloadManifest& manifest) {
  if (manifest.hub) {
    return DownloadDetails::tr(
               "From %1 (%2). Names, sizes and digests of the files are asked for there, and each "
               "file is checked against them.")
        .arg(manifest.hub->endpoint.host(), manifest.hub->repository);
  }
  return DownloadDetails::tr("From %1. Each file is checked against its SHA-256.")
      .arg(manifest.files.front().url.host());
}

}  // namespace

DownloadDetails::DownloadDetails(QWidget* parent)
    : QWidget(parent),
      title_(new QLabel(this)),
      about_(new QLabel(this)),
      source_(new QLabel(this)),
      licence_(new QLabel(this)),
      summary_(new QLabel(this)),
      accept_(new QCheckBox(tr("I have read the licence and accept it"), this)),
      problem_(new NoticeBar(this)),
      activity_(new ActivityBar(this)),
      start_(new QPushButton(tr("Download"), this)),
      cancel_(new QPushButton(tr("Cancel"), this)) {
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  large.setWeight(QFont::DemiBold);
  title_->setFont(large);
  for (QLabel* label : {title_, about_, source_, summary_}) {
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
  }
  source_->setProperty("role", "muted");
  summary_->setProperty("role", "muted");
  licence_->setTextFormat(Qt::RichText);
  licence_->setOpenExternalLinks(true);
  licence_->setTextInteractionFlags(Qt::TextBrowserInteraction);
  licence_->setAccessibleName(tr("Licence"));
  problem_->hide();
  start_->setProperty("role", "primary");
  start_->setAutoDefault(false);
  cancel_->setAutoDefault(false);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(title_);
  column->addWidget(about_);
  column->addWidget(source_);
  column->addSpacing(12);
  column->addWidget(licence_);
  column->addWidget(summary_);
  column->addWidget(accept_);
  column->addSpacing(12);
  column->addWidget(problem_);
  column->addWidget(activity_);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(start_);
  buttons->addWidget(cancel_);
  buttons->addStretch(1);
  column->addLayout(buttons);
  column->addStretch(1);
  connect(accept_, &QCheckBox::toggled, this, &DownloadDetails::refresh);
  connect(start_, &QPushButton::clicked, this, &DownloadDetails::press);
  connect(cancel_, &QPushButton::clicked, this, [this] {
    if (download_ != nullptr) download_->cancel();
  });
}

void DownloadDetails::setDownload(ModelDownload* download) {
  if (download_ == download) return;
  if (download_ != nullptr) download_->disconnect(this);
  download_ = download;
  if (download_ == nullptr) return;
  connect(download_, &ModelDownload::changed, this, &DownloadDetails::refresh);
  const DownloadManifest& manifest = download_->manifest();
  title_->setText(manifest.title);
  about_->setText(manifest.about);
  source_->setText(sourceText(manifest));
  licence_->setText(
      tr("Licence: %1")
          .arg(QString("<a href=\"%1\">%2</a>")
                   .arg(manifest.licenceUrl.toString(QUrl::FullyEncoded).toHtmlEscaped(),
                        manifest.licenceName.toHtmlEscaped())));
  summary_->setText(manifest.licenceSummary);
  accept_->setChecked(download_->isActive());
  refresh();
}

void DownloadDetails::refresh() {
  if (download_ == nullptr) return;
  const ModelDownload::State state = download_->state();
  const bool active = download_->isActive();
  const bool begun = active || state == ModelDownload::State::Paused || download_->hasParts();
  accept_->setEnabled(!active);
  activity_->setVisible(active || state == ModelDownload::State::Paused);
  const auto total = static_cast<double>(download_->totalBytes());
  const bool counted = state == ModelDownload::State::Fetching && total > 0;
  const QString text = download_->text();
  activity_->setActivity(state == ModelDownload::State::Paused ? tr("Paused: %1").arg(text) : text,
                         counted || state == ModelDownload::State::Paused
                             ? static_cast<double>(download_->doneBytes()) / std::max(total, 1.0)
                             : -1);
  problem_->setVisible(!download_->problem().isEmpty());
  if (!download_->problem().isEmpty()) {
    problem_->setNotice(NoticeBar::Kind::Error, download_->problem());
  }
  start_->setText(active ? tr("Pause") : begun ? tr("Continue") : tr("Download"));
  start_->setEnabled(active || accept_->isChecked());
  cancel_->setVisible(begun);
}

void DownloadDetails::press() {
  if (download_ == nullptr) return;
  if (download_->isActive()) {
    download_->pause();
  } else if (accept_->isChecked()) {
    download_->start();
  }
}

}  // namespace vl
