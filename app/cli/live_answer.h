#pragma once

#include <mutex>
#include <string_view>

#include "inference/engine/request.h"

namespace vl {

/// What has arrived of an answer while the engine is still at work. Thread-safe.
class LiveAnswer {
 public:
  void take(const StageProgress& progress);
  void take(std::string_view text);
  void take(const GroundedBox& box);

  /// The answer as if it had been cancelled now. Timings and image sizes are not known yet.
  GenerateSummary summary() const;

 private:
  mutable std::mutex mutex_;
  GenerateSummary soFar_;  // guarded by mutex_
};

}  // namespace vl
