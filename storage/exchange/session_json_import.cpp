#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "storage/exchange/base64.h"
#include "storage/exchange/json_reader.h"
#include "storage/exchange/session_json.h"
#include "storage/exchange/session_json_names.h"
#include "storage/session_tree.h"
#include "storage/stored_names.h"

namespace vl {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kMaxFileBytes = 4ull << 30;
constexpr std::uint64_t kMaxTextBytes = 512ull << 20;
constexpr int kMaxDepth = 8;  // ours have six

Error damaged(const fs::path& file, const std::string& finding) {
  return {ErrorCode::Corrupt,
          file.string() + " is no session of this app, or is damaged: " + finding + "."};
}

/// Takes the images out of a document while it is parsed, so that only one is in memory.
class ImageTaker {
 public:
  ImageTaker(SessionStore& store, const MeasureImage& measure) : store_(store), measure_(measure) {}

  /// The parser's callback; false: the value is left out of the document.
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (failure_) return false;
    taken_ += sizeof(Json) +
              (parsed.is_string() && !isData_ ? parsed.get_ref<const std::string&>().size() : 0);
    if (taken_ > kMaxTextBytes) fail("its text is larger than 512 MiB");
    if (depth > kMaxDepth) {
      fail("it is nested too deeply");
      return false;
    }
    if (event == Json::parse_event_t::key) {
      if (depth == 1) inImages_ = parsed == "images";
      if (depth == 2) name_ = parsed.get<std::string>();
      isData_ = inImages_ && depth == 3 && parsed == "data";
    } else if (event == Json::parse_event_t::value && isData_ && depth == 3) {
      isData_ = false;
      if (parsed.is_string()) {
        take(parsed.get_ref<const std::string&>());
        parsed = nullptr;
      }
    }
    return true;
  }

  const std::optional<std::string>& failure() const { return failure_; }
  const std::optional<Error>& error() const { return error_; }
  const std::map<std::string, ImageRecord>& images() const { return images_; }

 private:
  void fail(std::string finding) { failure_ = std::move(finding); }

  void take(const std::string& base64) {
    const std::optional<std::vector<std::byte>> content = fromBase64(base64);
    const std::optional<Sha256> name = Sha256::fromHex(name_);
    if (!content || !name) return fail("an image cannot be read");
    const Result<Sha256> digest = Sha256::of(*content);
    if (!digest || *digest != *name) return fail("an image is not the one its name says");
    const Result<ImageSize> size = measure_(*content);
    if (!size) return fail("an image cannot be read: " + size.error().what);
    Result<ImageRecord> record = store_.importImage(*content, *size);
    if (!record) {
      error_ = record.error();
      return fail(error_->what);
    }
    images_.emplace(name_, *record);
  }

  SessionStore& store_;
  const MeasureImage& measure_;
  std::uint64_t taken_ = 0;  // memory of what is not an image, about
  bool inImages_ = false;
  bool isData_ = false;
  std::string name_;                    // of the image that is being read
  std::optional<std::string> failure_;  // what is wrong with the document
  std::optional<Error> error_;          // what is wrong with the store
  std::map<std::string, ImageRecord> images_;
};

/// Turns a parsed document into a session.
class TreeReader {
 public:
  TreeReader(const Json& document, const std::map<std::string, ImageRecord>& images)
      : document_(document), images_(images), reader_(finding_) {}

  SessionTree read() {
    SessionTree tree;
    const Json& messages = reader_.list(document_, "messages");
    for (const Json& message : messages) {
      if (reader_.failed()) break;
      tree.messages.push_back(node(message, tree.messages.size()));
    }
    const Json& session = reader_.member(document_, "session");
    tree.session.settings = {reader_.text(session, "title"), reader_.text(session, "modelFolder"),
                             reader_.text(session, "modelName"),
                             reader_.text(session, "systemPrompt")};
    tree.session.created = reader_.time(session, "createdMs");
    tree.session.updated = reader_.time(session, "updatedMs");
    tree.session.context.tiling = reader_.flag(session, "tiling");
    tree.session.pinned = reader_.flag(session, "pinned");
    tree.contextStart = reader_.place(session, "contextStart", tree.messages.size());
    tree.shown = reader_.place(session, "shown", tree.messages.size());
    readLaterMembers(session, tree);
    return tree;
  }

  const std::optional<std::string>& finding() const { return finding_; }

