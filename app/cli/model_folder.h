#pragma once

#include <filesystem>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "inference/base/result.h"

namespace vl {

/// The folder that --model names; without it the bundled model, else the first by name in the
/// models folder of this person, which a note then tells. Error: NotFound.
Result<std::filesystem::path> modelFolder(const Arguments& arguments, Console& console);

/// The pictures that come with the program. Error: NotFound.
Result<std::filesystem::path> samplesFolder();

}  // namespace vl
