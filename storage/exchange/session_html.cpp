#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "inference/text/grounding_parser.h"
#include "inference/text/utf8.h"
#include "storage/exchange/base64.h"
#include "storage/exchange/markdown_html.h"
#include "storage/exchange/session_documents.h"
#include "storage/exchange/session_images.h"
#include "storage/exchange/shown_session.h"
#include "storage/exchange/text_file.h"

namespace vl {

namespace {

// Okabe-Ito, as in the window
constexpr std::array<const char*, 7> kColours = {"#e69f00", "#56b4e9", "#009e73", "#cc79a7",
                                                 "#f0e442", "#d55e00", "#0072b2"};

constexpr const char* kHead = R"html(<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
.question { background: #8aa4e022; border-radius: 14px; padding: 0.6rem 1rem; margin: 2rem 0 1rem; }
.question p { white-space: pre-wrap; margin: 0.4rem 0; }
figure { margin: 0.8rem 0; } figure svg { max-width: 100%; max-height: 30rem; height: auto; }
figcaption, .error { font-size: 0.85rem; opacity: 0.75; }
rect { fill: none; stroke-width: 3; vector-effect: non-scaling-stroke; }
mark { color: inherit; background: none; border-bottom: 3px solid; }
table { border-collapse: collapse; } td, th { border: 1px solid #8888; padding: 0.2rem 0.6rem; }
pre { background: #8882; padding: 0.7rem; border-radius: 8px; overflow-x: auto; }
)html";

/// Marks in Markdown that no reader sees: noncharacters, which valid text does not hold.
constexpr std::string_view kOpen = "\xef\xb7\x90", kNamed = "\xef\xb7\x91", kClose = "\xef\xb7\x92";

void removeAll(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at)) {
    text.erase(at, what.size());
  }
}

void replaceAll(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

class HtmlExport {
 public:
  HtmlExport(SessionStore& store, const StoredSession& session)
      : store_(store), session_(session), images_(imagesOf(session.messages)) {}

  Status run(TextFile& out, const ExchangeControl& control) {
    std::string head = kHead;
    for (std::size_t i = 0; i < kColours.size(); ++i) {
      const std::string name = "b" + std::to_string(i);
      head.append("mark.").append(name).append(" { border-color: ").append(kColours[i]);
      head.append("; } rect.").append(name).append(" { stroke: ").append(kColours[i]);
      head.append("; }\n");
    }
    const std::string title = htmlEscaped(toValidUtf8(session_.session.settings.title));
    head += "</style><title>" + title + "</title></head><body>\n<h1>" + title + "</h1>\n";
    if (Status written = out.write(head); !written) return written;

    const std::size_t total = session_.messages.size() + images_.size();
    if (Status written = writeImages(out, control, total); !written) return written;
    std::size_t firstImage = 0;
    for (std::size_t i = 0; i < session_.messages.size(); ++i) {
      if (Status on = control.report(images_.size() + i, total); !on) return on;
      const StoredMessage& message = session_.messages[i];
      const bool asked = message.role == MessageRole::User;
      if (Status written = out.write(asked ? question(message, firstImage) : answer(message));
          !written) {
        return written;
      }
      firstImage += message.attachments.size();
    }
    return out.write("</body></html>\n");
  }

 private:
  /// Each once, to be used where it is shown.
  Status writeImages(TextFile& out, const ExchangeControl& control, std::size_t total) {
    if (Status begun =
            out.write("<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs>\n");
        !begun) {
      return begun;
    }
    for (std::size_t i = 0; i < images_.size(); ++i) {
      if (Status on = control.report(i, total); !on) return on;
      const ImageRecord& image = images_[i].image;
      const auto [known, isNew] = numbers_.emplace(image.sha256, i);
      if (!isNew) continue;
      const Result<std::vector<std::byte>> content = store_.readImage(image);
      if (!content) {
        missing_.insert(image.sha256);
        continue;
      }
      Status written = out.write("<image id=\"image" + std::to_string(i) + "\" width=\"" +
                                 std::to_string(image.size.width) + "\" height=\"" +
                                 std::to_string(image.size.height) +
                                 "\" href=\"data:" + htmlEscaped(image.mediaType) + ";base64," +
                                 toBase64(*content) + "\"/>\n");
      if (!written) return written;
    }
    return out.write("</defs></svg>\n");
  }

  std::string question(const StoredMessage& message, std::size_t firstImage) {
    std::string html = "<section class=\"question\">\n";
    for (std::size_t i = 0; i < message.attachments.size(); ++i) html += figure(firstImage + i, {});
    const std::string text = toValidUtf8(parseGrounding(message.raw).displayText());
    return html + "<p>" + htmlEscaped(text) + "</p>\n</section>\n";
  }

  std::string answer(const StoredMessage& message) {
    std::string markdown;
    for (const GroundedSpan& span : parseGrounding(message.raw).spans) {
      std::string text = span.text;
      for (const std::string_view mark : {kOpen, kNamed, kClose}) removeAll(text, mark);
      if (!span.isPhrase) {
        markdown += text;
        continue;
      }
      markdown += std::string(kOpen) + std::to_string(colourOf(span.text)) + std::string(kNamed) +
                  text + std::string(kClose);
    }
    // without quotation marks, so that none can end an attribute where a phrase stands in one
    std::string html = htmlOfMarkdown(markdown);
    replaceAll(html, kOpen, "<mark class=b");
    replaceAll(html, kNamed, ">");
    replaceAll(html, kClose, "</mark>");
    html = "<section class=\"answer\">\n" + html;
    for (std::size_t i = 0; i < images_.size(); ++i) {
      std::vector<const GroundedBox*> boxes;
      for (const GroundedBox& box : message.boxes) {
        if (box.image == i) boxes.push_back(&box);
      }
      if (!boxes.empty()) html += figure(i, boxes);
    }
    if (!message.error.empty()) {
      html += "<p class=\"error\">" + htmlEscaped(toValidUtf8(message.error)) + "</p>\n";
    }
    return html + "</section>\n";
  }

  std::string figure(std::size_t index, const std::vector<const GroundedBox*>& boxes) {
    const auto& [image, fileName] = images_[index];
    const std::string name = htmlEscaped(toValidUtf8(fileName));
    if (missing_.contains(image.sha256)) {
      return "<p class=\"error\">The image " + name + " is missing.</p>\n";
    }
    const std::string size =
        std::to_string(image.size.width) + ' ' + std::to_string(image.size.height);
    std::string html = "<figure><svg role=\"img\" aria-label=\"" + name + "\" width=\"" +
                       std::to_string(image.size.width) + "\" viewBox=\"0 0 " + size +
                       "\"><use href=\"#image" + std::to_string(numbers_.at(image.sha256)) + "\"/>";
    for (const GroundedBox* box : boxes) {
      const PixelBox& p = box->pixels;
      html += "<rect class=\"b" + std::to_string(colourOf(box->label)) + "\" x=\"" +
              std::to_string(p.x1) + "\" y=\"" + std::to_string(p.y1) + "\" width=\"" +
              std::to_string(p.x2 - p.x1) + "\" height=\"" + std::to_string(p.y2 - p.y1) +
              "\"><title>" + htmlEscaped(toValidUtf8(box->label)) + "</title></rect>";
    }
    return html + "</svg><figcaption>" + name + "</figcaption></figure>\n";
  }

  std::size_t colourOf(const std::string& label) {
    return colours_.emplace(label, colours_.size()).first->second % kColours.size();
  }

  SessionStore& store_;
  const StoredSession& session_;
  std::vector<Attachment> images_;
  std::map<Sha256, std::size_t> numbers_;  // where each image stands first
  std::set<Sha256> missing_;
  std::map<std::string, std::size_t> colours_;  // by label, in the order in which they occur
};

}  // namespace

Status exportSessionHtml(SessionStore& store, SessionId session, const std::filesystem::path& file,
                         const ExchangeControl& control) {
  const Result<StoredSession> loaded = loadAsShown(store, session);
  if (!loaded) return loaded.error();
  Result<TextFile> out = TextFile::create(file);
  if (!out) return out.error();
  if (Status written = HtmlExport(store, *loaded).run(*out, control); !written) return written;
  return out->finish();
}

}  // namespace vl
