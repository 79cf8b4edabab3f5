#include "tests/architecture/include_arrows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace vl {
namespace {

namespace fs = std::filesystem;

using Findings = std::vector<std::string>;

/// The findings about one made-up file.
Findings findingsIn(std::string path, std::string content) {
  const SourceText source{std::move(path), std::move(content)};
  return wrongIncludes({&source, 1});
}

TEST(IncludeArrows, FollowTheLayers) {
  EXPECT_EQ(findingsIn("app/main.cpp",
                       "#include \"ui/window.h\"\n"
                       "#include \"inference/engine/engine.h\"\n"
                       "#include \"storage/session_store.h\"\n"),
            Findings{});
  EXPECT_EQ(findingsIn("ui/a.cpp", "#include \"storage/session_store.h\"\n"), Findings{});
  EXPECT_EQ(findingsIn("storage/a.cpp", "#include \"inference/base/result.h\"\n"), Findings{});
}

TEST(IncludeArrows, NeverPointUp) {
  EXPECT_EQ(findingsIn("ui/a.cpp", "#include \"app/main.h\"\n"),
            Findings{"ui/a.cpp may not include app/main.h"});
  EXPECT_EQ(findingsIn("storage/a.h", "#include \"ui/a.h\"\n"),
            Findings{"storage/a.h may not include ui/a.h"});
  EXPECT_EQ(findingsIn("inference/engine/a.h", "#include \"storage/a.h\"\n"),
            Findings{"inference/engine/a.h may not include storage/a.h"});
  EXPECT_EQ(findingsIn("ui/a.cpp", "#include \"tests/a.h\"\n"),
            Findings{"ui/a.cpp may not include tests/a.h"});
}

TEST(IncludeArrows, StorageSeesNothingOfInferenceButBase) {
  EXPECT_EQ(findingsIn("storage/a.h", "#include \"inference/engine/request.h\"\n"),
            Findings{"storage/a.h may not include inference/engine/request.h"});
}

TEST(IncludeArrows, FoldersOfInferenceFollowTheirOrder) {
  const std::vector<std::string> order = {"base", "tensor", "kernels",  "weights",
                                          "text", "vision", "language", "engine"};
  const auto allowed = [](const std::string& from, const std::string& to) {
    if (from == "text") return to == "text" || to == "base";
    if (from == "language") return to != "text" && to != "vision" && to != "engine";
    return true;
  };
  for (std::size_t from = 0; from < order.size(); ++from) {
    for (std::size_t to = 0; to < order.size(); ++to) {
      const Findings findings = findingsIn("inference/" + order[from] + "/a.h",
                                           "#include \"inference/" + order[to] + "/b.h\"\n");
      EXPECT_EQ(findings.empty(), to <= from && allowed(order[from], order[to]))
          << order[from] << " -> " << order[to];
    }
  }
}

TEST(IncludeArrows, DocumentsAreBesideTheModel) {
  const auto findings = [](const std::string& from, const std::string& to) {
    return findingsIn(from + "/a.h", "#include \"" + to + "/b.h\"\n");
  };
  for (const std::string to : {"base", "text", "vision", "weights"}) {
    EXPECT_EQ(findings("inference/documents", "inference/" + to), Findings{}) << to;
  }
  for (const std::string folder : {"language", "engine"}) {
    EXPECT_NE(findings("inference/documents", "inference/" + folder), Findings{}) << folder;
    EXPECT_NE(findings("inference/" + folder, "inference/documents"), Findings{}) << folder;
  }
  EXPECT_EQ(findings("ui", "inference/documents"), Findings{});
  EXPECT_EQ(findings("app", "inference/documents"), Findings{});
}

TEST(IncludeArrows, ANewFolderMustBeEntered) {
  EXPECT_EQ(findingsIn("inference/audio/a.h", ""),
            Findings{"inference/audio/a.h belongs to no known layer"});
}

TEST(IncludeArrows, KeepQtOutOfInferenceAndStorage) {
  for (const std::string header : {"QString", "QtCore/qglobal.h", "qobject.h", "QtGlobal"}) {
    const std::string line = "#include <" + header + ">\n";
    EXPECT_EQ(findingsIn("storage/a.h", line), Findings{"storage/a.h includes Qt: " + header});
    EXPECT_EQ(findingsIn("inference/base/a.h", line),
              Findings{"inference/base/a.h includes Qt: " + header});
    EXPECT_EQ(findingsIn("ui/a.h", line), Findings{});
  }
  EXPECT_EQ(findingsIn("storage/a.h", "#include <queue>\n#include <sqlite3.h>\n"), Findings{});
}

TEST(IncludeArrows, SeeEveryWayOfWritingAnInclude) {
  for (const std::string line : {"#include <ui/a.h>", "  #  include \"ui/a.h\"",
                                 "#include\"ui/a.h\" // why", "#include \"ui/a.h\"\r"}) {
    EXPECT_EQ(findingsIn("storage/a.h", line), Findings{"storage/a.h may not include ui/a.h"})
        << line;
  }
  EXPECT_EQ(findingsIn("storage/a.h", "// #include \"ui/a.h\"\n"), Findings{});
}

TEST(IncludeArrows, StartAtTheRepositoryRoot) {
  EXPECT_EQ(findingsIn("ui/a.cpp", "#include \"b.h\"\n"),
            Findings{"ui/a.cpp includes b.h, which does not start at the repository root"});
  EXPECT_EQ(
      findingsIn("ui/a.cpp", "#include \"../storage/b.h\"\n"),
      Findings{"ui/a.cpp includes ../storage/b.h, which does not start at the repository root"});
  EXPECT_EQ(findingsIn("ui/a.cpp", "#include \"a.moc\"\n"), Findings{});
}

TEST(IncludeArrows, ASourceIncludesItsOwnHeaderFirst) {
  const SourceText header{"ui/a.h", ""};
  const auto findings = [&](std::string content) {
    const std::vector<SourceText> sources = {header, {"ui/a.cpp", std::move(content)}};
    return wrongIncludes(sources);
  };
  EXPECT_EQ(findings("#include \"ui/a.h\"\n\n#include <vector>\n"), Findings{});
  EXPECT_EQ(findings("#include <vector>\n#include \"ui/a.h\"\n"),
            Findings{"ui/a.cpp does not include ui/a.h first"});
  EXPECT_EQ(findings(""), Findings{"ui/a.cpp does not include ui/a.h first"});
  EXPECT_EQ(findingsIn("app/main.cpp", "#include <vector>\n"), Findings{});  // it has no header
}

std::vector<SourceText> sourcesUnder(const fs::path& root, const std::string& folder) {
  std::vector<SourceText> sources;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".h" && path.extension() != ".cpp") continue;
    std::ifstream in(path, std::ios::binary);
    sources.push_back({path.lexically_relative(root).generic_string(),
                       std::string(std::istreambuf_iterator<char>(in), {})});
  }
  return sources;
}

TEST(IncludeArrows, HoldInThisRepository) {
  std::vector<SourceText> sources;
  for (const std::string folder : {"app", "ui", "inference", "storage"}) {
    const std::vector<SourceText> found = sourcesUnder(VL_SOURCE_DIR, folder);
    EXPECT_FALSE(found.empty()) << "nothing to check in " << folder;
    sources.insert(sources.end(), found.begin(), found.end());
  }
  for (const std::string& finding : wrongIncludes(sources)) ADD_FAILURE() << finding;
}

}  // namespace
}  // namespace vl
