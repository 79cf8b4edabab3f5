#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "app/cli/verb.h"
#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Usage, WrongUseIsExitTwoWithOneSentence) {
  const std::string model = microModel();
  for (const Words& words : std::vector<Words>{
           {},
           {"asks"},
           {"--model", model, "info"},
           {"info", "--modle", model},
           {"info", "--model"},
           {"info", "--json=yes"},
           {"info", "--model", model, "--model", model},
           {"info", "surplus"},
           {"ask", "--model", model},
           {"ask", "--model", model, "two", "words"},
           {"ask", "--model", model, "--temperature", "warm", "hello"},
           {"ask", "--model", model, "--temperature", "-1", "hello"},
           {"ask", "--model", model, "--top-p", "nan", "hello"},
           {"ask", "--model", model, "--max-tokens", "0", "hello"},
           {"ask", "--model", model, "--seed", "99999999999999999999", "hello"},
           {"ask", "--model", model, "--threads", "0", "hello"},
           {"ask", "--model", model, "--annotate", "out.png", "hello"},
           {"ground", "--model", model, "a phrase"},
           {"tokenize", "--model", model},
           {"tokenize", "--model", model, "--text", "a", "--file", "b"},
           {"detokenize", "--model", model, "12x"},
           {"detokenize", "--model", model, "99999999999"},
           {"trace", "--model", model},
           {"eval", "--model", model},
           {"compare", "--model", model},
           {"compare", "--model", model, "--reference", model, "--limit", "3"},
           {"eval", "--model", model, "--suite", "s.json", "--max-tokens", "0"},
           {"bench", "--model", model, "--repeat", "0"},
           {"bench", "--model", model, "--threads", "0"},
           {"bench", "--model", model, "--depth", "0,,1"},
           {"bench", "--model", model, "--tiles", "many"},
           {"convert", model},
           {"convert", model, "dst"},
           {"convert", model, "dst", "--type", "q4_0"},
       }) {
    const Finished run = runVl2(words);
    SCOPED_TRACE(words.empty() ? "no words" : words.front() + " ... " + words.back());
    EXPECT_EQ(run.exitCode, 2) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.err.find("vl2: "), 0u) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  }
}

TEST(Usage, AMistypedOptionIsNamedWithTheOneMeant) {
  const Finished run = runVl2({"ask", "--temprature", "0", "hello"});
  EXPECT_TRUE(contains(run.err, "--temprature (did you mean --temperature?)")) << run.err;
}

TEST(Usage, HelpOfEveryVerbNamesEveryOptionItAccepts) {
  for (const Verb* verb : verbs()) {
    const std::string name(verb->name);
    const Finished run = runVl2({name, "--help"});
    EXPECT_EQ(run.exitCode, 0) << name;
    EXPECT_EQ(run.err, "") << name;
    EXPECT_TRUE(contains(run.out, "usage: vl2 " + name)) << name;
    for (const Option& option : verb->options) {
      EXPECT_TRUE(contains(run.out, "\n  " + std::string(option.name) + " "))
          << name << option.name;
    }
    for (const char* common : {"--model", "--threads", "--json", "--help", "--version"}) {
      EXPECT_TRUE(contains(run.out, common)) << name << common;
    }
    for (std::size_t at = 0; at < run.out.size();) {
      const std::size_t end = run.out.find('\n', at);
      EXPECT_LE(end - at, 80u) << run.out.substr(at, end - at);
      at = end + 1;
    }
  }
}

TEST(Usage, GeneralHelpNamesEveryVerb) {
  const Finished run = runVl2({"--help"});
  EXPECT_EQ(run.exitCode, 0);
  for (const Verb* verb : verbs()) {
    EXPECT_TRUE(contains(run.out, "\n  " + std::string(verb->name) + " ")) << verb->name;
  }
}

TEST(Usage, VersionNamesTheInstructionSetInUse) {
  Vl2Process process({"ask", "--version"}, {{"VL_ISA", "reference"}});
  const Finished run = process.finish();
  EXPECT_EQ(run.exitCode, 0);
  EXPECT_TRUE(contains(run.out, "instruction set reference")) << run.out;
  EXPECT_EQ(runVl2({"--version"}).exitCode, 0);
}

TEST(Usage, VersionAndInfoSayWhenOpenBlasIsNotUsed) {
  const std::string note = "OpenBLAS is not used";
  for (const Words& words : std::vector<Words>{{"--version"},
                                               {"info", "--model", microModel()},
                                               {"info", "--model", microModel(), "--json"}}) {
    Vl2Process forced(words, {{"VL_BLAS", "own"}});
    const Finished run = forced.finish();
    EXPECT_EQ(run.exitCode, 0);
    EXPECT_TRUE(contains(run.out, note)) << run.out;
    EXPECT_FALSE(contains(runVl2(words).out, note));
  }
}

TEST(Usage, AReaderThatIsGoneEndsItQuietly) {
  Vl2Process process({"detokenize", "--model", microModel(), "-"});
  process.closeOutput();
  process.send("1 2 3");
  const Finished run = process.finish();
  EXPECT_EQ(run.exitCode, -SIGPIPE);
  EXPECT_EQ(run.err, "");
}

}  // namespace
}  // namespace vl::test
