#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "inference/engine/conversation.h"
#include "inference/engine/local_engine.h"
#include "tests/support/golden.h"

namespace vl::test {

inline std::filesystem::path checkpoint(const std::string& name) {
  return modelData() / "checkpoints" / name;
}
inline std::filesystem::path picture(const std::string& name) {
  return modelData() / "goldens/images" / name;
}

/// A folder for one test, removed with its content.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "vl-engine-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no folder for the test";
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A micro checkpoint, loaded; a failure fails the test.
inline std::unique_ptr<LocalEngine> loadEngine(const std::string& name,
                                               std::size_t prefillChunk = 512) {
  Result<std::unique_ptr<LocalEngine>> engine = LocalEngine::load({.folder = checkpoint(name),
                                                                   .threads = 2,
                                                                   .prefillChunk = prefillChunk,
                                                                   .precision = Precision::Exact});
  if (!engine) {
    ADD_FAILURE() << engine.error().what;
    return nullptr;
  }
  return std::move(engine).value();
}

/// Greedy, so that two runs can be compared.
inline GenerateRequest greedyRequest(std::vector<ChatMessage> conversation,
                                     std::size_t maxTokens = 8) {
  GenerateRequest request;
  request.conversation = std::move(conversation);
  request.sampling.temperature = 0;
  request.maxTokens = maxTokens;
  return request;
}

/// Callbacks that write down what they are told.
struct Recorder {
  std::vector<StageProgress> progress;
  std::string text;
  std::vector<GroundedBox> boxes;
  GenerateCallbacks callbacks() {
    return {.progress = [this](const StageProgress& p) { progress.push_back(p); },
            .text = [this](std::string_view utf8) { text += utf8; },
            .box = [this](const GroundedBox& box) { boxes.push_back(box); }};
  }
};

}  // namespace vl::test
