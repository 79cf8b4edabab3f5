#include "inference/kernels/dispatch.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "inference/kernels/tables.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace vl {

#if defined(__x86_64__)
namespace {

/// Half-precision conversions. Clang 14's __builtin_cpu_supports does not know their name.
bool hasF16c() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}

}  // namespace
#endif

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
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 && hasF16c();
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
