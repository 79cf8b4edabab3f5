#include <optional>
#include <string>
#include <vector>

#include "app/cli/answering.h"
#include "app/cli/eval_report.h"
#include "app/cli/loaded_engine.h"
#include "app/cli/verb.h"
#include "app/evaluation/suite.h"

namespace vl {
namespace {

/// Asks item after item. One that cannot be asked is reported, and the others are still asked.
Outcome askAll(LocalEngine& engine, const std::vector<SuiteItem>& items, std::size_t maxTokens,
               Console& console, EvalReport& report) {
  Outcome worst;
  GenerateRequest request;
  request.sampling.temperature = 0;
  request.maxTokens = maxTokens;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const SuiteItem& item = items[i];
    console.progress.show("eval", "item " + std::to_string(i + 1) + " of " +
                                      std::to_string(items.size()) + " (" + item.category + ')');
    request.conversation = {item.question};
    const Result<GenerateSummary> answer = engine.generate(request, {}, console.interrupt.token());
    if (answer && answer->stopReason == StopReason::Cancelled) {
      return {ExitCode::Interrupted, "interrupted after " + std::to_string(i) + " of " +
                                         std::to_string(items.size()) + " items"};
    }
    if (answer) {
      report.add(item, *answer);
      continue;
    }
    Outcome failed = failure(answer.error());
    failed.sentence = "item " + item.id + ": " + failed.sentence;
    if (failed.exit != ExitCode::BadInput) return failed;
    console.progress.note(failed.sentence);
    report.addFailure(item, answer.error().what);
    worst = {ExitCode::BadInput, "not every item could be asked"};
  }
  return worst;
}

Outcome runEval(const Arguments& arguments, Console& console) {
  const std::optional<std::string> suite = arguments.value("--suite");
  if (!suite) return {ExitCode::Usage, "--suite is needed"};
  const Result<std::uint64_t> maxTokens =
      arguments.count("--max-tokens", kDefaultMaxTokens, 1, kMostAnswerTokens);
  if (!maxTokens) return usageError(maxTokens.error());
  const Result<std::vector<SuiteItem>> items = readSuite(*suite);
  if (!items) return failure(items.error());

  Outcome outcome;
  const LoadedEngine loaded = loadEngine(arguments, console, {}, outcome);
  if (!loaded.engine) return outcome;
  EvalReport report;
  const auto print = [&] {
    console.out.write(arguments.has("--json") ? jsonText(report.json(), true) : report.table());
  };
  {
    const SaveWhenGivenUp save(console.interrupt, print);
    outcome = askAll(*loaded.engine, *items, *maxTokens, console, report);
  }
  console.progress.clear();
  print();
  return outcome;
}

}  // namespace

const Verb& evalVerb() {
  static const Verb kVerb{
      "eval",
      "",
      0,
      0,
      "Score a model on a suite of questions.",
      "Asks every question of a suite by itself, always taking the likeliest token, and writes "
      "scores by category: a table, or with --json {\"categories\": {NAME: {\"n\", \"cer\", "
      "\"exact\", \"recall\", \"precision\", \"deny\"}}, \"items\": [{\"id\", \"output\", "
      "\"score\"}]} with shares from 0 to 1 and null where a category has no such item. An item "
      "that cannot be asked (a broken image) counts as not answered and gets \"error\"; the exit "
      "code is then 3. Ctrl+C prints the scores so far.\n\n"
      "A suite is {\"items\": [{\"id\", \"category\", \"images\": [PATH...], \"question\", "
      "\"metric\", \"answer\", \"boxes\": [[x1, y1, x2, y2]...]}]}. Paths start at the suite's "
      "folder and stay in it. Each <image> in a question is the place of the next image; without "
      "one, the images come first. Boxes are in 0..999 on the last image.\n\n"
      "Metrics, on the text as people read it, with each run of white space as one space:\n"
      "cer: character errors, that is edits (Levenshtein, code points) needed to get from the "
      "answer to what was expected, divided by the code points expected; of a category, the sum "
      "of edits divided by the sum of code points.\n"
      "exact: the same text, but for capitals (A to Z) and one full stop at the end.\n"
      "boxes: a found and an expected box match when they overlap by half (IoU 0.5), each in one "
      "pair at most, as many pairs as possible. recall: matched of expected boxes; precision: "
      "matched of found ones, 0 when there are none. An item's score is 2 * pairs / (found + "
      "expected).\n"
      "deny: there is no box, and the text says no (\"no\", \"not\", \"none\", \"isn't\", ...) "
      "and does not begin with yes.",
      withCommonOptions({
          {"--suite", "S.json", "The questions. Needed."},
          {"--max-tokens", "N", "Longest answer (default: 2048; at most what the context holds)."},
          kForceOption,
          kExactOption,
      }),
      runEval};
  return kVerb;
}

}  // namespace vl
