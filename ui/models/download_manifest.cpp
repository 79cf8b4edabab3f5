#include "ui/models/download_manifest.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace vl {
namespace {

constexpr std::size_t kMostFiles = 1000;        // of a model, and of all that lies beside them
constexpr qsizetype kMostLetters = 4000;        // of a text for a person
constexpr double kMostBytes = 8796093022208.0;  // 2^43, 8 TiB: far above any model

struct Downloads {
  Q_DECLARE_TR_FUNCTIONS(Downloads)
};

Error wrong(const QString& what) { return {ErrorCode::InvalidArgument, what.toStdString()}; }

Error tooManyFiles() { return wrong(Downloads::tr("The list has too many files.")); }

/// Whether there are more than any model has. Looked at before any of them is.
bool isTooLong(const QJsonArray& list) {
  return static_cast<std::size_t>(list.size()) > kMostFiles;
}

/// A file directly in a folder, on any system, that is not hidden and no unfinished download.
bool isPlainName(const QString& name) {
  static const QRegularExpression kPlain("\\A[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}\\z");
  return kPlain.match(name).hasMatch() && !name.endsWith(".part") && !name.endsWith(".etag");
}

bool isWebAddress(const QUrl& url) {
  return url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() &&
         (url.scheme() == "https" || url.scheme() == "http");
}

bool isHex(const QByteArray& text, int digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// A text for a person: one for all, or several by language.
QString textFrom(const QJsonValue& value) {
  const QJsonObject texts = value.toObject();
  const QString own = QLocale::languageToCode(QLocale().language());
  return value.toString(texts[own].toString(texts["en"].toString()));
}

/// A whole number of bytes.
std::optional<quint64> bytesFrom(const QJsonValue& value) {
  const double bytes = value.toDouble(-1);
  if (bytes < 0 || bytes > kMostBytes || bytes != std::floor(bytes)) return std::nullopt;
  return static_cast<quint64>(bytes);
}

Status checkFiles(const std::vector<DownloadFile>& files) {
  std::set<QString> names;
  double total = 0;
  if (files.empty()) return wrong(Downloads::tr("The list of files is empty."));
  for (const DownloadFile& file : files) {
    if (!isPlainName(file.name)) {
      return wrong(
          Downloads::tr("“%1” is no name for a file in a model's folder.").arg(file.name.left(80)));
    }
    // two names that differ in case only are one file on some disks
    if (!names.insert(file.name.toLower()).second) {
      return wrong(Downloads::tr("“%1” is in the list twice.").arg(file.name));
    }
    if (!isWebAddress(file.url)) {
      return wrong(Downloads::tr("%1 has no web address to come from: only http and https will do.")
                       .arg(file.name));
    }
    total += static_cast<double>(file.bytes);
  }
  if (total > kMostBytes)
    return wrong(Downloads::tr("The files are larger than any model together."));
  return {};
}

Result<std::vector<DownloadFile>> filesFrom(const QJsonArray& array) {
  std::vector<DownloadFile> files;
  if (isTooLong(array)) return tooManyFiles();
  for (const auto& value : array) {
    const QJsonObject object = value.toObject();
    DownloadFile file;
    file.name = object["name"].toString();
    file.url = QUrl(object["url"].toString(), QUrl::StrictMode);
    const std::optional<quint64> bytes = bytesFrom(object["size"]);
    file.digest.hex = object["sha256"].toString().toLatin1();
    if (!bytes)
      return wrong(Downloads::tr("The size of “%1” is missing or impossible.").arg(file.name));
    if (!isHex(file.digest.hex, 64)) {
      return wrong(Downloads::tr("The SHA-256 of “%1” is missing or is none.").arg(file.name));
    }
    file.bytes = *bytes;
    files.push_back(std::move(file));
  }
  if (Status checked = checkFiles(files); !checked) return checked.error();
  return files;
}

Result<HubSource> hubFrom(const QJsonObject& object) {
  static const QRegularExpression kRepository("\\A[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+\\z");
  static const QRegularExpression kRevision("\\A[A-Za-z0-9_-][A-Za-z0-9_.-]*\\z");
  static const QRegularExpression kPattern("\\A[A-Za-z0-9_*][A-Za-z0-9_.*+-]*\\z");
  HubSource hub;
  hub.endpoint = QUrl(object["endpoint"].toString("https://huggingface.co"), QUrl::StrictMode);
  hub.repository = object["repository"].toString();
  hub.revision = object["revision"].toString("main");
  const QJsonArray names = object["files"].toArray();
  if (isTooLong(names)) return tooManyFiles();
  for (const auto& name : names) hub.files << name.toString();
  const bool named = std::all_of(hub.files.begin(), hub.files.end(), [](const QString& name) {
    return name.count('*') <= 1 && kPattern.match(name).hasMatch();
  });
  if (!isWebAddress(hub.endpoint) || !kRepository.match(hub.repository).hasMatch() ||
      !kRevision.match(hub.revision).hasMatch() || hub.files.isEmpty() || !named) {
    return wrong(Downloads::tr("The repository of the model is not described properly."));
  }
  return hub;
}

/// Without regular expressions, which a hostile pattern can keep busy for minutes.
bool matches(const QString& name, const QString& wanted) {
  const qsizetype star = wanted.indexOf('*');
  if (star < 0) return name == wanted;
  const QStringView pattern(wanted);
  return name.size() >= pattern.size() - 1 && name.startsWith(pattern.left(star)) &&
         name.endsWith(pattern.mid(star + 1)) && !name.contains('/');
}

}  // namespace

Result<DownloadManifest> parseManifest(const QByteArray& json) {
  QJsonParseError trouble{};
  const QJsonDocument document = QJsonDocument::fromJson(json, &trouble);
  if (!document.isObject()) {
    return wrong(
        Downloads::tr("This is no list of files to download: %1").arg(trouble.errorString()));
  }
  const QJsonObject object = document.object();
  const QJsonObject licence = object["licence"].toObject();
  DownloadManifest manifest;
  manifest.name = object["name"].toString();
  manifest.title = object["title"].toString(manifest.name).simplified();
  manifest.about = textFrom(object["about"]);
  manifest.licenceName = licence["name"].toString();
  manifest.licenceUrl = QUrl(licence["url"].toString(), QUrl::StrictMode);
  manifest.licenceSummary = textFrom(licence["summary"]);
  if (!isPlainName(manifest.name)) {
    return wrong(
        Downloads::tr("“%1” is no name for a model's folder.").arg(manifest.name.left(80)));
  }
  for (const QString& text : {manifest.title, manifest.about, manifest.licenceName,
                              manifest.licenceSummary, object["licence"]["url"].toString()}) {
    if (text.size() > kMostLetters) {
      return wrong(Downloads::tr("A text of the list is too long to be shown."));
    }
  }
  if (manifest.licenceName.isEmpty() || !isWebAddress(manifest.licenceUrl)) {
    return wrong(Downloads::tr("The licence of the model is not named."));
  }
  if (object.contains("huggingface")) {
    Result<HubSource> hub = hubFrom(object["huggingface"].toObject());
    if (!hub) return hub.error();
    manifest.hub = std::move(*hub);
    return manifest;
  }
  Result<std::vector<DownloadFile>> files = filesFrom(object["files"].toArray());
  if (!files) return files.error();
  manifest.files = std::move(*files);
  return manifest;
}

Result<std::vector<DownloadFile>> filesOfListing(const HubSource& hub, const QString& commit,
                                                 const QByteArray& json) {
  const QJsonDocument document = QJsonDocument::fromJson(json);
  if (!document.isArray()) return wrong(Downloads::tr("The server did not send a list of files."));
  if (isTooLong(document.array())) return tooManyFiles();
  std::vector<std::pair<QString, QJsonObject>> entries;
  for (const auto& value : document.array()) {
    const QJsonObject entry = value.toObject();
    if (entry["type"].toString() == "file") entries.emplace_back(entry["path"].toString(), entry);
  }
  std::vector<DownloadFile> files;
  for (const QString& wanted : hub.files) {
    bool found = false;
    for (const auto& [name, entry] : entries) {
      if (!matches(name, wanted)) continue;
      if (files.size() == kMostFiles) return tooManyFiles();
      found = true;
      const QJsonObject lfs = entry["lfs"].toObject();
      DownloadFile file;
      file.name = name;
      file.url = hub.endpoint;
      file.url.setPath('/' + hub.repository + "/resolve/" + commit + '/' + name);
      const std::optional<quint64> bytes = bytesFrom(lfs.isEmpty() ? entry["size"] : lfs["size"]);
      file.digest.kind = lfs.isEmpty() ? FileDigest::Kind::GitBlob : FileDigest::Kind::Sha256;
      file.digest.hex = (lfs.isEmpty() ? entry["oid"] : lfs["oid"]).toString().toLatin1();
      if (!bytes || !isHex(file.digest.hex, lfs.isEmpty() ? 40 : 64)) {
        return wrong(
            Downloads::tr("The server does not tell size and digest of %1.").arg(name.left(80)));
      }
      file.bytes = *bytes;
      files.push_back(std::move(file));
    }
    if (!found) {
      return Error{ErrorCode::NotFound,
                   Downloads::tr("%1 has no file %2.").arg(hub.repository, wanted).toStdString()};
    }
  }
  if (Status checked = checkFiles(files); !checked) return checked.error();
  return files;
}

std::vector<DownloadManifest> officialManifests() {
  std::vector<DownloadManifest> manifests;
  for (const char* name : {"deepseek-vl2-tiny", "deepseek-vl2-small", "deepseek-vl2"}) {
    QFile file(QString(":/downloads/%1.json").arg(name));
    if (!file.open(QIODevice::ReadOnly)) continue;
    Result<DownloadManifest> manifest = parseManifest(file.readAll());
    if (manifest) manifests.push_back(std::move(*manifest));
  }
  return manifests;
}

}  // namespace vl
