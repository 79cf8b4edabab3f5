#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/json_text.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/verb.h"
#include "inference/engine/conversation.h"
#include "inference/engine/local_engine.h"
#include "inference/weights/json_file.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostConversationBytes = std::size_t{16} << 20;
constexpr std::uint64_t kDefaultTokens = 24;
constexpr std::uint64_t kMostTokens = std::numeric_limits<std::uint32_t>::max();

Error malformed(const fs::path& path, std::size_t message, const std::string& what) {
  return {ErrorCode::Corrupt,
          path.string() + ": message " + std::to_string(message + 1) + ' ' + what + "."};
}

Result<std::string> textOf(const nlohmann::json& message, const char* key, const fs::path& path,
                           std::size_t index) {
  const auto found = message.find(key);
  if (found == message.end() || !found->is_string()) {
    return malformed(path, index, std::string("has no text \"") + key + '"');
  }
  return found->get<std::string>();
}

/// Image paths are relative to the file's folder.
Result<std::vector<fs::path>> imagesIn(const nlohmann::json& message, const fs::path& path,
                                       std::size_t index) {
  std::vector<fs::path> images;
  const auto found = message.find("images");
  if (found == message.end()) return images;
  if (!found->is_array()) return malformed(path, index, "has \"images\" that is no list");
  for (const nlohmann::json& image : *found) {
    if (!image.is_string()) return malformed(path, index, "has an image that is no path");
    images.push_back(path.parent_path() / image.get<std::string>());
  }
  return images;
}

Result<std::vector<ChatMessage>> readConversation(const fs::path& path) {
  const Result<nlohmann::json> json = readJsonFile(path, kMostConversationBytes);
  if (!json) return json.error();
  if (!json->is_array()) {
    return Error{ErrorCode::Corrupt, path.string() + " holds no list of messages."};
  }
  std::vector<ChatMessage> conversation;
  for (std::size_t i = 0; i < json->size(); ++i) {
    const nlohmann::json& entry = (*json)[i];
    if (!entry.is_object()) return malformed(path, i, "is no object");
    const Result<std::string> role = textOf(entry, "role", path, i);
    if (!role) return role.error();
    const Result<std::string> content = textOf(entry, "content", path, i);
    if (!content) return content.error();
    Result<std::vector<fs::path>> images = imagesIn(entry, path, i);
    if (!images) return images.error();
    Result<ChatMessage> message = upstreamMessage(*role, *content, std::move(*images));
    if (!message) return Error{message.error().code, path.string() + ": " + message.error().what};
    conversation.push_back(std::move(*message));
  }
  return conversation;
}

OrderedJson traceJson(const Trace& trace) {
  OrderedJson crops = OrderedJson::array();
  for (const TileGrid& grid : trace.crops) crops.push_back({grid.columns, grid.rows});
  OrderedJson steps = OrderedJson::array();
  for (const Trace::Step& step : trace.steps) {
    OrderedJson top = OrderedJson::array();
    for (const ScoredToken& token : step.top) {
      top.push_back({{"id", token.id}, {"logit", token.logit}});
    }
    steps.push_back({{"id", step.id}, {"top", std::move(top)}});
  }
  return {{"input_ids", trace.inputIds}, {"crops", std::move(crops)}, {"steps", std::move(steps)}};
}

Outcome runTrace(const Arguments& arguments, Console& console) {
  const std::optional<std::string> file = arguments.value("--conversation");
  if (!file) return {ExitCode::Usage, "--conversation is needed"};
  const Result<std::uint64_t> tokens =
      arguments.count("--max-tokens", kDefaultTokens, 1, kMostTokens);
  if (!tokens) return usageError(tokens.error());
  const Result<std::uint64_t> chunk = arguments.count("--prefill-chunk", 0, 1, kMostTokens);
  if (!chunk) return usageError(chunk.error());
  const Result<std::vector<ChatMessage>> conversation = readConversation(*file);
  if (!conversation) return failure(conversation.error());

  LoadOptions options{.precision = Precision::Exact};
  if (*chunk > 0) options.prefillChunk = *chunk;
  Outcome outcome;
  const LoadedEngine loaded = loadEngine(arguments, console, options, outcome);
  if (!loaded.engine) return outcome;
  console.progress.show("trace", "running the model");
  const Result<Trace> trace =
      loaded.engine->trace(*conversation, *tokens, console.interrupt.token());
  console.progress.clear();
  if (!trace) return failure(trace.error());
  console.out.write(jsonText(traceJson(*trace), arguments.has("--json")));
  return outcome;
}

}  // namespace

const Verb& traceVerb() {
  static const Verb kVerb{
      "trace",
      "",
      0,
      0,
      "Run a conversation step by step, to compare with the official code.",
      "Writes {\"input_ids\", \"crops\", \"steps\"}, indented unless --json is given: the prompt's "
      "tokens, the grid [tiles across, tiles down] of each image, and for each generated token its "
      "id and the five best with their logits. Greedy; does not stop at the end of the sentence; "
      "special tokens and EXIF are treated as the official code does.\n\nA conversation is a JSON "
      "list of {\"role\", \"content\", \"images\"}: roles are \"system\", \"<|User|>\" and "
      "\"<|Assistant|>\", each <image> in the content is the place of the next of the images, "
      "whose paths start at the file's folder. It ends with an assistant message, empty for an "
      "answer from the beginning.",
      withCommonOptions({
          {"--conversation", "C.json", "The conversation."},
          {"--max-tokens", "N",
           "Tokens to generate (default: 24), at most what the context holds."},
          {"--prefill-chunk", "N", "Prompt tokens per pass of the language model."},
          kForceOption,
      }),
      runTrace};
  return kVerb;
}

}  // namespace vl
