#pragma once

#include <string>
#include <utility>
#include <variant>

namespace vl {

/// What kind of thing went wrong; decides exit codes and which dialog is shown.
enum class ErrorCode {
  NotFound,         // a file, folder or key that should be there is not
  Corrupt,          // data contradicts its own format
  Unsupported,      // well-formed, but nothing we can run or read
  InvalidArgument,  // a request that cannot be carried out as asked
  OutOfMemory,      // the memory plan does not fit
  ContextFull,      // more tokens than the model's context holds
  Io,               // reading or writing failed: permissions, full disk
  Cancelled,        // a conversion or load was stopped (generation reports a StopReason instead)
  Internal,         // a defect of ours or an exception from a library
};

struct Error {
  ErrorCode code;
  std::string what;  // a sentence for a person: where, found what, expected what
};

/// A value or an Error, with the member names of std::expected (C++23), so that moving there is a
/// deletion. Marked nodiscard: an ignored failure does not compile.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): returns read as values
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): returns read as errors
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// Requires has_value().
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Requires !has_value().
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success, or an Error. `return Status{};` is success.
class [[nodiscard]] Status : public Result<std::monostate> {
 public:
  Status() : Result(std::monostate{}) {}
  // NOLINTNEXTLINE(google-explicit-constructor): returns read as errors
  Status(Error error) : Result(std::move(error)) {}
};

}  // namespace vl
