#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <optional>
#include <vector>

#include "inference/base/result.h"

namespace vl {

/// How a file's content is known: the digest of all of it, as hexadecimal digits.
struct FileDigest {
  enum class Kind {
    Sha256,
    GitBlob,  // SHA-1 of "blob <bytes>\0" and the content: how Git names a file
  };
  Kind kind = Kind::Sha256;
  QByteArray hex;
};

/// One file of a download, all of it known.
struct DownloadFile {
  QString name;  // of a file directly in the model's folder
  QUrl url;
  quint64 bytes = 0;
  FileDigest digest;
};

/// Where sizes and digests come from when the manifest itself does not have them: a repository on
/// Hugging Face, which tells them for each of its files.
struct HubSource {
  QUrl endpoint;
  QString repository;  // "deepseek-ai/deepseek-vl2-tiny"
  QString revision;    // a branch or a commit
  QStringList files;   // names; in each, one "*" may stand for any letters
};

/// What to download and under which conditions.
struct DownloadManifest {
  QString name;   // of the model's folder
  QString title;  // for a person
  QString about;  // a sentence for a person
  QString licenceName;
  QUrl licenceUrl;
  QString licenceSummary;
  std::vector<DownloadFile> files;  // empty when there is a hub to be asked
  std::optional<HubSource> hub;
};

/// Reads a manifest, which may be hostile: names must be those of plain files, once each; addresses
/// http or https; sizes together below 2^43 bytes; at most 1000 files. The format (JSON):
///
///   {"name": "my-model", "title": "My model", "about": "...",
///    "licence": {"name": "...", "url": "https://...", "summary": "..."},
///    "files": [{"name": "config.json", "url": "https://...", "size": 123, "sha256": "..."}, ...]}
///
/// or, in place of "files", "huggingface": {"repository": "owner/name", "revision": "main",
/// "files": ["config.json", "*.safetensors"]}, where a name may have one "*". "about" and "summary"
/// may also be objects with the text in several languages: {"en": "...", "zh": "..."}; who speaks
/// none of them gets the English. Error: InvalidArgument, with what is wrong.
Result<DownloadManifest> parseManifest(const QByteArray& json);

/// The files that a repository's listing (JSON of /api/models/<repository>/tree/<commit>) has for
/// the names of `hub`. Errors: InvalidArgument (hostile, or no listing), NotFound (a name that it
/// lacks).
Result<std::vector<DownloadFile>> filesOfListing(const HubSource& hub, const QString& commit,
                                                 const QByteArray& json);

/// The manifests that come with the app: the three official models.
std::vector<DownloadManifest> officialManifests();

}  // namespace vl
