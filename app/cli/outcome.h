#pragma once

#include <string>

#include "inference/base/result.h"

namespace vl {

enum class ExitCode : int {
  Ok = 0,
  Internal = 1,
  Usage = 2,
  BadInput = 3,  // or model
  NoMemory = 4,
  Interrupted = 130,
};

/// How a verb ended, and the sentence for stderr unless all went well.
struct Outcome {
  ExitCode exit = ExitCode::Ok;
  std::string sentence = {};
};

inline ExitCode exitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::NotFound:
    case ErrorCode::Corrupt:
    case ErrorCode::Unsupported:
    case ErrorCode::InvalidArgument:
    case ErrorCode::ContextFull:
    case ErrorCode::Io:
      return ExitCode::BadInput;
    case ErrorCode::OutOfMemory:
      return ExitCode::NoMemory;
    case ErrorCode::Cancelled:
      return ExitCode::Interrupted;
    case ErrorCode::Internal:
      return ExitCode::Internal;
  }
  return ExitCode::Internal;
}

inline Outcome failure(const Error& error) { return {exitCodeOf(error.code), error.what}; }
/// What was typed cannot be carried out, whatever files hold.
inline Outcome usageError(const Error& error) { return {ExitCode::Usage, error.what}; }

}  // namespace vl
