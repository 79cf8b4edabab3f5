#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "inference/base/grounding_types.h"

namespace vl {

/// A box with its label, as other programs exchange them.
struct Annotation {
  std::string label;  // UTF-8
  PixelBox box;       // inside its image, x1 <= x2, y1 <= y2
  bool operator==(const Annotation&) const = default;
};

/// What is marked on one image.
struct AnnotatedImage {
  std::string fileName;  // without folders
  ImageSize size;
  std::vector<Annotation> boxes;
  bool operator==(const AnnotatedImage&) const = default;
};

// A file may come from anywhere: larger ones are refused with a sentence.
inline constexpr std::size_t kMaxAnnotationBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxAnnotatedImages = 100'000;
inline constexpr std::size_t kMaxAnnotations = 1'000'000;  // of all images

}  // namespace vl
