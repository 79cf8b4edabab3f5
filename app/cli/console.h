#pragma once

#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"

namespace vl {

/// How a verb talks to the person: results, what is going on, and Ctrl+C.
struct Console {
  Interrupt interrupt;
  Output out;
  Progress progress;
};

}  // namespace vl
