#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/engine/engine.h"
#include "ui/engine/model_loader.h"

namespace vl::test {

/// What a scripted engine does with one request; runs on the engine's thread.
using Script = std::function<Result<GenerateSummary>(
    const GenerateRequest& request, const GenerateCallbacks& on, const std::stop_token& stop)>;

/// Shared by a test and the engines it scripts. Thread-safe.
class Director {
 public:
  void setScript(Script script);
  Script script() const;
  /// Requests that reached the engine so far.
  std::vector<GenerateRequest> requests() const;
  void addRequest(const GenerateRequest& request);

 private:
  mutable std::mutex mutex_;
  Script script_;
  std::vector<GenerateRequest> requests_;
};

/// Runs the director's script for every request.
class ScriptedEngine final : public Engine {
 public:
  explicit ScriptedEngine(std::shared_ptr<Director> director) : director_(std::move(director)) {}
  Result<GenerateSummary> generate(const GenerateRequest& request, const GenerateCallbacks& on,
                                   const std::stop_token& stop) override;
  std::size_t contextTokens() const override { return 4096; }

 private:
  std::shared_ptr<Director> director_;
};

/// An engine factory, and the backend of a ModelLoader, for the director.
EngineFactory scripted(const std::shared_ptr<Director>& director);
ModelLoader::Backend scriptedBackend(const std::shared_ptr<Director>& director);

/// Blocks until the request is stopped.
void waitForStop(const std::stop_token& stop);

/// A summary of `raw` with its boxes, as an engine would give it.
GenerateSummary summaryOf(const std::string& raw, std::vector<GroundedBox> boxes = {},
                          StopReason reason = StopReason::EndOfSequence);
GroundedBox boxOn(std::size_t image, std::string label, GridBox grid);

/// Says "A <|ref|>dog<|/ref|> with one box." in small pieces, stages and box included.
Result<GenerateSummary> describeWithBox(const GenerateRequest& request, const GenerateCallbacks& on,
                                        const std::stop_token& stop);
/// Says "Partial" and a box, then goes on until it is stopped.
Result<GenerateSummary> writeUntilStopped(const GenerateRequest& request,
                                          const GenerateCallbacks& on, const std::stop_token& stop);

}  // namespace vl::test
