#pragma once

#include <QString>

#include "storage/records.h"

namespace vl {

/// A time as a list shows it: "14:05", "Yesterday", "Tuesday", "3/14/26".
QString ageText(Timestamp time);

}  // namespace vl
