#pragma once

#include <QString>

#include "inference/base/result.h"

namespace vl {

/// Whether it went well; otherwise `teller`, an object with the signal `problem`, says what did
/// not.
template <typename Teller, typename T>
bool succeeded(Teller& teller, const Result<T>& result) {
  if (!result) emit teller.problem(QString::fromStdString(result.error().what));
  return result.has_value();
}

}  // namespace vl
