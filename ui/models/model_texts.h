#pragma once

#include <QString>
#include <cstddef>

#include "ui/models/model_library.h"

namespace vl {

// What the model window says about models.

/// "3.6 GB": as disks are sold and as the system shows files.
QString sizeText(std::size_t bytes);
/// "Tiny · q8_0 · 3.6 GB", or that it cannot be used.
QString modelSummary(const LibraryModel& model);
/// "3.37 billion"
QString parametersText(std::size_t parameters);
/// "Needs 4.1 GB; 9.8 GB are free now"
QString memoryText(const MemoryPlan& plan);
/// What the memory is for.
QString memoryParts(const MemoryPlan& plan);

}  // namespace vl
