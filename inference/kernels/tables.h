#pragma once

#include "inference/kernels/kernel_table.h"

namespace vl {

extern const KernelTable kReferenceKernels;
#if defined(__x86_64__)
// Each takes the table of the instruction set below and replaces what its instructions do better.
KernelTable withAvx2(KernelTable table);
KernelTable withAvx512(KernelTable table);  // F, BW, VL, DQ
KernelTable withVnni(KernelTable table);
KernelTable withBf16(KernelTable table);
#endif

}  // namespace vl
