#include "storage/search_tokenizer.h"

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <new>
#include <utility>

#include "storage/grounding_tags.h"

namespace vl {

/// SQLite's own tokenizer for scripts with spaces.
struct SearchTokenizer::Instance {
  fts5_tokenizer words{};
  Fts5Tokenizer* tokenizer = nullptr;
};

void SearchTokenizer::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void SearchTokenizer::Destroy::operator()(Instance* instance) const {
  if (instance->tokenizer != nullptr) instance->words.xDelete(instance->tokenizer);
  delete instance;
}

namespace {

using OnToken = int (*)(void* context, int flags, const char* token, int bytes, int begin, int end);

struct Range {
  std::uint32_t first, last;
};

/// Scripts whose words are not separated, and Hangul, whose words carry their endings.
constexpr std::array kUnspaced = {
    Range{0x0e00, 0x0eff},    // Thai, Lao
    Range{0x1000, 0x109f},    // Myanmar
    Range{0x1100, 0x11ff},    // Hangul Jamo
    Range{0x1780, 0x17ff},    // Khmer
    Range{0x2e80, 0x2fdf},    // radicals
    Range{0x3005, 0x3007},    // iteration mark, closing mark, zero
    Range{0x3041, 0x318f},    // Kana, Bopomofo, Hangul Jamo
    Range{0x31a0, 0x31ff},    // Bopomofo, strokes, Katakana
    Range{0x3400, 0x4dbf},    // ideographs
    Range{0x4e00, 0x9fff},    //
    Range{0xa960, 0xa97f},    // Hangul Jamo
    Range{0xac00, 0xd7ff},    // Hangul
    Range{0xf900, 0xfaff},    // compatibility ideographs
    Range{0xff66, 0xffdc},    // half-width Kana and Hangul
    Range{0x20000, 0x3fffd},  // ideographs
};

bool isUnspaced(std::uint32_t codePoint) {
  for (const auto& [first, last] : kUnspaced) {
    if (codePoint >= first && codePoint <= last) return true;
  }
  return false;
}

/// Bytes of the character at the start of `text`, when it is a word of its own; 0 otherwise. None
/// of them has fewer than three bytes; invalid ones are left to SQLite.
std::size_t ownWordBytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t bytes = (byte(0) & 0xf0) == 0xe0 ? 3 : (byte(0) & 0xf8) == 0xf0 ? 4 : 0;
  if (bytes == 0 || text.size() < bytes) return 0;
  std::uint32_t codePoint = byte(0) & (bytes == 3 ? 0x0fu : 0x07u);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    codePoint = codePoint << 6 | (byte(i) & 0x3fu);
  }
  return isUnspaced(codePoint) ? bytes : 0;
}

/// Hands SQLite's tokens of a piece on with their place in the whole text.
struct Shift {
  void* context;
  OnToken onToken;
  int by;
  static int call(void* self, int flags, const char* token, int bytes, int begin, int end) {
    const auto& shift = *static_cast<const Shift*>(self);
    return shift.onToken(shift.context, flags, token, bytes, begin + shift.by, end + shift.by);
  }
};

class Splitter {
 public:
  Splitter(const fts5_tokenizer& words, Fts5Tokenizer* tokenizer, int flags, Shift shift)
      : words_(words), tokenizer_(tokenizer), flags_(flags), shift_(shift) {}

  /// Returns an SQLite code; stops at the first that is not SQLITE_OK.
  int split(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t spaced = begin;  // where what SQLite splits begins
    std::size_t at = begin;
    while (at < end) {
      const std::size_t bytes = ownWordBytes(text.substr(at, end - at));
      if (bytes == 0) {
        ++at;
        continue;
      }
      if (const int code = words(text, spaced, at); code != SQLITE_OK) return code;
      const int code = shift_.onToken(shift_.context, 0, text.data() + at, static_cast<int>(bytes),
                                      static_cast<int>(at), static_cast<int>(at + bytes));
      if (code != SQLITE_OK) return code;
      spaced = at += bytes;
    }
    return words(text, spaced, end);
  }

 private:
  int words(std::string_view text, std::size_t begin, std::size_t end) {
    if (begin == end) return SQLITE_OK;
    shift_.by = static_cast<int>(begin);
    return words_.xTokenize(tokenizer_, &shift_, flags_, text.data() + begin,
                            static_cast<int>(end - begin), &Shift::call);
  }

