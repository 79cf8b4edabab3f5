#pragma once

#include <span>
#include <string>
#include <vector>

#include "storage/annotations/annotation.h"

namespace vl {

// Text of files in the formats that annotation and training programs read. Invalid UTF-8 in labels
// becomes U+FFFD.

/// COCO's object detection format: all images in one file, boxes as [x, y, width, height].
std::string cocoJson(std::span<const AnnotatedImage> images);

/// LabelMe 5: one image, boxes as rectangles with two corners; the image is not embedded.
std::string labelMeJson(const AnnotatedImage& image);

/// Pascal VOC: one image; whole pixels counted from 1, both ends included, as VOC has them.
std::string pascalVocXml(const AnnotatedImage& image);

/// The distinct labels in order of appearance: what YOLO's classes.txt lists.
std::vector<std::string> classesOf(std::span<const AnnotatedImage> images);
/// YOLO: one image; class number, centre and size per line, as shares of the image.
std::string yoloText(const AnnotatedImage& image, std::span<const std::string> classes);

/// A line per box below a line of names (RFC 4180): image,width,height,label,x1,y1,x2,y2.
std::string annotationsCsv(std::span<const AnnotatedImage> images);

}  // namespace vl
