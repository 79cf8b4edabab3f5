#include "inference/kernels/dispatch.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "inference/kernels/tables.h"

namespace vl {

std::span<const KernelTable* const> compiledKernels() {
#if defined(__x86_64__)
  static constexpr std::array kTables{&kReferenceKernels, &kAvx2Kernels};
#else
  static constexpr std::array kTables{&kReferenceKernels};
#endif
  return kTables;
}

bool runsHere(const KernelTable& table) {
#if defined(__x86_64__)
  if (&table == &kAvx2Kernels) {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
           __builtin_cpu_supports("f16c") != 0;
  }
#endif
  return &table == &kReferenceKernels;
}

namespace {

const KernelTable& choose() {
  const auto tables = compiledKernels();
  if (const char* forced = std::getenv("VL_ISA"); forced != nullptr && *forced != '\0') {
    for (const KernelTable* table : tables) {
      if (std::string_view(forced) == table->isa && runsHere(*table)) return *table;
    }
    std::fprintf(stderr, "VL_ISA=%s: this build or CPU has no such instruction set; it has",
                 forced);
    for (const KernelTable* table : tables) {
      if (runsHere(*table)) std::fprintf(stderr, " %s", table->isa);
    }
    std::fputs("\n", stderr);
    std::_Exit(2);
  }
  const KernelTable* best = tables.front();
  for (const KernelTable* table : tables) {
    if (runsHere(*table)) best = table;
  }
  return *best;
}

}  // namespace

const KernelTable& kernels() {
  static const KernelTable& chosen = choose();
  return chosen;
}

}  // namespace vl
