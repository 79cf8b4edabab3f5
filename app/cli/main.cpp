#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "app/cli/help.h"
#include "app/cli/verb.h"

namespace {

/// A file opened later must not become standard output, so what is closed is opened on nothing:
/// for reading only where we write results, so that writing them fails.
void openStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    const int opened = ::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != stream) return;  // the lowest free one, unless there is no /dev/null
  }
}

void printError(const std::string& sentence) {
  std::fprintf(stderr, "vl2: %s%s\n", sentence.c_str(), sentence.ends_with('.') ? "" : ".");
}

vl::Outcome wrongUse(const std::string& what, const std::string& help) {
  return {vl::ExitCode::Usage, what + "; `" + help + "` tells more"};
}

vl::Outcome runVerb(const vl::Verb& verb, std::span<const std::string> words,
                    vl::Console& console) {
  const std::string help = "vl2 " + std::string(verb.name) + " --help";
  const vl::Result<vl::Arguments> arguments = vl::Arguments::parse(verb.options, words);
  if (!arguments) return wrongUse(arguments.error().what, help);
  if (arguments->has("--help")) {
    console.out.write(vl::helpOf(verb));
    return {};
  }
  if (arguments->has("--version")) {
    console.out.write(vl::versionText());
    return {};
  }
  const std::size_t operands = arguments->operands().size();
  if (operands < verb.leastOperands) {
    return wrongUse("usage: vl2 " + std::string(verb.name) + ' ' + std::string(verb.operands),
                    help);
  }
  if (operands > verb.mostOperands) {
    return wrongUse("\"" + arguments->operands()[verb.mostOperands] +
                        "\" is one operand too many (a text of several words needs quotes)",
                    help);
  }
  vl::Outcome outcome = verb.run(*arguments, console);
  if (outcome.exit == vl::ExitCode::Usage) return wrongUse(outcome.sentence, help);
  return outcome;
}

vl::Outcome run(std::span<const std::string> words, vl::Console& console) {
  const std::string help = "vl2 --help";
  if (words.empty()) return wrongUse("a verb is missing", help);
  const std::string& name = words.front();
  if (name == "--help" || name == "--version") {
    console.out.write(name == "--help" ? vl::generalHelp() : vl::versionText());
    return {};
  }
  for (const vl::Verb* verb : vl::verbs()) {
    if (verb->name == name) return runVerb(*verb, words.subspan(1), console);
  }
  if (name.starts_with('-')) return wrongUse("a verb comes before " + name, help);
  return wrongUse("there is no verb \"" + name + "\"", help);
}

/// Whoever read our output has gone: ends as filters do when nobody asks them to survive it.
[[noreturn]] void endByClosedPipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  std::_Exit(128 + SIGPIPE);  // SIGPIPE is blocked
}

int finish(const vl::Outcome& outcome, const vl::Console& console) {
  const int outputError = console.out.error();
  if (outputError == EPIPE) endByClosedPipe();
  if (outputError != 0) {
    printError(std::string("the result cannot be written: ") + std::strerror(outputError));
    return static_cast<int>(vl::ExitCode::Internal);
  }
  if (!outcome.sentence.empty()) printError(outcome.sentence);
  return static_cast<int>(outcome.exit);
}

}  // namespace

int main(int argc, char** argv) {
  openStandardStreams();
  std::signal(SIGPIPE, SIG_IGN);  // a write then fails, and an --annotate picture gets finished
  try {
    vl::Console console;
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const vl::Outcome outcome = run(words, console);
    console.progress.clear();
    return finish(outcome, console);
  } catch (const std::bad_alloc&) {
    printError("memory ran out");
    return static_cast<int>(vl::ExitCode::NoMemory);
  } catch (const std::exception& thrown) {
    printError(std::string("internal error: ") + thrown.what());
    return static_cast<int>(vl::ExitCode::Internal);
  }
}
