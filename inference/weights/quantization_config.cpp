#include <nlohmann/json.hpp>
#include <string>

#include "inference/weights/config_reader.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr const char* kKey = "quantization_config";
/// 1 had every weight in rows, and did not say its version; 2 has panels.
constexpr std::size_t kVersion = 2;

}  // namespace

Result<std::optional<QuantizationConfig>> parseQuantizationConfig(const json& root,
                                                                  const std::string& where) {
  ConfigReader reader(root, where);
  if (reader.isMissingOrNull(kKey)) return std::optional<QuantizationConfig>{};
  ConfigReader quantization(*root.find(kKey), where + ": " + kKey);
  std::string method;
  quantization.read("quant_method", method);
  if (method != kQ8Name && method != kQ4Name) {
    quantization.fail(ErrorCode::Unsupported, "quant_method",
                      "found " + quotedText(method) + ", expected 'q8_0' or 'q4'");
  }
  std::size_t version = 1;
  quantization.read("version", version, {1, 1'000'000});
  if (version > kVersion) {
    quantization.fail(ErrorCode::Unsupported, "version",
                      "found " + std::to_string(version) + ", expected at most " +
                          std::to_string(kVersion) + ": a newer program wrote this model");
  }
  std::size_t blockSize = kBlockSize;
  quantization.read("block_size", blockSize, {kBlockSize, kBlockSize});
  if (!quantization.status()) return quantization.status().error();
  return std::optional(QuantizationConfig{method});
}

json quantizationConfigJson(WeightType type) {
  return {
      {"quant_method", type == WeightType::Q4Panels ? kQ4Name : kQ8Name},
      {"version", kVersion},
      {"block_size", kBlockSize},
      {"panel_rows", kPanelRows},
      {"scale_dtype", "F16"},
      {"modules_to_not_convert",
       {"norm", "bias", "pos_embed", "patch_embed", "image_newline", "view_seperator", "mlp.gate"}},
      {"dropped", {"vision.attn_pool"}}};
}

}  // namespace vl
