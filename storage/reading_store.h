#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/image_files.h"
#include "storage/records.h"
#include "storage/sha256.h"
#include "storage/store_lock.h"

namespace vl {

enum class PageState { Waiting, Done, Failed, Skipped };

/// Where the text of a page is from.
enum class PageSource { TextLayer, Model, Person };

/// A page of a document that is read, or is to be.
struct ReadingPage {
  std::size_t page = 0;  // counted from 0
  PageState state = PageState::Waiting;
  std::optional<PageSource> source;  // none until it was read once
  std::string text;                  // UTF-8
  std::string error;                 // for a person: why it Failed, or that a text was cut off
  bool operator==(const ReadingPage&) const = default;
};

/// A document that is read, in the state of the last call that wrote to it.
struct ReadingRecord {
  ReadingId id{};
  std::string fileName;  // the person's name for it; only shown, never used as a path
  Sha256 sha256;         // of the copy of the document
  std::uint64_t bytes = 0;
  std::size_t pages = 0;    // that are to be read
  std::size_t waiting = 0;  // part of pages
  Timestamp created;
  Timestamp updated;
};

/// Documents that are read page by page, and what was read: beside the sessions of a data folder,
/// in the same database. The document itself is copied, so that reading goes on when the file is
/// gone:
///
///   documents/ab/abcdef...   PDF files by the SHA-256 of their content
///
/// Every call is one transaction, and what it has written survives the death of the process.
/// Thread rule, errors and sharing are those of SessionStore. Open a SessionStore on the folder
/// first: it is what tidies and sets a damaged history aside.
class ReadingStore {
 public:
  static Result<ReadingStore> open(const std::filesystem::path& dataFolder);

  /// Copies the document; takes as long as copying does. `pages` are ascending.
  /// Errors: NotFound, InvalidArgument (empty, not a regular file, over kMaxImageBytes).
  Result<ReadingRecord> begin(const std::filesystem::path& file, std::string_view fileName,
                              std::span<const std::size_t> pages);

  /// The last one worked on first.
  Result<std::vector<ReadingRecord>> list();
  /// Error: NotFound.
  Result<ReadingRecord> find(ReadingId reading);
  /// In the order of the document. Error: NotFound.
  Result<std::vector<ReadingPage>> pages(ReadingId reading);
  /// Replaces what there is of the page. Error: NotFound.
  Status savePage(ReadingId reading, const ReadingPage& page);
  /// With what was read, and the copy of the document unless another reading uses it.
  /// Error: NotFound.
  Status remove(ReadingId reading);

  /// Where the copy of the document lies; it must not be written to. Error: NotFound, Corrupt.
  Result<std::filesystem::path> documentPath(const ReadingRecord& reading) const;

 private:
  ReadingStore(StoreLock lock, Database database, ImageFiles documents);

  Result<ReadingId> insert(const StoredFile& file, std::string_view fileName,
                           std::span<const std::size_t> pages, std::int64_t now);

  StoreLock lock_;  // first member: given up after the database is closed
  Database database_;
  ImageFiles documents_;
};

/// Removes copies of documents that no reading uses, left by a crash. Requires to be the only one
/// with the folder open.
Status removeUnusedDocuments(Database& database, const std::filesystem::path& dataFolder);

}  // namespace vl
