#include <string>
#include <utility>

#include "app/cli/answer_format.h"
#include "app/cli/answering.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/verb.h"

namespace vl {
namespace {

// The bundled model knows this one; the official ones understand it.
constexpr const char* kPrompt = "Read the text in the image.";

/// Reads file after file. A file that cannot be read is reported, and the others are still read.
class Reader {
 public:
  Reader(const Arguments& arguments, const LoadedEngine& loaded, Console& console)
      : loaded_(loaded),
        console_(console),
        isJson_(arguments.has("--json")),
        hasHeaders_(arguments.operands().size() > 1) {}

  Outcome run(const GenerateRequest& settings, const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      Outcome outcome = read(settings, file);
      if (outcome.exit == ExitCode::Ok) continue;
      const bool goesOn = outcome.exit == ExitCode::BadInput;
      if (goesOn && &file != &files.back()) console_.progress.note(outcome.sentence);
      worst_ = std::move(outcome);
      if (!goesOn) break;
    }
    if (isJson_ && !isPrinted_) console_.out.write(jsonText(results_, true));
    return worst_;
  }

 private:
  Outcome read(GenerateRequest request, const std::string& file) {
    request.conversation.push_back(userMessage({file}, kPrompt));
    AnswerDocument document;
    if (isJson_) document = [&](const GenerateSummary& summary) { return record(file, summary); };
    if (!isJson_ && hasHeaders_) {
      console_.progress.clear();
      console_.out.write(std::exchange(separator_, "\n") + "==> " + file + " <==\n");
    }
    const Result<GenerateSummary> summary = answer(*loaded_.engine, request, console_, document);
    if (summary) return outcomeOf(*summary);
    if (isJson_) results_.push_back({{"file", file}, {"error", summary.error().what}});
    return failure(summary.error());
  }

  /// The list is printed once, after the last answer or the one that was interrupted.
  std::string record(const std::string& file, const GenerateSummary& summary) {
    OrderedJson result{{"file", file}};
    result.update(answerJson(summary, loaded_.loadMs));
    results_.push_back(std::move(result));
    if (summary.stopReason != StopReason::Cancelled) return {};
    isPrinted_ = true;
    return jsonText(results_, true);
  }

  const LoadedEngine& loaded_;
  Console& console_;
  bool isJson_;
  bool hasHeaders_;
  bool isPrinted_ = false;
  std::string separator_;
  OrderedJson results_ = OrderedJson::array();
  Outcome worst_;
};

Outcome runOcr(const Arguments& arguments, Console& console) {
  const Result<GenerateRequest> settings = requestFrom(arguments, 0);
  if (!settings) return usageError(settings.error());
  Outcome outcome;
  const LoadedEngine loaded =
      loadEngine(arguments, console, {.featureFolder = featureFolderFrom(arguments)}, outcome);
  if (!loaded.engine) return outcome;
  return Reader(arguments, loaded, console).run(*settings, arguments.operands());
}

}  // namespace

const Verb& ocrVerb() {
  static const Verb kVerb{
      "ocr",
      "FILE...",
      1,
      kUnlimited,
      "Read the text in images.",
      "Asks \"Read the text in the image.\" about each file by itself and writes the answers, each "
      "under a line ==> FILE <== when there are several files. A file that cannot be read is "
      "reported and the next one is read; the exit code is then 3. Always takes the likeliest "
      "token, unless --temperature is given.\n\n"
      "With --json nothing but one list is written, at the end, with an object per file: file and "
      "what `vl2 ask --json` writes, or file and error.",
      withCommonOptions(answerOptions("Randomness; 0: always the likeliest token (default: 0).")),
      runOcr};
  return kVerb;
}

}  // namespace vl
