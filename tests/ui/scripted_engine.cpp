#include "tests/ui/scripted_engine.h"

#include <utility>

namespace vl::test {

void Director::setScript(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

Script Director::script() const {
  const std::lock_guard lock(mutex_);
  return script_;
}

std::vector<GenerateRequest> Director::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void Director::addRequest(const GenerateRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
}

Result<GenerateSummary> ScriptedEngine::generate(const GenerateRequest& request,
                                                 const GenerateCallbacks& on,
                                                 const std::stop_token& stop) {
  director_->addRequest(request);
  return director_->script()(request, on, stop);
}

EngineFactory scripted(const std::shared_ptr<Director>& director) {
  return [director](const std::stop_token&) -> Result<std::unique_ptr<Engine>> {
    return std::unique_ptr<Engine>(std::make_unique<ScriptedEngine>(director));
  };
}

ModelLoader::Backend scriptedBackend(const std::shared_ptr<Director>& director) {
  return [director](const std::filesystem::path&, bool) { return scripted(director); };
}

void waitForStop(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
}

GenerateSummary summaryOf(const std::string& raw, std::vector<GroundedBox> boxes,
                          StopReason reason) {
  GenerateSummary summary;
  summary.raw = raw;
  summary.text = raw;
  summary.boxes = std::move(boxes);
  summary.usage = {440, 421, 0, 24};
  summary.timings.firstTokenMs = 1200;
  summary.timings.decodeMs = 4600;
  summary.timings.tiles = 2;
  summary.stopReason = reason;
  summary.seed = 7;
  return summary;
}

GroundedBox boxOn(std::size_t image, std::string label, GridBox grid) {
  GroundedBox box;
  box.label = std::move(label);
  box.image = image;
  box.grid = grid;
  return box;
}

Result<GenerateSummary> describeWithBox(const GenerateRequest&, const GenerateCallbacks& on,
                                        const std::stop_token&) {
  const std::string raw = "A <|ref|>dog<|/ref|><|det|>[[100, 200, 500, 700]]<|/det|> with one box.";
  const GroundedBox box = boxOn(0, "dog", {100, 200, 500, 700});
  on.progress({Stage::DecodeImages, 0, 1});
  for (std::size_t tile = 0; tile < 2; ++tile) on.progress({Stage::EncodeTiles, tile, 2});
  on.progress({Stage::Prefill, 440, 440});
  for (std::size_t i = 0; i < raw.size(); i += 4) {
    on.progress({Stage::Decode, i / 4, 2048});
    on.text(std::string_view(raw).substr(i, 4));
  }
  on.box(box);
  return summaryOf(raw, {box});
}

Result<GenerateSummary> writeUntilStopped(const GenerateRequest&, const GenerateCallbacks& on,
                                          const std::stop_token& stop) {
  const std::string raw = "Partial <|ref|>dog<|/ref|><|det|>[[0, 0, 500, 500]]<|/det|>";
  const GroundedBox box = boxOn(0, "dog", {0, 0, 500, 500});
  on.progress({Stage::Decode, 1, 2048});
  on.text(raw);
  on.box(box);
  waitForStop(stop);
  return summaryOf(raw, {box}, StopReason::Cancelled);
}

}  // namespace vl::test
