#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "inference/base/result.h"
#include "inference/text/tokenizer.h"
#include "inference/text/tokenizer_file.h"

namespace vl {

inline constexpr std::string_view kUserTag = "<|User|>";
inline constexpr std::string_view kAssistantTag = "<|Assistant|>";
inline constexpr std::string_view kGroundingTags[] = {"<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>",
                                                      "<|grounding|>"};

/// Names of the tokens as the processor wants them.
struct ProcessorTokenNames {
  std::string_view image;  // "<image>"
  std::string_view pad;    // used when the configuration names no pad token
};

/// Adds the tokens that the processor adds at load and that the file lacks, in its order (SPEC
/// section 2.2), and finds those that the configuration names.
///   config             tokenizer_config.json
///   specialTokensMap   special_tokens_map.json, or null. As in transformers it counts when config
///                      has no added_tokens_decoder, or names no such token.
/// Errors: NotFound (no begin- or end-of-sentence token named), Corrupt (a named token that does
/// not exist, ids at their limit).
Result<SpecialTokens> addProcessorTokens(TokenizerFile& file, const nlohmann::json& config,
                                         const nlohmann::json& specialTokensMap,
                                         const ProcessorTokenNames& names);

}  // namespace vl
