#include "inference/weights/json_file.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "inference/weights/mapped_file.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

/// First pass over the text: finds what the parser of the tree would accept or hide.
class JsonGuard final : public nlohmann::json_sax<json> {
 public:
  const std::string& failure() const { return failure_; }

  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }

  bool key(std::string& key) override {
    if (keys_.back().insert(key).second) return true;
    failure_ = "key " + quotedText(key) + " occurs twice in one object";
    return false;
  }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(binary_t&) override { return true; }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    failure_ = "not valid JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  bool open() {
    if (keys_.size() == kMaxJsonDepth) {
      failure_ = "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
      return false;
    }
    keys_.emplace_back();
    return true;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;  // one per open list or object; lists have none
  std::string failure_;
};

}  // namespace

Result<json> parseJson(std::string_view text, const std::string& fileName) {
  JsonGuard guard;
  if (!json::sax_parse(text.begin(), text.end(), &guard)) {
    return Error{ErrorCode::Corrupt, fileName + ": " + guard.failure()};
  }
  json tree = json::parse(text.begin(), text.end(), nullptr, false);
  if (tree.is_discarded()) return Error{ErrorCode::Corrupt, fileName + ": not valid JSON"};
  return tree;
}

Result<json> readJsonFile(const std::filesystem::path& path, std::size_t maxBytes) {
  const Result<MappedFile> file = MappedFile::open(path);
  if (!file) return file.error();
  const std::span<const std::byte> bytes = file->bytes();
  if (bytes.size() > maxBytes) {
    return Error{ErrorCode::Corrupt, path.string() + ": " + std::to_string(bytes.size()) +
                                         " bytes, expected at most " + std::to_string(maxBytes)};
  }
  return parseJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

}  // namespace vl
