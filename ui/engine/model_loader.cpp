#include "ui/engine/model_loader.h"

#include <utility>

namespace vl {

ModelLoader::ModelLoader(EngineThread& engine, Backend backend, QObject* parent)
    : QObject(parent), engine_(engine), backend_(std::move(backend)) {
  connect(&engine_, &EngineThread::loaded, this, [this] { ended(State::Ready, std::nullopt); });
  connect(&engine_, &EngineThread::loadFailed, this,
          [this](const Error& error) { ended(State::Failed, error); });
}

void ModelLoader::ended(State state, std::optional<Error> error) {
  if (--pending_ > 0) return;  // another folder was chosen meanwhile
  if (folder_.empty()) {
    setState(State::NoModel);
    return;
  }
  error_ = std::move(error);
  setState(state);
}

void ModelLoader::load(const std::filesystem::path& folder) {
  folder_ = folder;
  loadAgain(false);
}

void ModelLoader::loadAgain(bool force) {
  error_.reset();
  setState(State::Loading);
  lastLoad_.request_stop();
  ++pending_;
  lastLoad_ = engine_.load(backend_(folder_, force));
}

void ModelLoader::cancel() {
  if (state_ == State::Loading) unload();  // which also helps when it was loaded just now
}

void ModelLoader::unload() {
  folder_.clear();
  lastLoad_.request_stop();
  ++pending_;
  lastLoad_ = engine_.load([](const std::stop_token&) -> Result<std::unique_ptr<Engine>> {
    return Error{ErrorCode::NotFound, ModelLoader::tr("No model is loaded.").toStdString()};
  });
  setState(State::NoModel);
}

QString ModelLoader::name() const {
  const std::filesystem::path& named = folder_.has_filename() ? folder_ : folder_.parent_path();
  return QString::fromStdString(named.filename().string());
}

void ModelLoader::setState(State state) {
  state_ = state;
  emit stateChanged();
}

}  // namespace vl