  const fts5_tokenizer& words_;
  Fts5Tokenizer* tokenizer_;
  int flags_;
  Shift shift_;
};

template <typename Instance>
int split(const Instance& instance, void* context, int flags, std::string_view text,
          OnToken onToken) {
  Splitter splitter(instance.words, instance.tokenizer, flags, {context, onToken, 0});
  int code = SQLITE_OK;
  forEachReadablePiece(text, [&](std::size_t begin, std::size_t end) {
    if (code == SQLITE_OK) code = splitter.split(text, begin, end);
  });
  return code;
}

Error noFullTextSearch() {
  return {ErrorCode::Unsupported, "This SQLite was built without full-text search (FTS5)."};
}

/// The documented way to FTS5's functions: SQLite writes their address to a bound pointer.
fts5_api* fts5Of(sqlite3* connection) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  return api;
}

template <typename Instance>
int createWords(fts5_api* api, Instance& instance) {
  void* context = nullptr;
  const int code = api->xFindTokenizer(api, "unicode61", &context, &instance.words);
  if (code != SQLITE_OK) return code;
  std::array<const char*, 2> options = {"remove_diacritics", "2"};
  return instance.words.xCreate(context, options.data(), static_cast<int>(options.size()),
                                &instance.tokenizer);
}

}  // namespace

Status SearchTokenizer::registerWith(sqlite3* connection) {
  fts5_api* api = fts5Of(connection);
  if (api == nullptr) return noFullTextSearch();
  fts5_tokenizer own{};
  own.xCreate = [](void* context, const char** /*options*/, int /*count*/, Fts5Tokenizer** out) {
    std::unique_ptr<Instance, Destroy> instance(new (std::nothrow) Instance);
    if (!instance) return SQLITE_NOMEM;
    const int code = createWords(static_cast<fts5_api*>(context), *instance);
    if (code == SQLITE_OK) *out = reinterpret_cast<Fts5Tokenizer*>(instance.release());
    return code;
  };
  own.xDelete = [](Fts5Tokenizer* self) { Destroy()(reinterpret_cast<Instance*>(self)); };
  own.xTokenize = [](Fts5Tokenizer* self, void* context, int flags, const char* text, int bytes,
                     OnToken onToken) {
    return split(*reinterpret_cast<const Instance*>(self), context, flags,
                 {text, static_cast<std::size_t>(bytes)}, onToken);
  };
  if (api->xCreateTokenizer(api, "vl2", api, &own, nullptr) != SQLITE_OK) throw std::bad_alloc();
  return {};
}

Result<SearchTokenizer> SearchTokenizer::create() {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(":memory:", &opened);
  std::unique_ptr<sqlite3, Close> connection(opened);
  if (code != SQLITE_OK) throw std::bad_alloc();
  fts5_api* api = fts5Of(connection.get());
  if (api == nullptr) return noFullTextSearch();
  std::unique_ptr<Instance, Destroy> instance(new Instance);
  if (createWords(api, *instance) != SQLITE_OK) throw std::bad_alloc();
  return SearchTokenizer(std::move(connection), std::move(instance));
}

SearchTokenizer::SearchTokenizer(std::unique_ptr<sqlite3, Close> connection,
                                 std::unique_ptr<Instance, Destroy> instance)
    : connection_(std::move(connection)), instance_(std::move(instance)) {}

std::vector<SearchToken> SearchTokenizer::tokens(std::string_view text) const {
  std::vector<SearchToken> tokens;
  const OnToken keep = [](void* context, int /*flags*/, const char* token, int bytes, int begin,
                          int end) {
    static_cast<std::vector<SearchToken>*>(context)->push_back(
        {std::string(token, static_cast<std::size_t>(bytes)), static_cast<std::size_t>(begin),
         static_cast<std::size_t>(end)});
    return SQLITE_OK;
  };
  if (split(*instance_, &tokens, FTS5_TOKENIZE_DOCUMENT, text, keep) != SQLITE_OK) {
    throw std::bad_alloc();  // the one way in which it fails
  }
  return tokens;
}

std::string readableText(std::string_view raw) {
  std::string text;
  forEachReadablePiece(raw, [&](std::size_t begin, std::size_t end) {
    text.append(raw.substr(begin, end - begin));
  });
  return text;
}

}  // namespace vl