 private:
  SessionTree::Node node(const Json& json, std::size_t index) {
    SessionTree::Node node;
    node.parent = reader_.place(json, "parent", index);
    StoredMessage& message = node.message;
    message.role = reader_.word(json, "role", &messageRoleFrom);
    message.state = reader_.word(json, "state", &messageStateFrom);
    // nobody goes on writing here
    if (message.state == MessageState::Streaming) message.state = MessageState::Stopped;
    message.created = reader_.time(json, "createdMs");
    message.raw = reader_.text(json, "raw");
    message.error = reader_.text(json, "error");
    for (const Json& attachment : reader_.list(json, "attachments")) {
      message.attachments.push_back(
          {image(reader_.text(attachment, "image")), reader_.text(attachment, "fileName")});
    }
    message.boxes = boxes(json, "boxes");
    if (json.contains("editedBoxes")) {
      if (message.role == MessageRole::User) reader_.fail("boxes of a question are changed");
      node.editedBoxes = boxes(json, "editedBoxes");
    }
    if (const Json& summary = reader_.member(json, "summary"); !summary.is_null()) {
      message.summary = this->summary(summary);
    }
    return node;
  }

  /// One that came with the document, or whose data was gone when the document was written.
  ImageRecord image(const std::string& name) {
    if (const auto found = images_.find(name); found != images_.end()) return found->second;
    const Json& facts = reader_.member(reader_.member(document_, "images"), name.c_str());
    const std::optional<Sha256> sha256 = Sha256::fromHex(name);
    const std::uint64_t width = reader_.count(facts, "width");
    const std::uint64_t height = reader_.count(facts, "height");
    const std::uint64_t bytes = reader_.count(facts, "bytes");
    constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
    if (!sha256 || width < 1 || width > kMost || height < 1 || height > kMost || bytes < 1 ||
        bytes > kMaxImageBytes) {
      reader_.fail("an image has an impossible name or size");
      return {};
    }
    return {*sha256,
            {static_cast<int>(width), static_cast<int>(height)},
            bytes,
            reader_.text(facts, "mediaType")};
  }

  /// What the first files of this format did not have.
  void readLaterMembers(const Json& session, SessionTree& tree) {
    if (!reader_.member(session, "folder").is_null()) {
      tree.folder = reader_.text(session, "folder");
      if (tree.folder->find_first_not_of(' ') == std::string::npos) {
        reader_.fail("its folder has no name");
      }
    }
    const Json& answers = reader_.member(session, "answers");
    if (!answers.is_null()) tree.answers = this->answers(answers);
    if (!reader_.member(document_, "crops").is_null()) tree.crops = crops(tree);
  }

  AnswerSettings answers(const Json& json) {
    AnswerSettings answers;
    SamplingOptions& sampling = answers.sampling;
    sampling.temperature = reader_.number(reader_.member(json, "temperature"));
    sampling.topP = reader_.number(reader_.member(json, "topP"));
    sampling.minP = reader_.number(reader_.member(json, "minP"));
    sampling.topK = reader_.count(json, "topK");
    sampling.repetitionPenalty = reader_.number(reader_.member(json, "repetitionPenalty"));
    if (!reader_.member(json, "seed").is_null()) sampling.seed = reader_.count(json, "seed");
    answers.maxTokens = reader_.count(json, "maxTokens");
    if (!reader_.member(json, "contextTokens").is_null()) {
      answers.contextTokens = reader_.count(json, "contextTokens");
    }
    answers.threads = reader_.count(json, "threads");
    if (!isPossible(answers)) reader_.fail("the settings of its answers are impossible");
    return answers;
  }

  std::vector<SessionTree::Crop> crops(const SessionTree& tree) {
    const std::map<Sha256, ImageRecord> images = imagesOf(tree);
    std::vector<SessionTree::Crop> crops;
    for (const Json& json : reader_.list(document_, "crops")) {
      const std::optional<Sha256> image = Sha256::fromHex(reader_.text(json, "image"));
      const std::optional<Sha256> parent = Sha256::fromHex(reader_.text(json, "parent"));
      const CropPlace place{parent.value_or(Sha256{}), pixels(json, "x"), pixels(json, "y"),
                            pixels(json, "width"), pixels(json, "height")};
      const bool isKnown = image && parent && images.contains(*image) && images.contains(*parent);
      if (!isKnown || !liesIn(place, images.at(*parent).size)) {
        reader_.fail("an image is no part of the one it is said to be of");
        break;
      }
      crops.push_back({*image, place});
    }
    return crops;
  }

  int pixels(const Json& json, const char* name) {
    constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
    const std::uint64_t count = reader_.count(json, name);
    if (count > kMost) reader_.fail(std::string("\"") + name + "\" is too large");
    return static_cast<int>(std::min(count, kMost));
  }

