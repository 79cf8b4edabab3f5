#pragma once

#include <span>

#include "inference/kernels/kernel_table.h"

namespace vl {

/// Every table in this build, reference first, fastest last.
std::span<const KernelTable> compiledKernels();

/// Whether this CPU and operating system can run the table.
bool runsHere(const KernelTable& table);

/// The fastest table that runs here, chosen once. The environment variable VL_ISA forces one by
/// name; a name that this build or CPU lacks ends the program with a message (the one place where
/// inference exits: a test must not pass on another path than it names). Thread-safe.
const KernelTable& kernels();

}  // namespace vl
