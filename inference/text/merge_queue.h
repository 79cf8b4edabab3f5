#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace vl {

/// Candidate merges of one piece, handed out by rank, equal ranks from left to right.
///
/// A plain heap would do, at log n steps through cold memory for each of a million candidates. But
/// nearly all candidates that a merge creates come after all that are waiting, and in order: those
/// are only appended, and sorted when their turn comes.
/// Not thread-safe. Keeps its memory when it is used again.
class MergeQueue {
 public:
  struct Candidate {
    std::uint32_t rank;
    std::uint32_t position;
  };

  void clear() {
    current_.clear();
    cursor_ = 0;
    among_.clear();
    later_.clear();
  }

  void push(Candidate candidate) {
    const std::uint64_t key = std::uint64_t{candidate.rank} << 32 | candidate.position;
    if (current_.empty() || key > current_.back()) {
      later_.push_back(key);
    } else {
      among_.push_back(key);
      std::push_heap(among_.begin(), among_.end(), std::greater<>());
    }
  }

  /// Removes the first candidate.
  std::optional<Candidate> pop() {
    if (cursor_ == current_.size() && among_.empty()) {
      current_.swap(later_);
      later_.clear();
      cursor_ = 0;
      if (!std::is_sorted(current_.begin(), current_.end())) {
        std::sort(current_.begin(), current_.end());
      }
      if (current_.empty()) return std::nullopt;
    }
    std::uint64_t key = 0;
    if (among_.empty() || (cursor_ < current_.size() && current_[cursor_] < among_.front())) {
      key = current_[cursor_++];
    } else {
      key = among_.front();
      std::pop_heap(among_.begin(), among_.end(), std::greater<>());
      among_.pop_back();
    }
    return Candidate{static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key)};
  }

 private:
  // Keys are rank << 32 | position. What is in among_ comes before current_.back(), what is in
  // later_ after it.
  std::vector<std::uint64_t> current_;  // sorted; those before cursor_ have been handed out
  std::size_t cursor_ = 0;
  std::vector<std::uint64_t> among_;  // a heap, smallest first
  std::vector<std::uint64_t> later_;
};

}  // namespace vl