  std::vector<GroundedBox> boxes(const Json& json, const char* name) {
    std::vector<GroundedBox> boxes;
    for (const Json& box : reader_.list(json, name)) boxes.push_back(this->box(box));
    return boxes;
  }

  GroundedBox box(const Json& json) {
    GroundedBox box;
    box.label = reader_.text(json, "label");
    const std::uint64_t image = reader_.count(json, "image");
    if (image > std::numeric_limits<std::int32_t>::max()) reader_.fail("a box is on no image");
    box.image = static_cast<std::size_t>(image);
    const Json& grid = reader_.list(json, "grid");
    if (grid.size() != 4) {
      reader_.fail("a box has not four coordinates");
      return box;
    }
    box.grid = {reader_.number(grid[0]), reader_.number(grid[1]), reader_.number(grid[2]),
                reader_.number(grid[3])};
    for (const double c : {box.grid.x1, box.grid.y1, box.grid.x2, box.grid.y2}) {
      if (!(c >= 0 && c <= 999)) reader_.fail("a box lies outside its image");
    }
    return box;
  }

  AnswerSummary summary(const Json& json) {
    AnswerSummary summary;
    summary.end = reader_.word(json, "end", &answerEndFrom);
    summary.seed = reader_.count(json, "seed");
    summary.promptTokens = reader_.count(json, "promptTokens");
    summary.imageTokens = reader_.count(json, "imageTokens");
    summary.reusedTokens = reader_.count(json, "reusedTokens");
    summary.completionTokens = reader_.count(json, "completionTokens");
    summary.tiles = reader_.count(json, "tiles");
    summary.imageMs = reader_.number(reader_.member(json, "imageMs"));
    summary.visionMs = reader_.number(reader_.member(json, "visionMs"));
    summary.prefillMs = reader_.number(reader_.member(json, "prefillMs"));
    summary.firstTokenMs = reader_.number(reader_.member(json, "firstTokenMs"));
    summary.decodeMs = reader_.number(reader_.member(json, "decodeMs"));
    return summary;
  }

  const Json& document_;
  const std::map<std::string, ImageRecord>& images_;
  std::optional<std::string> finding_;
  JsonReader reader_;
};

Status checkFormat(const fs::path& file, const Json& document) {
  const bool ours = document.is_object() && document.contains("format") &&
                    document["format"] == kSessionJsonFormat && document.contains("version") &&
                    document["version"].is_number_integer();
  if (!ours) return damaged(file, "it does not say that it is one");
  if (document["version"] == kSessionJsonVersion) return {};
  return Error{ErrorCode::Unsupported, file.string() +
                                           " was written by another version of this app (format " +
                                           document["version"].dump() + ", this version reads " +
                                           std::to_string(kSessionJsonVersion) + ")."};
}

}  // namespace

Result<SessionId> importSessionJson(SessionStore& store, const fs::path& file,
                                    const MeasureImage& measure, const ExchangeControl& control) {
  std::error_code failure;
  const std::uintmax_t bytes = fs::file_size(file, failure);
  if (failure) {
    const bool missing = failure == std::errc::no_such_file_or_directory;
    return Error{missing ? ErrorCode::NotFound : ErrorCode::Io,
                 file.string() + " cannot be read: " + failure.message() + "."};
  }
  if (bytes > kMaxFileBytes) {
    return Error{ErrorCode::Unsupported, file.string() + " is larger than 4 GiB."};
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::Io, file.string() + " cannot be read."};

  ImageTaker taker(store, measure);
  Status going;
  const auto callback = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (going && depth <= 3 && event == Json::parse_event_t::value) {
      const auto at = in.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in);
      going = control.report(static_cast<std::size_t>(std::max<std::streamoff>(at, 0)),
                             static_cast<std::size_t>(bytes));
    }
    const bool keep = going && taker(depth, event, parsed);
    if (!keep) in.close();  // the parser meets the end of the file
    return keep;
  };
  const Json document = Json::parse(in, callback, /*allow_exceptions=*/false);
  if (!going) return going.error();
  if (taker.error()) return *taker.error();
  if (taker.failure()) return damaged(file, *taker.failure());
  if (document.is_discarded()) return damaged(file, "it is no JSON");
  if (Status ours = checkFormat(file, document); !ours) return ours.error();
  TreeReader reader(document, taker.images());
  const SessionTree tree = reader.read();
  if (reader.finding()) return damaged(file, *reader.finding());
  return store.insertTree(tree, control.stop);
}

}  // namespace vl
