#include "inference/weights/safetensors_header.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/tensor/checked_size.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kMetadataKey = "__metadata__";

/// Builds the tensors while the JSON is read. Each expected value is a state, so anything nested
/// where it does not belong ends the parse at once and no tree of hostile JSON is ever built.
class HeaderHandler final : public nlohmann::json_sax<json> {
 public:
  explicit HeaderHandler(std::span<const std::byte> data) : data_(data) {}

  TensorsByName& tensors() { return tensors_; }
  /// What is wrong, once the parse has returned false.
  Error& failure() { return failure_; }

  bool start_object(std::size_t) override {
    switch (state_) {
      case State::Start:
        state_ = State::Names;
        return true;
      case State::TensorValue:
        state_ = State::TensorKeys;
        return true;
      case State::MetadataValue:
        state_ = State::MetadataKeys;
        return true;
      default:
        return unexpected("an object");
    }
  }

  bool end_object() override {
    switch (state_) {
      case State::Names:
        state_ = State::End;
        return true;
      case State::TensorKeys:
        state_ = State::Names;
        return finishTensor();
      default:  // a MetadataKeys: objects end only where a key could stand
        state_ = State::Names;
        return true;
    }
  }

  bool start_array(std::size_t) override {
    if (state_ == State::ShapeValue) {
      shape_.emplace();
      state_ = State::ShapeItems;
      return true;
    }
    if (state_ == State::OffsetsValue) {
      offsets_.emplace();
      state_ = State::OffsetsItems;
      return true;
    }
    return unexpected("a list");
  }

  bool end_array() override {
    if (state_ == State::OffsetsItems && offsets_->size() != 2) {
      return fail(ErrorCode::Corrupt, "data_offsets has " + std::to_string(offsets_->size()) +
                                          " values, expected begin and end");
    }
    state_ = State::TensorKeys;
    return true;
  }

  bool key(std::string& key) override {
    switch (state_) {
      case State::Names:
        return startEntry(key);
      case State::TensorKeys:
        return startField(key);
      default:  // State::MetadataKeys
        state_ = State::MetadataText;
        return true;
    }
  }

  bool string(std::string& text) override {
    if (state_ == State::DtypeValue) {
      dtype_ = dtypeFromName(text);
      if (!dtype_)
        return fail(ErrorCode::Unsupported, "dtype " + quotedText(text) + " is not known");
      state_ = State::TensorKeys;
      return true;
    }
    if (state_ == State::MetadataText) {
      state_ = State::MetadataKeys;
      return true;
    }
    return unexpected("a text");
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (state_ == State::ShapeItems) {
      if (shape_->size() == kMaxDimensions) {
        return fail(ErrorCode::Unsupported,
                    "more than " + std::to_string(kMaxDimensions) + " dimensions");
      }
      shape_->push_back(value);
      return true;
    }
    if (state_ == State::OffsetsItems) {
      if (offsets_->size() == 2) return fail(ErrorCode::Corrupt, "data_offsets has over 2 values");
      offsets_->push_back(value);
      return true;
    }
    return unexpected("a number");
  }

  bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return unexpected("a number with a fraction or beyond 64 bits");
  }
  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("true or false"); }
  bool binary(binary_t&) override { return unexpected("binary data"); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    failure_ = {ErrorCode::Corrupt,
                "the header is not valid JSON at byte " + std::to_string(position)};
    return false;
  }

 private:
  /// What the next token belongs to: "Value" expects one, "Items" is inside a list, "Keys" expects
  /// a key or the end of an object.
  enum class State {
    Start,
    Names,
    TensorValue,
    TensorKeys,
    DtypeValue,
    ShapeValue,
    ShapeItems,
    OffsetsValue,
    OffsetsItems,
    MetadataValue,
    MetadataKeys,
    MetadataText,
    End,
  };

  bool fail(ErrorCode code, std::string_view what) {
    failure_ = {code, name_.empty() ? std::string(what)
                                    : "tensor " + quotedText(name_) + ": " + std::string(what)};
    return false;
  }

  bool unexpected(std::string_view found) {
    std::string_view expected = "a JSON object of tensors";
    if (state_ == State::TensorValue) expected = "an object with dtype, shape and data_offsets";
    if (state_ == State::DtypeValue) expected = "dtype to be a text";
    if (state_ == State::ShapeValue || state_ == State::ShapeItems) {
      expected = "shape to be a list of whole numbers";
    }
    if (state_ == State::OffsetsValue || state_ == State::OffsetsItems) {
      expected = "data_offsets to be a list of two whole numbers";
    }
    if (state_ == State::MetadataValue || state_ == State::MetadataText) {
      expected = "__metadata__ to map texts to texts";
    }
    return fail(ErrorCode::Corrupt,
                "found " + std::string(found) + ", expected " + std::string(expected));
  }

  bool startEntry(const std::string& name) {
    name_.clear();
    if (name == kMetadataKey) {
      if (std::exchange(metadataSeen_, true)) {
        return fail(ErrorCode::Corrupt, "__metadata__ occurs twice");
      }
      state_ = State::MetadataValue;
      return true;
    }
    if (tensors_.contains(name)) {
      return fail(ErrorCode::Corrupt, "tensor " + quotedText(name) + " occurs twice");
    }
    name_ = name;
    dtype_.reset();
    shape_.reset();
    offsets_.reset();
    state_ = State::TensorValue;
    return true;
  }

  bool startField(const std::string& key) {
    bool repeated = false;
    if (key == "dtype") {
      repeated = dtype_.has_value();
      state_ = State::DtypeValue;
    } else if (key == "shape") {
      repeated = shape_.has_value();
      state_ = State::ShapeValue;
    } else if (key == "data_offsets") {
      repeated = offsets_.has_value();
      state_ = State::OffsetsValue;
    } else {
      return fail(ErrorCode::Corrupt,
                  "unknown key " + quotedText(key) + ", expected dtype, shape and data_offsets");
    }
    if (repeated) return fail(ErrorCode::Corrupt, "key " + quotedText(key) + " occurs twice");
    return true;
  }

  bool finishTensor() {
    if (!dtype_ || !shape_ || !offsets_) {
      return fail(ErrorCode::Corrupt, "dtype, shape or data_offsets is missing");
    }
    const std::size_t begin = (*offsets_)[0];
    const std::size_t end = (*offsets_)[1];
    if (begin > end || end > data_.size()) {
      return fail(ErrorCode::Corrupt, "bytes " + std::to_string(begin) + " to " +
                                          std::to_string(end) + " do not lie in the " +
                                          std::to_string(data_.size()) + " bytes of data");
    }
    const std::optional<std::size_t> count = checkedProduct(*shape_);
    const std::optional<std::size_t> bytes =
        count ? checkedMultiply(*count, sizeOf(*dtype_)) : std::nullopt;
    if (!bytes) return fail(ErrorCode::Corrupt, "its shape is larger than any memory");
    if (*bytes != end - begin) {
      return fail(ErrorCode::Corrupt, "dtype and shape make " + std::to_string(*bytes) +
                                          " bytes, but data_offsets span " +
                                          std::to_string(end - begin));
    }
    tensors_.emplace(name_, StoredTensor{.name = name_,
                                         .dtype = *dtype_,
                                         .shape = *std::move(shape_),
                                         .bytes = data_.subspan(begin, end - begin)});
    name_.clear();
    return true;
  }

  std::span<const std::byte> data_;
  TensorsByName tensors_;
  Error failure_{ErrorCode::Corrupt, "the header is not a JSON object"};

  State state_ = State::Start;
  bool metadataSeen_ = false;
  // The tensor being read; name_ is empty outside of one.
  std::string name_;
  std::optional<DType> dtype_;
  std::optional<std::vector<std::size_t>> shape_;
  std::optional<std::vector<std::size_t>> offsets_;
};

