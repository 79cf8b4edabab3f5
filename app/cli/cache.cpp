#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include "app/cli/json_text.h"
#include "app/cli/verb.h"
#include "inference/engine/feature_store.h"

namespace vl {
namespace {

Outcome runCache(const Arguments& arguments, Console& console) {
  const std::optional<std::filesystem::path> folder = userFeatureFolder();
  if (!folder) {
    return {ExitCode::BadInput, "there is no cache: neither XDG_CACHE_HOME nor HOME is a path"};
  }
  FeatureStore store(*folder);
  if (arguments.has("--clear") && !store.clear()) {
    return {ExitCode::BadInput, folder->string() + " cannot be cleared"};
  }
  const FeatureStore::Usage usage = store.usage();
  if (arguments.has("--json")) {
    const OrderedJson json{{"folder", folder->string()},
                           {"files", usage.files},
                           {"bytes", usage.bytes},
                           {"most_bytes", kDefaultFeatureBytes}};
    console.out.write(jsonText(json, true));
    return {};
  }
  char sizes[96];
  std::snprintf(sizes, sizeof(sizes), "%zu pictures, %.1f of at most %.0f MiB", usage.files,
                static_cast<double>(usage.bytes) / (1 << 20),
                static_cast<double>(kDefaultFeatureBytes) / (1 << 20));
  console.out.write(folder->string() + ": " + sizes + '\n');
  return {};
}

}  // namespace

const Verb& cacheVerb() {
  static const Verb kVerb{
      "cache",
      "",
      0,
      0,
      "Show or clear what is kept of pictures.",
      "What a model saw in a picture (its vision features, not its pixels) is kept in "
      "$XDG_CACHE_HOME/vl2-desk/features or ~/.cache/vl2-desk/features, so that the next question "
      "about it is answered sooner. Only you can read the folder, and nothing in it leaves this "
      "computer; but who has it and the model learns what the pictures showed. `--no-cache` of "
      "ask, "
      "ground and ocr keeps nothing. What was not used for longest is removed when 1 GiB is full. "
      "Shows the folder, the number of pictures and their size, after clearing if that is asked "
      "for.",
      withCommonOptions({
          {"--clear", "", "Remove all that is kept."},
      }),
      runCache};
  return kVerb;
}

}  // namespace vl
