#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "inference/text/tokenizer.h"

namespace vl {

/// A tokenizer.json to damage: the 256 bytes (ids 0..255), "ab" (256), "abc" (257) and " c" (258)
/// with their merges, the added tokens "<bos>" (259) and "<eos>" (260), a Split before every space
/// and ByteLevel.
nlohmann::json smallTokenizerJson();

/// A tokenizer_config.json that names <bos>, <eos> and no pad token.
nlohmann::json smallConfigJson();

/// A Tokenizer of the two, with "<image>" and "<pad>".
Tokenizer smallTokenizer();

}  // namespace vl
