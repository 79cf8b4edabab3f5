#pragma once

#include <string>

#include "app/cli/verb.h"

namespace vl {

/// Text of `vl2 --help`.
std::string generalHelp();
/// Text of `vl2 VERB --help`, made from what the verb accepts.
std::string helpOf(const Verb& verb);
/// Text of --version.
std::string versionText();

}  // namespace vl
