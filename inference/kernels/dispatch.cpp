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

std::span<const KernelTable> compiledKernels() {
#if defined(__x86_64__)
  static const std::array kTables = [] {
    std::array<KernelTable, 5> tables{kReferenceKernels};
    tables[1] = withAvx2(tables[0]);
    tables[2] = withAvx512(tables[1]);
    tables[3] = withVnni(tables[2]);
    tables[4] = withBf16(tables[3]);
    return tables;
  }();
#else
  static const std::array kTables{kReferenceKernels};
#endif
  return kTables;
}

bool runsHere(const KernelTable& table) {
  const std::string_view isa = table.isa;
  if (isa == "reference") return true;
#if defined(__x86_64__)
  const bool avx2 =
      __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 && hasF16c();
  if (isa == "avx2") return avx2;
  const bool avx512 =
      avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512dq") != 0;
  if (isa == "avx512") return avx512;
  const bool vnni = avx512 && __builtin_cpu_supports("avx512vnni") != 0;
  if (isa == "avx512vnni") return vnni;
  if (isa == "avx512bf16") return vnni && __builtin_cpu_supports("avx512bf16") != 0;
#endif
  return false;
}

namespace {

const KernelTable& choose() {
  const std::span<const KernelTable> tables = compiledKernels();
  if (const char* forced = std::getenv("VL_ISA"); forced != nullptr && *forced != '\0') {
    for (const KernelTable& table : tables) {
      if (std::string_view(forced) == table.isa && runsHere(table)) return table;
    }
    std::fprintf(stderr, "VL_ISA=%s: this build or CPU has no such instruction set; it has",
                 forced);
    for (const KernelTable& table : tables) {
      if (runsHere(table)) std::fprintf(stderr, " %s", table.isa);
    }
    std::fputs("\n", stderr);
    std::_Exit(2);
  }
  const KernelTable* best = &tables.front();
  for (const KernelTable& table : tables) {
    if (runsHere(table)) best = &table;
  }
  return *best;
}

}  // namespace

const KernelTable& kernels() {
  static const KernelTable& chosen = choose();
  return chosen;
}

}  // namespace vl
