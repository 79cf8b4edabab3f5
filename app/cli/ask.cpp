#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/answer_format.h"
#include "app/cli/answering.h"
#include "app/cli/box_format.h"
#include "app/cli/input_text.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/page_pictures.h"
#include "app/cli/verb.h"
#include "inference/engine/conversation.h"
#include "inference/vision/annotate.h"
#include "inference/vision/image.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

std::vector<Option> imageAndAnswerOptions(std::string_view temperatureHelp) {
  std::vector<Option> options{
      {"--image", "F",
       "An image to ask about, or a PDF, whose pages become images; may be repeated. Boxes are on "
       "the last one.",
       true},
      kPagesOption,
      kPasswordOption,
      {"--annotate", "OUT.png", "Write the last image with the boxes drawn on it."},
      {"--boxes", "FORMAT",
       "Write the boxes instead of the answer, as other programs read them: coco, labelme, voc, "
       "yolo (classes are counted in order of appearance) or csv."},
  };
  const std::vector<Option> common = withCommonOptions(answerOptions(temperatureHelp));
  options.insert(options.end(), common.begin(), common.end());
  return options;
}

/// Before minutes of work, whether its result can be kept.
Status checkAnnotation(const Arguments& arguments) {
  const std::optional<std::string> target = arguments.value("--annotate");
  if (!target) return {};
  const fs::path folder = fs::absolute(*target).parent_path();
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return {};
  return Error{ErrorCode::NotFound, "There is no folder " + folder.string() + " for --annotate."};
}

Status annotate(const GenerateRequest& request, const GenerateSummary& summary,
                const std::string& target, Console& console) {
  const std::size_t index = groundedImage(request.conversation).value();
  const fs::path file = imagesOf(request.conversation)[index].path;
  const Result<RgbImage> image =
      decodeImageFile(file, request.rawSpecials ? Orientation::AsStored : Orientation::ApplyExif);
  if (!image) return image.error();
  if (summary.boxes.empty()) console.progress.note("the answer has no boxes to draw");
  return writeAnnotatedPng(*image, summary.boxes, target);
}

/// The way from a prompt to a printed answer, for ask and ground.
Outcome runPrompt(const Arguments& arguments, Console& console, double defaultTemperature,
                  std::string_view before, std::string_view after) {
  Result<GenerateRequest> request = requestFrom(arguments, defaultTemperature);
  if (!request) return usageError(request.error());
  const std::vector<std::string> images = arguments.values("--image");
  const std::optional<std::string> target = arguments.value("--annotate");
  if (target && images.empty()) return {ExitCode::Usage, "--annotate needs an --image"};
  if (const Status possible = checkAnnotation(arguments); !possible) {
    return failure(possible.error());
  }
  const std::optional<std::string> boxes = arguments.value("--boxes");
  const std::optional<BoxFormat> format = boxes ? boxFormatFrom(*boxes) : std::nullopt;
  if (boxes && !format) {
    return {ExitCode::Usage, "--boxes is coco, labelme, voc, yolo or csv, not " + *boxes};
  }
  if (boxes && (images.empty() || arguments.has("--json"))) {
    return {ExitCode::Usage, "--boxes needs an --image and goes without --json"};
  }
  const std::string& operand = arguments.operands().front();
  const Result<std::string> text =
      operand == "-" ? readText(operand) : Result<std::string>(operand);
  if (!text) return failure(text.error());
  Outcome outcome;
  const std::optional<LoadOptions> options =
      loadOptions(arguments, console, {.featureFolder = featureFolderFrom(arguments)}, outcome);
  if (!options) return outcome;
  const Result<ModelConfig> config = loadModelConfig(options->folder);
  if (!config) return failure(config.error());
  PagePictures pictures;
  const Result<std::vector<fs::path>> files =
      picturesOf(arguments, config->processor.candidateResolutions, console, pictures);
  if (!files) return failure(files.error());
  request->conversation.push_back(
      userMessage(*files, std::string(before).append(*text).append(after)));

  const LoadedEngine loaded = loadEngine(*options, console, outcome);
  if (!loaded.engine) return outcome;
  AnswerDocument document;
  if (arguments.has("--json")) {
    document = [&](const GenerateSummary& summary) {
      return jsonText(answerJson(summary, loaded.loadMs), true);
    };
  }
  if (format) {
    document = [&](const GenerateSummary& summary) {
      return boxDocument(*format, *files, summary);
    };
  }
  const Result<GenerateSummary> summary = answer(*loaded.engine, *request, console, document);
  if (!summary) return failure(summary.error());
  if (target) {
    const Status drawn = annotate(*request, *summary, *target, console);
    if (!drawn) return failure(drawn.error());
  }
  return outcomeOf(*summary);
}

Outcome runAsk(const Arguments& arguments, Console& console) {
  return runPrompt(arguments, console, SamplingOptions().temperature, "", "");
}

Outcome runGround(const Arguments& arguments, Console& console) {
  if (!arguments.has("--image")) return {ExitCode::Usage, "--image is needed"};
  return runPrompt(arguments, console, 0, "<|ref|>", "<|/ref|>");
}

}  // namespace

const Verb& askVerb() {
  static const Verb kVerb{
      "ask",
      "PROMPT",
      1,
      1,
      "Ask a question, about images or without any.",
      "Writes the answer to stdout as it comes; - reads the prompt from standard input. What the "
      "answer names with a box appears in the text as plain words; the boxes follow it, a line "
      "each: label  [x1, y1, x2, y2], in pixels of the image as a viewer shows it. Begin the "
      "prompt "
      "with <|grounding|> to be answered with boxes; <|ref|>...<|/ref|> marks a thing to "
      "locate.\n\n"
      "With --json nothing but one object is written, at the end: text, raw (with grounding tags), "
      "boxes (box in pixels, grid as the model wrote it, image counted from 0), warnings, usage, "
      "timings, and stop_reason: end_of_sequence, token_limit, context_full or cancelled. Ctrl+C "
      "keeps what was answered so far.",
      imageAndAnswerOptions("Randomness; 0: always the likeliest token (default: 0.1)."),
      runAsk};
  return kVerb;
}

const Verb& groundVerb() {
  static const Verb kVerb{
      "ground",
      "PHRASE",
      1,
      1,
      "Find what a phrase names in an image.",
      "Asks <|ref|>PHRASE<|/ref|>, the official form; - reads the phrase from standard input. "
      "Needs "
      "an --image. Output as `vl2 ask`: the text, then a line per box: label  [x1, y1, x2, y2], in "
      "pixels of the image as a viewer shows it. Always takes the likeliest token, unless "
      "--temperature is given.\n\n"
      "With --json nothing but one object is written, the same as `vl2 ask --json`.",
      imageAndAnswerOptions("Randomness; 0: always the likeliest token (default: 0)."),
      runGround};
  return kVerb;
}

}  // namespace vl
