#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "inference/text/grounding_parser.h"
#include "inference/text/markdown.h"
#include "storage/exchange/session_documents.h"
#include "storage/exchange/session_images.h"
#include "storage/exchange/shown_session.h"
#include "storage/exchange/text_file.h"

namespace vl {

namespace fs = std::filesystem;

namespace {

/// Plain text on one line of Markdown.
std::string escaped(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return escapedMarkdown(text);
}

/// Keeps only what needs no escaping in a link.
std::string asLink(const std::string& path) {
  std::string link;
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '/';
    if (plain) {
      link += c;
    } else {
      link += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return link;
}

std::string extensionOf(const std::string& mediaType) {
  static const std::map<std::string, std::string> kExtensions = {
      {"image/png", ".png"},   {"image/jpeg", ".jpg"}, {"image/webp", ".webp"},
      {"image/tiff", ".tiff"}, {"image/bmp", ".bmp"},  {"image/gif", ".gif"}};
  const auto found = kExtensions.find(mediaType);
  return found == kExtensions.end() ? "" : found->second;
}

/// A folder that is removed again unless it is kept.
class NewFolder {
 public:
  /// Under this name, or this name with a number: never one that exists. Error: Io.
  static Result<NewFolder> create(const fs::path& wanted) {
    for (int number = 1; number <= 10'000; ++number) {
      fs::path path = wanted;
      if (number > 1) path += '-' + std::to_string(number);
      std::error_code failure;
      if (fs::create_directory(path, failure)) return NewFolder(std::move(path));
      if (failure && failure != std::errc::file_exists) {
        return Error{ErrorCode::Io, path.string() + ": " + failure.message() + "."};
      }
    }
    return Error{ErrorCode::Io, wanted.string() + " and 10000 others are there already."};
  }

  NewFolder(NewFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  explicit NewFolder(fs::path path) : path_(std::move(path)) {}

  fs::path path_;  // empty once it is kept
};

class MarkdownExport {
 public:
  MarkdownExport(SessionStore& store, const StoredSession& session, fs::path file)
      : store_(store),
        session_(session),
        file_(std::move(file)),
        images_(imagesOf(session.messages)) {}

  Status run(const ExchangeControl& control) {
    std::string text = "# " + escaped(session_.session.settings.title) + "\n";
    const std::size_t total = session_.messages.size() + images_.size();
    for (std::size_t i = 0; i < images_.size(); ++i) {
      if (Status on = control.report(i, total); !on) return on;
      if (Status copied = copyImage(i); !copied) return copied;
    }
    std::size_t firstImage = 0;
    for (std::size_t i = 0; i < session_.messages.size(); ++i) {
      if (Status on = control.report(images_.size() + i, total); !on) return on;
      const StoredMessage& message = session_.messages[i];
      text += message.role == MessageRole::User ? question(message, firstImage) : answer(message);
      firstImage += message.attachments.size();
    }
    Result<TextFile> out = TextFile::create(file_);
    if (!out) return out.error();
    if (Status written = out->write(text); !written) return written;
    Status finished = out->finish();
    if (finished && folder_) folder_->keep();
    return finished;
  }

 private:
  /// Numbered, so that two of the same name do not meet.
  Status copyImage(std::size_t index) {
    const auto& [image, fileName] = images_[index];
    names_.emplace_back();
    const Result<std::vector<std::byte>> content = store_.readImage(image);
    if (!content) return {};  // named in the text as missing
    std::string name = fileNameFor(fileName);
    const std::string extension = extensionOf(image.mediaType);
    if (!extension.empty()) name = fs::path(name).stem().string() + extension;
    if (Status made = makeFolder(); !made) return made;
    name = std::to_string(index + 1) + '-' + name;
    names_.back() = folder_->path().filename() / name;
    Result<IncomingFile> out = IncomingFile::create(folder_->path(), IncomingFile::Use::Export);
    if (!out) return out.error();
    if (Status written = out->write(*content); !written) return written;
    return out->moveTo(folder_->path() / name);
  }

  Status makeFolder() {
    if (folder_) return {};
    Result<NewFolder> made =
        NewFolder::create(file_.parent_path() / (file_.stem().string() + "-images"));
    if (!made) return made.error();
    folder_.emplace(std::move(*made));
    return {};
  }

  std::string question(const StoredMessage& message, std::size_t firstImage) const {
    std::string text = "\n## Question\n\n";
    for (std::size_t i = 0; i < message.attachments.size(); ++i) {
      const std::string& name = names_[firstImage + i];
      const std::string shown = escaped(message.attachments[i].fileName);
      text += name.empty() ? "*The image " + shown + " is missing.*\n\n"
                           : "![" + shown + "](" + asLink(name) + ")\n\n";
    }
    return text + parseGrounding(message.raw).displayText() + '\n';
  }

  std::string answer(const StoredMessage& message) const {
    std::string text = "\n## Answer\n\n" + parseGrounding(message.raw).displayText() + '\n';
    if (!message.error.empty()) text += "\n*" + escaped(message.error) + "*\n";
    if (message.boxes.empty()) return text;
    text += "\n| box | image | x1 | y1 | x2 | y2 |\n| --- | --- | --- | --- | --- | --- |\n";
    for (const GroundedBox& box : message.boxes) {
      text += "| " + escaped(box.label) + " | " + std::to_string(box.image + 1);
      for (const double c : {box.pixels.x1, box.pixels.y1, box.pixels.x2, box.pixels.y2}) {
        text += " | " + std::to_string(std::llround(c));
      }
      text += " |\n";
    }
    return text;
  }

  SessionStore& store_;
  const StoredSession& session_;
  fs::path file_;
  std::vector<Attachment> images_;
  std::optional<NewFolder> folder_;  // none before the first image
  std::vector<std::string> names_;   // links, one per image; empty: its file is missing
};

}  // namespace

Status exportSessionMarkdown(SessionStore& store, SessionId session, const fs::path& file,
                             const ExchangeControl& control) {
  const Result<StoredSession> loaded = loadAsShown(store, session);
  if (!loaded) return loaded.error();
  return MarkdownExport(store, *loaded, file).run(control);
}

}  // namespace vl
