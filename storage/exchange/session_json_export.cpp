#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "inference/text/utf8.h"
#include "storage/exchange/base64.h"
#include "storage/exchange/session_json.h"
#include "storage/exchange/session_json_names.h"
#include "storage/exchange/text_file.h"
#include "storage/session_tree.h"
#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

namespace {

using Json = nlohmann::ordered_json;

// A third more in base64: what importSessionJson takes, with room for the text.
constexpr std::uint64_t kMostImageBytes = (3ull << 30) - (256ull << 20);

Json textJson(const std::string& text) {
  if (isValidUtf8(text)) return text;
  return Json{{"base64", toBase64(std::as_bytes(std::span(text)))}};
}

template <typename Value>
Json optionalJson(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json answersJson(const AnswerSettings& answers) {
  const SamplingOptions& sampling = answers.sampling;
  return {{"temperature", sampling.temperature},
          {"topP", sampling.topP},
          {"minP", sampling.minP},
          {"topK", sampling.topK},
          {"repetitionPenalty", sampling.repetitionPenalty},
          {"seed", optionalJson(sampling.seed)},
          {"maxTokens", answers.maxTokens},
          {"contextTokens", optionalJson(answers.contextTokens)},
          {"threads", answers.threads}};
}

Json sessionJson(const SessionTree& tree) {
  const SessionRecord& session = tree.session;
  return {{"title", textJson(session.settings.title)},
          {"modelFolder", textJson(session.settings.modelFolder)},
          {"modelName", textJson(session.settings.modelName)},
          {"systemPrompt", textJson(session.settings.systemPrompt)},
          {"createdMs", ms(session.created)},
          {"updatedMs", ms(session.updated)},
          {"contextStart", optionalJson(tree.contextStart)},
          {"tiling", session.context.tiling},
          {"pinned", session.pinned},
          {"shown", optionalJson(tree.shown)},
          {"folder", tree.folder ? textJson(*tree.folder) : Json(nullptr)},
          {"answers", tree.answers ? answersJson(*tree.answers) : Json(nullptr)}};
}

Json cropsJson(const std::vector<SessionTree::Crop>& crops) {
  Json json = Json::array();
  for (const auto& [image, place] : crops) {
    json.push_back({{"image", image.hex()},
                    {"parent", place.parent.hex()},
                    {"x", place.x},
                    {"y", place.y},
                    {"width", place.width},
                    {"height", place.height}});
  }
  return json;
}

Json boxesJson(const std::vector<GroundedBox>& boxes) {
  Json json = Json::array();
  for (const GroundedBox& box : boxes) {
    json.push_back({{"label", textJson(box.label)},
                    {"image", box.image},
                    {"grid", {box.grid.x1, box.grid.y1, box.grid.x2, box.grid.y2}}});
  }
  return json;
}

Json summaryJson(const AnswerSummary& summary) {
  return {{"end", storedName(summary.end)},
          {"seed", summary.seed},
          {"promptTokens", summary.promptTokens},
          {"imageTokens", summary.imageTokens},
          {"reusedTokens", summary.reusedTokens},
          {"completionTokens", summary.completionTokens},
          {"tiles", summary.tiles},
          {"imageMs", summary.imageMs},
          {"visionMs", summary.visionMs},
          {"prefillMs", summary.prefillMs},
          {"firstTokenMs", summary.firstTokenMs},
          {"decodeMs", summary.decodeMs}};
}

Json messageJson(const SessionTree::Node& node) {
  const StoredMessage& message = node.message;
  Json attachments = Json::array();
  for (const Attachment& attachment : message.attachments) {
    attachments.push_back(
        {{"image", attachment.image.sha256.hex()}, {"fileName", textJson(attachment.fileName)}});
  }
  Json json{{"parent", optionalJson(node.parent)},   {"role", storedName(message.role)},
            {"state", storedName(message.state)},    {"createdMs", ms(message.created)},
            {"raw", textJson(message.raw)},          {"error", textJson(message.error)},
            {"attachments", std::move(attachments)}, {"boxes", boxesJson(message.boxes)}};
  if (node.editedBoxes) json["editedBoxes"] = boxesJson(*node.editedBoxes);
  if (message.summary) json["summary"] = summaryJson(*message.summary);
  return json;
}

Status writeImage(TextFile& out, const SessionStore& store, const ImageRecord& image) {
  const Json facts{{"width", image.size.width},
                   {"height", image.size.height},
                   {"bytes", image.bytes},
                   {"mediaType", textJson(image.mediaType)}};
  std::string text = facts.dump();
  text.pop_back();  // its closing brace
  text += ",\"data\":";
  const Result<std::vector<std::byte>> content = store.readImage(image);
  text += content ? '"' + toBase64(*content) + '"' : "null";
  return out.write('"' + image.sha256.hex() + "\":" + text + '}');
}

}  // namespace

Status exportSessionJson(SessionStore& store, SessionId session, const std::filesystem::path& file,
                         const ExchangeControl& control) {
  const Result<SessionTree> tree = store.loadTree(session);
  if (!tree) return tree.error();
  const std::map<Sha256, ImageRecord> images = imagesOf(*tree);
  std::uint64_t imageBytes = 0;
  for (const auto& [sha256, image] : images) imageBytes += std::min(image.bytes, kMaxImageBytes);
  if (imageBytes > kMostImageBytes) {
    return Error{ErrorCode::Unsupported,
                 "The images of this session are larger than 2816 MiB, the most one file takes."};
  }
  Result<TextFile> out = TextFile::create(file);
  if (!out) return out.error();

  const std::size_t total = tree->messages.size() + images.size();
  std::size_t done = 0;
  const Json head{{"format", kSessionJsonFormat}, {"version", kSessionJsonVersion}};
  std::string text = head.dump();
  text.pop_back();
  text += ",\n\"session\":" + sessionJson(*tree).dump() + ",\n\"messages\":[";
  if (Status written = out->write(text); !written) return written;
  const char* separator = "\n";
  for (const SessionTree::Node& node : tree->messages) {
    if (Status on = control.report(done++, total); !on) return on;
    Status written = out->write(std::exchange(separator, ",\n") + messageJson(node).dump());
    if (!written) return written;
  }
  text = "],\n\"crops\":" + cropsJson(tree->crops).dump() + ",\n\"images\":{";
  if (Status written = out->write(text); !written) return written;
  separator = "\n";
  for (const auto& [sha256, image] : images) {
    if (Status on = control.report(done++, total); !on) return on;
    if (Status written = out->write(std::exchange(separator, ",\n")); !written) return written;
    if (Status written = writeImage(*out, store, image); !written) return written;
  }
  if (Status written = out->write("}}\n"); !written) return written;
  return out->finish();
}

}  // namespace vl
