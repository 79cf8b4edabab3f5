#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "inference/tensor/matrix_view.h"

namespace vl {

/// Scratch memory of a computation: taken and given back like a stack, kept for the next one, so
/// that a step that was taken before touches no new page. Contents start undefined. One thread at a
/// time takes; all may use what was taken.
class Arena {
 public:
  /// Everything taken through a frame is given back when it goes. Frames end in reverse order.
  class Frame {
   public:
    explicit Frame(Arena& arena) : arena_(arena), chunk_(arena.chunk_), used_(arena.used_) {}
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;
    ~Frame() {
      arena_.chunk_ = chunk_;
      arena_.used_ = used_;
    }

    /// `count` elements, aligned to a cache line, valid while the frame lives.
    template <typename T>
    std::span<T> take(std::size_t count) {
      static_assert(std::is_trivially_default_constructible_v<T> &&
                    std::is_trivially_destructible_v<T>);
      return {reinterpret_cast<T*>(arena_.takeBytes(count * sizeof(T))), count};
    }
    MatrixView<float> matrix(std::size_t rows, std::size_t cols) {
      return {take<float>(rows * cols).data(), rows, cols};
    }

   private:
    Arena& arena_;
    std::size_t chunk_;
    std::size_t used_;
  };

  /// Bytes held, used or not.
  std::size_t bytes() const;

 private:
  struct Free {
    void operator()(std::byte* bytes) const;
  };
  struct Chunk {
    std::unique_ptr<std::byte[], Free> bytes;
    std::size_t size = 0;
  };

  std::byte* takeBytes(std::size_t count);

  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;  // the one that is taken from
  std::size_t used_ = 0;   // bytes of it
};

}  // namespace vl
