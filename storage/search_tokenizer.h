#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"

struct sqlite3;

namespace vl {

/// A word of a text, folded: without case and accents.
struct SearchToken {
  std::string text;
  std::size_t begin = 0, end = 0;  // bytes of the text it was read from
};

/// What the search index takes for a word. As SQLite's unicode61, but a character of a script that
/// is written without spaces (Chinese, Japanese, Korean, Thai, ...) is a word of its own, so that a
/// word of two such characters is a phrase. Grounding tags and their coordinates are not words.
///
/// The index was written with these rules: who changes them has to rebuild it in a migration.
class SearchTokenizer {
 public:
  /// Error: Unsupported (SQLite was built without FTS5).
  static Result<SearchTokenizer> create();
  /// Makes it known to a connection as "vl2". Error: as create.
  static Status registerWith(sqlite3* connection);

  std::vector<SearchToken> tokens(std::string_view text) const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Instance;
  struct Destroy {
    void operator()(Instance* instance) const;
  };
  SearchTokenizer(std::unique_ptr<sqlite3, Close> connection,
                  std::unique_ptr<Instance, Destroy> instance);

  std::unique_ptr<sqlite3, Close> connection_;  // in memory; lends unicode61
  std::unique_ptr<Instance, Destroy> instance_;
};

/// The text as a person reads it: without grounding tags and coordinates.
std::string readableText(std::string_view raw);

}  // namespace vl
