#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "inference/engine/request.h"

namespace vl {

/// What is going on, on stderr: one line that is rewritten when stderr is a terminal; elsewhere
/// lines, one per kind of work and then one every few seconds. For one thread.
class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// kind: work whose steps follow quickly, for example "tile".
  void show(std::string_view kind, const std::string& text);
  void show(const StageProgress& progress);
  /// A line that stays.
  void note(const std::string& sentence);
  /// Takes the rewritten line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool rewrites_;          // stderr is a terminal
  bool sharesWithAnswer_;  // stdout is the same terminal or file
  bool isShown_ = false;
  std::string kind_;
  Clock::time_point last_;
};

}  // namespace vl
