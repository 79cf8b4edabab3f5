#pragma once

#include <QObject>
#include <QString>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>

#include "ui/engine/engine_thread.h"

namespace vl {

/// Which model is loaded, being loaded or why none is. GUI thread.
class ModelLoader final : public QObject {
  Q_OBJECT
 public:
  enum class State { NoModel, Loading, Ready, Failed };

  /// Makes the factory of an engine for a checkpoint folder; with `force` also when the memory plan
  /// does not fit.
  using Backend = std::function<EngineFactory(const std::filesystem::path& folder, bool force)>;

  ModelLoader(EngineThread& engine, Backend backend, QObject* parent = nullptr);

  void load(const std::filesystem::path& folder);
  /// The same folder again; `force` after a refusal for lack of memory.
  void loadAgain(bool force);
  /// Stops loading, or waiting for an answer to end before: there is no model then.
  void cancel();
  /// Gives the model's memory back, once what it is answering has ended.
  void unload();

  State state() const { return state_; }
  const std::filesystem::path& folder() const { return folder_; }
  QString name() const;
  /// Why there is no model. Requires state() Failed.
  const Error& error() const { return *error_; }

 signals:
  void stateChanged();

 private:
  void setState(State state);
  void ended(State state, std::optional<Error> error);

  EngineThread& engine_;
  Backend backend_;
  std::filesystem::path folder_;
  State state_ = State::NoModel;
  std::optional<Error> error_;
  int pending_ = 0;            // loads and unloads without an outcome yet; only the last one counts
  std::stop_source lastLoad_;  // of the last load
};

}  // namespace vl
