#include "tests/app/vl2_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace vl::test {
namespace {

void closeEnd(int& end) {
  if (end != -1) ::close(end);
  end = -1;
}

/// Appends what can be read now; closes the end when there will be no more.
void readEnd(int& end, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(end, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    closeEnd(end);
  }
}

}  // namespace

Vl2Process::Vl2Process(const Words& words, const Environment& environment,
                       const std::filesystem::path& program) {
  int input[2], output[2], errors[2];
  EXPECT_EQ(::pipe2(input, O_CLOEXEC), 0);
  EXPECT_EQ(::pipe2(output, O_CLOEXEC), 0);
  EXPECT_EQ(::pipe2(errors, O_CLOEXEC), 0);
  const std::string path = program.string();
  std::vector<char*> arguments{const_cast<char*>("vl2")};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(input[0], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(errors[1], STDERR_FILENO);
    // No folder can be made there: what a test sees does not depend on those before it.
    ::setenv("XDG_CACHE_HOME", "/dev/null/cache", 1);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execv(path.c_str(), arguments.data());
    ::_exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  ::close(errors[1]);
  input_ = input[1];
  output_ = output[0];
  errors_ = errors[0];
}

Vl2Process::~Vl2Process() {
  if (child_ != -1) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  closeInput();
  closeOutput();
  closeEnd(errors_);
}

void Vl2Process::send(const std::string& input) const {
  // Shorter than the pipe's buffer, so that nobody need read it now.
  EXPECT_EQ(::write(input_, input.data(), input.size()), static_cast<ssize_t>(input.size()));
}

void Vl2Process::closeInput() { closeEnd(input_); }
void Vl2Process::closeOutput() { closeEnd(output_); }
void Vl2Process::signal(int number) const { ::kill(child_, number); }

bool Vl2Process::readSome() {
  if (output_ == -1 && errors_ == -1) return false;
  std::array<pollfd, 2> ends{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};  // skips -1
  if (::poll(ends.data(), ends.size(), -1) < 0) return errno == EINTR;
  if (ends[0].revents != 0) readEnd(output_, soFar_.out);
  if (ends[1].revents != 0) readEnd(errors_, soFar_.err);
  return true;
}

bool Vl2Process::waitForOut(const std::string& text) {
  while (soFar_.out.find(text) == std::string::npos || soFar_.out.empty()) {
    if (!readSome()) return false;
  }
  return true;
}

bool Vl2Process::waitForErr(const std::string& text) {
  while (soFar_.err.find(text) == std::string::npos) {
    if (!readSome()) return false;
  }
  return true;
}

Finished Vl2Process::finish() {
  closeInput();
  while (readSome()) {
  }
  int status = 0;
  ::waitpid(child_, &status, 0);
  child_ = -1;
  soFar_.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return soFar_;
}

Finished runVl2(const Words& words, const std::string& input) {
  Vl2Process process(words);
  if (!input.empty()) process.send(input);
  return process.finish();
}

nlohmann::json jsonOf(const Finished& run) {
  nlohmann::json json = nlohmann::json::parse(run.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << "stdout: " << run.out << "\nstderr: " << run.err;
  return json;
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "vl2-test-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string microModel(const std::string& name) { return VL_MODEL_DATA "/checkpoints/" + name; }
std::string goldenImage(const std::string& name) { return VL_MODEL_DATA "/goldens/images/" + name; }

void writeFile(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

nlohmann::json readJson(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  nlohmann::json json = nlohmann::json::parse(text.str(), nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << path;
  return json;
}

}  // namespace vl::test
