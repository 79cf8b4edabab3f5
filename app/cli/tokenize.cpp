#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/input_text.h"
#include "app/cli/json_text.h"
#include "app/cli/model_folder.h"
#include "app/cli/verb.h"
#include "inference/text/tokenizer.h"
#include "inference/weights/model_config.h"

namespace vl {
namespace {

constexpr std::string_view kSeparators = " \t\r\n,[]";

/// Needs the configs and tokenizer files only, no weights.
Result<Tokenizer> loadTokenizer(const Arguments& arguments, Console& console) {
  const Result<std::filesystem::path> folder = modelFolder(arguments, console);
  if (!folder) return folder.error();
  const Result<ModelConfig> config = loadModelConfig(*folder);
  if (!config) return config.error();
  return Tokenizer::load(*folder, config->processor.imageToken, config->processor.padToken);
}

Outcome runTokenize(const Arguments& arguments, Console& console) {
  const std::optional<std::string> given = arguments.value("--text");
  const std::optional<std::string> file = arguments.value("--file");
  if (given.has_value() == file.has_value()) {
    return {ExitCode::Usage, "either --text or --file is needed"};
  }
  const Result<std::string> text = given ? Result<std::string>(*given) : readText(*file);
  if (!text) return failure(text.error());
  const Result<Tokenizer> tokenizer = loadTokenizer(arguments, console);
  if (!tokenizer) return failure(tokenizer.error());
  const bool raw = arguments.has("--raw-specials");
  const std::vector<TokenId> ids =
      tokenizer->encode(*text, raw ? SpecialsPolicy::All : SpecialsPolicy::GroundingOnly);
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const TokenId id : ids) tokens.emplace_back(tokenizer->token(id));
  const OrderedJson json{{"ids", ids}, {"tokens", std::move(tokens)}};
  console.out.write(jsonText(json, arguments.has("--json")));
  return {};
}

/// Numbers between spaces, commas and brackets, so that a list can be pasted from JSON.
Status appendIds(std::string_view text, std::vector<TokenId>& ids) {
  for (;;) {
    const std::size_t begin = text.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(kSeparators));
    TokenId id = 0;
    const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (error != std::errc{} || stop != word.data() + word.size() || id < 0) {
      return Error{ErrorCode::InvalidArgument, '"' + std::string(word) + "\" is no token id"};
    }
    ids.push_back(id);
    text.remove_prefix(word.size());
  }
}

Outcome runDetokenize(const Arguments& arguments, Console& console) {
  std::vector<TokenId> ids;
  for (const std::string& operand : arguments.operands()) {
    const Result<std::string> text =
        operand == "-" ? readText(operand) : Result<std::string>(operand);
    if (!text) return failure(text.error());
    if (const Status added = appendIds(*text, ids); !added) return usageError(added.error());
  }
  const Result<Tokenizer> tokenizer = loadTokenizer(arguments, console);
  if (!tokenizer) return failure(tokenizer.error());
  std::size_t unknown = 0;
  for (const TokenId id : ids) {
    if (static_cast<std::size_t>(id) >= tokenizer->size()) ++unknown;
  }
  if (unknown > 0) {
    console.progress.note(std::to_string(unknown) + " of " + std::to_string(ids.size()) +
                          " ids have no token and stand for no text");
  }
  const std::string text = tokenizer->decode(ids);
  console.out.write(arguments.has("--json") ? jsonText({{"text", text}}, true) : text + '\n');
  return {};
}

}  // namespace

const Verb& tokenizeVerb() {
  static const Verb kVerb{
      "tokenize",
      "",
      0,
      0,
      "Show the tokens of a text.",
      "Writes {\"ids\": [...], \"tokens\": [...]}, indented unless --json is given; tokens are "
      "spelled as in tokenizer.json. No begin-of-sentence token is added. Grounding tokens such as "
      "<|ref|> are recognised; other special tokens in the text are literal text. Computes on one "
      "thread.",
      withCommonOptions({
          {"--text", "T", "The text."},
          {"--file", "F", "A file with the text, - for standard input."},
          {"--raw-specials", "", "Recognise every special token, as the official code does."},
      }),
      runTokenize};
  return kVerb;
}

const Verb& detokenizeVerb() {
  static const Verb kVerb{
      "detokenize",
      "IDS...",
      1,
      kUnlimited,
      "Show the text of token ids.",
      "Writes the text that the ids stand for and a line break; with --json {\"text\": ...}, which "
      "is exact. Ids are separated by spaces or commas, brackets are ignored; - reads them from "
      "standard input. Bytes that are no UTF-8 become U+FFFD. Computes on one thread.",
      withCommonOptions({}),
      runDetokenize};
  return kVerb;
}

}  // namespace vl
