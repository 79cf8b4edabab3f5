#pragma once

#include "inference/kernels/kernel_table.h"

namespace vl {

extern const KernelTable kReferenceKernels;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernels;
#endif

}  // namespace vl
