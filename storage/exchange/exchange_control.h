#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "inference/base/result.h"

namespace vl {

/// How work that may take long says how far it is and hears that it is to stop.
struct ExchangeControl {
  std::function<void(std::size_t done, std::size_t total)> progressed;  // may be empty
  std::stop_token stop;

  /// Error: Cancelled.
  Status report(std::size_t done, std::size_t total) const {
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "Stopped."};
    if (progressed) progressed(done, total);
    return {};
  }
};

}  // namespace vl
