#pragma once

#include <span>
#include <string>
#include <vector>

namespace vl {

/// A source file of the repository.
struct SourceText {
  std::string path;  // from the repository root, with '/'
  std::string content;
};

/// Checks what the sources of app, ui, inference and storage include, and returns one sentence per
/// violation, in the order of the files:
///
///   app -> ui -> { inference, storage } -> inference/base
///   inside inference, in the order base tensor kernels weights text vision language engine, a
///   folder includes only those before it; text only base; language neither text nor vision;
///   documents what vision does, and vision; nothing of inference includes documents
///   no Qt in inference and storage
///   includes of our own start at the repository root
///   a .cpp with a header of the same name includes it first
std::vector<std::string> wrongIncludes(std::span<const SourceText> sources);

}  // namespace vl
