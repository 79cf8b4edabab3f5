#include "app/cli/verb.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vl {

std::vector<Option> withCommonOptions(std::vector<Option> own) {
  static constexpr std::array kCommon{
      Option{"--model", "DIR",
             "Folder of the model. Without it: the bundled model, else the first by name in "
             "$XDG_DATA_HOME/vl2-desk/models."},
      Option{"--threads", "N",
             "CPU threads that the model computes with (default: all this process may use)."},
      Option{"--json", "", "Write the result as JSON, on one line."},
      Option{"--help", "", "Show this and exit."},
      Option{"--version", "", "Show the version and the instruction set in use, and exit."},
  };
  for (const Option& common : kCommon) {
    const bool replaced = std::any_of(
        own.begin(), own.end(), [&](const Option& option) { return option.name == common.name; });
    if (!replaced) own.push_back(common);
  }
  return own;
}

std::span<const Verb* const> verbs() {
  static const std::array kVerbs{
      &askVerb(),     &groundVerb(),   &ocrVerb(),        &infoVerb(),  &convertVerb(),
      &tilesVerb(),   &tokenizeVerb(), &detokenizeVerb(), &traceVerb(), &evalVerb(),
      &compareVerb(), &benchVerb(),    &cacheVerb(),
  };
  return kVerbs;
}

}  // namespace vl
