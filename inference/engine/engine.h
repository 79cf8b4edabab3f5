#pragma once

#include <cstddef>
#include <stop_token>

#include "inference/base/result.h"
#include "inference/engine/request.h"

namespace vl {

/// Whatever answers requests. Synchronous and without locks: one thread at a time.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Blocks until done. Looks at `stop` between tiles, layers and tokens; a cancelled request is a
  /// summary with what was generated so far, not an error. After an error the engine is as before.
  /// Errors: NotFound, Corrupt, Unsupported, Io (images), InvalidArgument (conversation),
  /// ContextFull (with the tokens of each part), Internal.
  virtual Result<GenerateSummary> generate(const GenerateRequest& request,
                                           const GenerateCallbacks& on,
                                           const std::stop_token& stop) = 0;

  /// Tokens that prompt and answer may take together.
  virtual std::size_t contextTokens() const = 0;
};

}  // namespace vl
