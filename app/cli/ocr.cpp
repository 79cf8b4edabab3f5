#include <optional>
#include <string>
#include <utility>

#include "app/cli/answer_format.h"
#include "app/cli/answering.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/ocr_report.h"
#include "app/cli/page_pictures.h"
#include "app/cli/verb.h"
#include "inference/documents/page_text.h"
#include "inference/documents/pdf_document.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// Reads file after file and page after page. What cannot be read is reported, and the others are
/// still read. The model is loaded when the first picture has to be read by it.
class Reader {
 public:
  Reader(const Arguments& arguments, GenerateRequest settings, OcrReport& report, Console& console)
      : arguments_(arguments),
        settings_(std::move(settings)),
        report_(report),
        console_(console),
        scans_(arguments.has("--scan")) {}

  Outcome run() {
    for (const std::string& file : arguments_.operands()) {
      if (looksLikePdf(file)) {
        readDocument(file);
      } else {
        take({file, std::nullopt}, readPicture({file, std::nullopt}, file));
      }
      if (isOver_) break;
    }
    if (report_.format() == OcrFormat::Json && !isPrinted_) console_.out.write(report_.list());
    return worst_;
  }

 private:
  /// Notes how reading an item ended.
  void take(const OcrItem& item, Outcome outcome) {
    if (outcome.exit == ExitCode::Ok) return;
    worst_ = std::move(outcome);
    if (worst_.exit == ExitCode::BadInput) {
      report_.add(item, {{"error", worst_.sentence}});
      console_.progress.note(std::exchange(worst_.sentence, {}));
    } else {
      isOver_ = true;
    }
  }

  void readDocument(const std::string& file) {
    const Result<ChosenPages> chosen =
        openChosenPages(file, arguments_, console_.interrupt.token());
    if (!chosen) return take({file, std::nullopt}, failure(chosen.error()));
    for (std::size_t i = 0; i < chosen->pages.size() && !isOver_; ++i) {
      console_.progress.show("page", "page " + std::to_string(i + 1) + " of " +
                                         std::to_string(chosen->pages.size()) + " of " + file);
      const OcrItem item{file, chosen->pages[i]};
      take(item, readPage(item, *chosen->document));
    }
  }

  Outcome readPage(const OcrItem& item, Document& document) {
    if (!scans_) {
      const Result<std::string> text = document.pageText(*item.page, console_.interrupt.token());
      if (!text) return failure(text.error());
      if (isReadableText(*text)) {
        console_.progress.clear();
        report_.begin(item);
        report_.addTextLayer(item, *text);
        return {};
      }
    }
    if (Outcome loaded = load(); loaded.exit != ExitCode::Ok) return loaded;
    PagePictures pictures;
    const Result<fs::path> picture =
        pictures.add(document, *item.page, candidates_, console_.interrupt.token());
    if (!picture) return failure(picture.error());
    return readPicture(item, *picture);
  }

  Outcome readPicture(const OcrItem& item, const fs::path& picture) {
    if (Outcome loaded = load(); loaded.exit != ExitCode::Ok) return loaded;
    GenerateRequest request = settings_;
    request.conversation.push_back(userMessage({picture}, kReadTextPrompt));
    AnswerDocument document;
    if (report_.format() == OcrFormat::Json) {
      document = [&](const GenerateSummary& summary) { return record(item, summary); };
    }
    console_.progress.clear();
    report_.begin(item);
    const Result<GenerateSummary> summary = answer(*loaded_.engine, request, console_, document);
    return summary ? outcomeOf(*summary) : failure(summary.error());
  }

  /// The list is printed once, after the last answer or the one that was interrupted.
  std::string record(const OcrItem& item, const GenerateSummary& summary) {
    report_.add(item, answerJson(summary, loaded_.loadMs));
    if (summary.stopReason != StopReason::Cancelled) return {};
    isPrinted_ = true;
    return report_.list();
  }

  /// Whatever goes wrong here goes wrong for all that is left.
  Outcome load() {
    if (loaded_.engine) return {};
    Outcome outcome;
    isOver_ = true;
    const std::optional<LoadOptions> options = loadOptions(
        arguments_, console_, {.featureFolder = featureFolderFrom(arguments_)}, outcome);
    if (!options) return outcome;
    const Result<ModelConfig> config = loadModelConfig(options->folder);
    if (!config) return failure(config.error());
    candidates_ = config->processor.candidateResolutions;
    loaded_ = loadEngine(*options, console_, outcome);
    isOver_ = !loaded_.engine;
    return outcome;
  }

  const Arguments& arguments_;
  const GenerateRequest settings_;
  OcrReport& report_;
  Console& console_;
  const bool scans_;
  LoadedEngine loaded_;
  std::vector<Resolution> candidates_;
  bool isOver_ = false;
  bool isPrinted_ = false;
  Outcome worst_;
};

Outcome runOcr(const Arguments& arguments, Console& console) {
  Result<GenerateRequest> settings = requestFrom(arguments, 0);
  if (!settings) return usageError(settings.error());
  if (arguments.has("--json") && arguments.has("--markdown")) {
    return {ExitCode::Usage, "--json and --markdown exclude each other"};
  }
  if (const std::optional<std::string> file = arguments.value("--out")) {
    if (const Status opened = console.out.sendTo(*file); !opened) return failure(opened.error());
  }
  const OcrFormat format = arguments.has("--json")       ? OcrFormat::Json
                           : arguments.has("--markdown") ? OcrFormat::Markdown
                                                         : OcrFormat::Text;
  const std::vector<std::string>& files = arguments.operands();
  const bool hasHeaders = files.size() > 1 || looksLikePdf(files.front());
  OcrReport report(console.out, format, hasHeaders);
  return Reader(arguments, std::move(*settings), report, console).run();
}

std::vector<Option> ocrOptions() {
  std::vector<Option> options{
      kPagesOption,
      kPasswordOption,
      {"--scan", "", "Let the model read every page, also those that have a text layer."},
      {"--markdown", "", "Write Markdown: headings, and text layers with their signs escaped."},
      {"--out", "FILE", "Write into this file instead of stdout."},
  };
  const std::vector<Option> common =
      answerOptions("Randomness; 0: always the likeliest token (default: 0).");
  options.insert(options.end(), common.begin(), common.end());
  return options;
}

}  // namespace

const Verb& ocrVerb() {
  static const Verb kVerb{
      "ocr",
      "FILE...",
      1,
      kUnlimited,
      "Read the text in images and PDF documents.",
      "Of a PDF, the text layer of each page is written where it has one; other pages become a "
      "picture, in the size that the model sees best. Asks \"Read the text in the image.\" about "
      "each picture by itself and writes the answers. Pages, and files when there are several, "
      "stand under a line ==> FILE <== or ==> FILE, page N <==. What cannot be read is reported "
      "and the next is read; the exit code is then 3. Always takes the likeliest token, unless "
      "--temperature is given.\n\n"
      "With --json nothing but one list is written, at the end, with an object per image or page: "
      "file, page (counted from 1), source (text_layer or model) and what `vl2 ask --json` writes, "
      "for a text layer only text; or file, page and error.",
      withCommonOptions(ocrOptions()),
      runOcr};
  return kVerb;
}

}  // namespace vl
