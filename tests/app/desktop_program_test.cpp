// vl2-desk where no window can be opened, as over ssh.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace vl::test {
namespace {

struct Outcome {
  int exitCode = -1;  // -1: it did not exit
  std::string said;   // on both streams
};

Outcome runWithoutDisplay(const std::string& arguments) {
  const std::string command = std::string("env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM ") +
                              "LANG=C " VL_DESK " " + arguments + " 2>&1";
  Outcome outcome;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 1024> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) outcome.said += part.data();
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) outcome.exitCode = WEXITSTATUS(status);
  return outcome;
}

TEST(DesktopProgram, WithoutADisplaySaysSoAndThatThereIsACommandLine) {
  const Outcome outcome = runWithoutDisplay("");
  EXPECT_EQ(outcome.exitCode, 1) << outcome.said;
  EXPECT_NE(outcome.said.find("there is no display"), std::string::npos) << outcome.said;
}

TEST(DesktopProgram, AnswersHelpAndWrongOptionsWithoutADisplay) {
  const Outcome help = runWithoutDisplay("--help");
  EXPECT_EQ(help.exitCode, 0) << help.said;
  EXPECT_NE(help.said.find("--data-dir"), std::string::npos) << help.said;
  const Outcome version = runWithoutDisplay("--version");
  EXPECT_EQ(version.exitCode, 0) << version.said;
  const Outcome wrong = runWithoutDisplay("--modle x");
  EXPECT_EQ(wrong.exitCode, 2) << wrong.said;
}

}  // namespace
}  // namespace vl::test
