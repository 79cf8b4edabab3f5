#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace vl {

/// Makes the first Ctrl+C a stop request; a second one kills, as without this class. Work that has
/// not ended shortly after the request (one layer of a large model takes seconds) is given up: the
/// process exits as interrupted, with everything as it is. One per process, made before other
/// threads.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  /// The same as Ctrl+C, without the deadline.
  void requestStop() { stop_.request_stop(); }

  /// Calls `save` before work is given up, on a thread of this object.
  void saveWith(std::function<void()> save);
  /// From now on nothing is given up. Does not return while it is happening.
  void waitForEnd();

 private:
  void watch();

  std::stop_source stop_;
  int readEnd_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> save_;  // guarded by mutex_
  bool givesUp_ = true;         // guarded by mutex_
  bool ending_ = false;         // guarded by mutex_
  std::thread thread_;          // last member, joined by the destructor
};

/// While it lives, `save` is ready for work that is given up; afterwards nothing is given up.
class SaveWhenGivenUp {
 public:
  SaveWhenGivenUp(Interrupt& interrupt, std::function<void()> save) : interrupt_(interrupt) {
    interrupt.saveWith(std::move(save));
  }
  ~SaveWhenGivenUp() { interrupt_.waitForEnd(); }
  SaveWhenGivenUp(const SaveWhenGivenUp&) = delete;
  SaveWhenGivenUp& operator=(const SaveWhenGivenUp&) = delete;

 private:
  Interrupt& interrupt_;
};

}  // namespace vl
