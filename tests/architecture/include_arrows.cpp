#include "tests/architecture/include_arrows.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>

namespace vl {

namespace {

/// "ui", or "inference/text" for a file below inference/text, or "storage/exchange"; nullopt for a
/// file of no layer.
std::optional<std::string> layerOf(std::string_view path) {
  constexpr std::array<std::string_view, 6> kTopFolders = {"app",     "ui",    "inference",
                                                           "storage", "tests", "bench"};
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view top = path.substr(0, slash);
  if (std::find(kTopFolders.begin(), kTopFolders.end(), top) == kTopFolders.end()) {
    return std::nullopt;
  }
  if (path.starts_with("storage/exchange/")) return "storage/exchange";
  if (top != "inference") return std::string(top);
  return std::string(path.substr(0, path.find('/', slash + 1)));
}

/// Which layers each layer may include, itself among them. A layer that is not listed may include
/// nothing of ours, so that a new folder has to be entered here.
const std::map<std::string, std::set<std::string>>& arrows() {
  static const std::map<std::string, std::set<std::string>> all = [] {
    const std::string base = "inference/base", tensor = "inference/tensor",
                      kernels = "inference/kernels", weights = "inference/weights",
                      text = "inference/text", vision = "inference/vision",
                      documents = "inference/documents", language = "inference/language",
                      engine = "inference/engine";
    std::map<std::string, std::set<std::string>> arrows = {
        {base, {base}},
        {tensor, {base, tensor}},
        {kernels, {base, tensor, kernels}},
        {weights, {base, tensor, kernels, weights}},
        {text, {base, text}},
        {vision, {base, tensor, kernels, weights, text, vision}},
        {documents, {base, tensor, kernels, weights, text, vision, documents}},
        {language, {base, tensor, kernels, weights, language}},
        {engine, {base, tensor, kernels, weights, text, vision, language, engine}},
        {"storage", {base, "storage"}},
        {"storage/exchange", {base, text, "storage", "storage/exchange"}},
    };
    arrows["ui"] = arrows.at(engine);
    arrows["ui"].insert({documents, "storage", "storage/exchange", "ui"});
    arrows["app"] = arrows.at("ui");
    arrows["app"].insert("app");
    return arrows;
  }();
  return all;
}

bool mayInclude(const std::string& from, const std::string& to) {
  const auto found = arrows().find(from);
  return found != arrows().end() && found->second.contains(to);
}

/// <QString>, <QtWidgets/QWidget>, <qglobal.h>.
bool isQt(const std::string& header) {
  static const std::regex qt("Q[A-Z].*|Qt.*|q[a-z]+\\.h");
  return std::regex_match(header, qt) && header != "quadmath.h";
}

struct Include {
  std::string header;
  bool quoted = false;
};

std::vector<Include> includesOf(const std::string& content) {
  static const std::regex directive(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, directive)) {
      includes.push_back({match[2], match[1] == "\""});
    }
  }
  return includes;
}

class Checker {
 public:
  explicit Checker(std::span<const SourceText> sources) {
    for (const SourceText& source : sources) paths_.insert(source.path);
  }

  void check(const SourceText& source) {
    const std::optional<std::string> layer = layerOf(source.path);
    if (!layer || !arrows().contains(*layer)) {
      note(source, "belongs to no known layer");
      return;
    }
    const std::vector<Include> includes = includesOf(source.content);
    for (const Include& include : includes) checkInclude(source, *layer, include);
    checkOwnHeaderFirst(source, includes);
  }

  std::vector<std::string> findings() && { return std::move(findings_); }

 private:
  void checkInclude(const SourceText& source, const std::string& layer, const Include& include) {
    const std::string& header = include.header;
    if (isQt(header) && (layer.starts_with("storage") || layer.starts_with("inference/"))) {
      note(source, "includes Qt: " + header);
    }
    const std::optional<std::string> target = layerOf(header);
    if (target && !mayInclude(layer, *target)) note(source, "may not include " + header);
    // moc writes its files into the build folder.
    if (!target && include.quoted && !header.ends_with(".moc")) {
      note(source, "includes " + header + ", which does not start at the repository root");
    }
  }

  void checkOwnHeaderFirst(const SourceText& source, const std::vector<Include>& includes) {
    if (!source.path.ends_with(".cpp")) return;
    const std::string own = source.path.substr(0, source.path.size() - 4) + ".h";
    if (!paths_.contains(own)) return;
    if (includes.empty() || includes.front().header != own) {
      note(source, "does not include " + own + " first");
    }
  }

  void note(const SourceText& source, const std::string& finding) {
    findings_.push_back(source.path + " " + finding);
  }

  std::set<std::string> paths_;
  std::vector<std::string> findings_;
};

}  // namespace

std::vector<std::string> wrongIncludes(std::span<const SourceText> sources) {
  Checker checker(sources);
  for (const SourceText& source : sources) checker.check(source);
  return std::move(checker).findings();
}

}  // namespace vl