/// The tensors must cover the data from its first to its last byte, each byte once.
Status checkCoverage(const TensorsByName& tensors, std::span<const std::byte> data) {
  std::vector<const StoredTensor*> inOrder;
  inOrder.reserve(tensors.size());
  for (const auto& [name, tensor] : tensors) inOrder.push_back(&tensor);
  // Offsets rather than pointers: an empty tensor sorts before a full one that begins with it.
  const auto beginOf = [data](const StoredTensor* tensor) {
    return static_cast<std::size_t>(tensor->bytes.data() - data.data());
  };
  std::ranges::sort(inOrder, {}, [beginOf](const StoredTensor* tensor) {
    return std::pair(beginOf(tensor), tensor->bytes.size());
  });
  std::size_t covered = 0;
  for (const StoredTensor* tensor : inOrder) {
    const std::size_t begin = beginOf(tensor);
    if (begin != covered) {
      return Error{ErrorCode::Corrupt, "tensor " + quotedText(tensor->name) + " begins at byte " +
                                           std::to_string(begin) + " of the data, " +
                                           (begin < covered ? "inside" : "after a gap behind") +
                                           " the tensor before it, expected " +
                                           std::to_string(covered)};
    }
    covered += tensor->bytes.size();
  }
  if (covered != data.size()) {
    return Error{ErrorCode::Corrupt, "the tensors cover " + std::to_string(covered) + " of " +
                                         std::to_string(data.size()) + " bytes of data"};
  }
  return {};
}

Result<TensorsByName> parseContents(std::span<const std::byte> file) {
  if (file.size() < kLengthBytes) {
    return Error{ErrorCode::Corrupt,
                 "too short for a safetensors file: " + std::to_string(file.size()) +
                     " bytes, expected 8 or more"};
  }
  std::uint64_t headerBytes = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    headerBytes |= std::to_integer<std::uint64_t>(file[i]) << (8 * i);
  }
  const std::size_t rest = file.size() - kLengthBytes;
  if (headerBytes > kMaxHeaderBytes || headerBytes > rest) {
    return Error{ErrorCode::Corrupt, "the header claims " + std::to_string(headerBytes) +
                                         " bytes, expected at most " +
                                         std::to_string(std::min(rest, kMaxHeaderBytes))};
  }
  const auto* text = reinterpret_cast<const char*>(file.data() + kLengthBytes);
  if (headerBytes == 0 || text[0] != '{') {
    return Error{ErrorCode::Corrupt, "the header does not begin with '{'"};
  }
  const std::span<const std::byte> data = file.subspan(kLengthBytes + headerBytes);
  HeaderHandler handler(data);
  if (!json::sax_parse(text, text + headerBytes, &handler)) return std::move(handler.failure());
  if (const Status coverage = checkCoverage(handler.tensors(), data); !coverage)
    return coverage.error();
  return std::move(handler.tensors());
}

}  // namespace

Result<TensorsByName> parseSafetensors(std::span<const std::byte> file,
                                       const std::string& fileName) {
  Result<TensorsByName> tensors = parseContents(file);
  if (!tensors) return Error{tensors.error().code, fileName + ": " + tensors.error().what};
  return tensors;
}

}  // namespace vl
