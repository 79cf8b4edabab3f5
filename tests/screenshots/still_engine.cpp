#include "tests/screenshots/still_engine.h"

#include <memory>
#include <utility>

#include "inference/engine/local_engine.h"

namespace vl {
namespace {

class StillEngine final : public Engine {
 public:
  explicit StillEngine(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  Result<GenerateSummary> generate(const GenerateRequest& request, const GenerateCallbacks& on,
                                   const std::stop_token& stop) override {
    GenerateRequest greedy = request;
    greedy.sampling.temperature = 0;
    greedy.sampling.seed = 1;
    Result<GenerateSummary> summary = engine_->generate(greedy, on, stop);
    if (!summary) return summary;
    // as measured once with two threads of a Zen 5 server processor
    GenerateTimings& timings = summary->timings;
    timings.imageMs = 6;
    timings.visionMs = 180;
    timings.prefillMs = 60;
    timings.firstTokenMs = 250;
    timings.decodeMs = static_cast<double>(summary->usage.completionTokens) / 1.8;
    return summary;
  }

  std::size_t contextTokens() const override { return engine_->contextTokens(); }

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace

ModelLoader::Backend stillBackend() {
  return [](const std::filesystem::path& folder, bool) -> EngineFactory {
    return [folder](const std::stop_token& stop) -> Result<std::unique_ptr<Engine>> {
      LoadOptions options;
      options.folder = folder;
      options.force = true;
      auto engine = LocalEngine::load(options, stop);
      if (!engine) return engine.error();
      return std::unique_ptr<Engine>(std::make_unique<StillEngine>(std::move(*engine)));
    };
  };
}

}  // namespace vl
