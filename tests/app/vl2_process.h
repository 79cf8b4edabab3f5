#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace vl::test {

using Words = std::vector<std::string>;
using Environment = std::vector<std::pair<std::string, std::string>>;

/// How a run ended. exitCode: minus the signal when one killed it.
struct Finished {
  int exitCode = 0;
  std::string out;
  std::string err;
};

/// A running vl2, with pipes to its three streams.
class Vl2Process {
 public:
  explicit Vl2Process(const Words& words, const Environment& environment = {},
                      const std::filesystem::path& program = VL_VL2);
  ~Vl2Process();
  Vl2Process(const Vl2Process&) = delete;
  Vl2Process& operator=(const Vl2Process&) = delete;

  void send(const std::string& input) const;
  void closeInput();
  void closeOutput();
  void signal(int number) const;
  /// Reads until `text` stands in what was written to stdout or stderr. False when it ends before.
  bool waitForOut(const std::string& text);
  bool waitForErr(const std::string& text);
  Finished finish();

 private:
  bool readSome();

  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
  int errors_ = -1;
  Finished soFar_;
};

/// Runs to the end with `input` on stdin.
Finished runVl2(const Words& words, const std::string& input = {});

/// stdout as JSON; fails the test when it is none.
nlohmann::json jsonOf(const Finished& run);

/// A folder for one test, removed with its content.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string microModel(const std::string& name = "micro-tiny");
std::string goldenImage(const std::string& name = "rings_500x300.png");
void writeFile(const std::filesystem::path& path, const std::string& content);
nlohmann::json readJson(const std::filesystem::path& path);

}  // namespace vl::test
