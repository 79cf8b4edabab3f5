// Any bytes as a safetensors file: parseSafetensors() must refuse them or give tensors that can be
// read from first to last byte.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "inference/weights/safetensors_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(reinterpret_cast<const std::byte*>(data), size);
  const vl::Result<vl::TensorsByName> tensors = vl::parseSafetensors(file, "fuzzed");
  if (!tensors) return 0;
  std::size_t covered = 0;
  unsigned sum = 0;
  for (const auto& [name, tensor] : *tensors) {
    covered += tensor.bytes.size();
    for (const std::byte byte : tensor.bytes) sum += std::to_integer<unsigned>(byte);
  }
  // Tensors cannot hold more than the file, nor be read without being there.
  if (covered > size || (covered == 0 && sum != 0)) std::abort();
  return 0;
}
