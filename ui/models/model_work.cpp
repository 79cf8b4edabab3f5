#include "ui/models/model_work.h"

#include <cassert>
#include <exception>
#include <system_error>
#include <utility>

#include "inference/kernels/compute.h"
#include "inference/weights/convert.h"
#include "ui/models/model_files.h"

namespace vl {
namespace {

constexpr int kLookMs = 100;

}  // namespace

ModelWork::ModelWork(QObject* parent) : QObject(parent) {
  look_.setInterval(kLookMs);
  connect(&look_, &QTimer::timeout, this, &ModelWork::changed);
}

ModelWork::~ModelWork() { stop_.request_stop(); }

void ModelWork::begin(const QString& text, Job job) {
  assert(!running_);
  text_ = text;
  running_ = true;
  done_ = -1;
  stop_ = std::stop_source();
  look_.start();
  thread_ = std::jthread([this, job = std::move(job), stop = stop_.get_token()] {
    Status outcome;
    try {
      outcome = job([this](double share) { done_ = share; }, stop);
    } catch (const std::exception& thrown) {  // a worker loop: no memory
      outcome = Error{ErrorCode::Internal,
                      tr("It stopped unexpectedly: %1").arg(thrown.what()).toStdString()};
    }
    QMetaObject::invokeMethod(
        this, [this, outcome] { finished(outcome); }, Qt::QueuedConnection);
  });
  emit changed();
}

void ModelWork::finished(const Status& outcome) {
  thread_.join();
  running_ = false;
  look_.stop();
  const bool failed = !outcome && outcome.error().code != ErrorCode::Cancelled;
  emit changed();
  emit ended(failed ? QString::fromStdString(outcome.error().what) : QString());
}

ModelWork::Job convertJob(const std::filesystem::path& source,
                          const std::filesystem::path& destination, WeightType type) {
  return [=](const ModelWork::Progress& progress, const std::stop_token& stop) -> Status {
    std::error_code error;
    std::filesystem::create_directories(destination.parent_path(), error);
    if (error) {
      return Error{ErrorCode::Io, destination.parent_path().string() +
                                      " could not be created: " + error.message() + "."};
    }
    Compute compute(availableCpus());
    return convertCheckpoint(
        source, destination, type, compute,
        [&](std::size_t done, std::size_t total) {
          if (total > 0) progress(static_cast<double>(done) / static_cast<double>(total));
        },
        stop);
  };
}

ModelWork::Job deleteJob(const std::filesystem::path& folder) {
  return [folder](const ModelWork::Progress&, const std::stop_token& stop) {
    return deleteModelFiles(folder, stop);
  };
}

}  // namespace vl
