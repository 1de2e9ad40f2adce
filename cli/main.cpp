// graft: a table of verbs, and one place where errors become exit codes (0 done, 1 failed, 2 wrong usage).
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/process.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/version.h"
#include "graft/device/engine_error.h"

namespace graft::cli {
namespace {

constexpr int closed_pipe = 128 + SIGPIPE;  // as a shell shows a program that the signal ended

constexpr AddVerb* verbs[] = {
    add_check, add_train,  add_eval,    add_predict,    add_embed,  add_similar, add_label_next,
    add_show,  add_report, add_find_lr, add_compare,    add_export, add_serve,   add_models,
    add_fetch, add_bench,  add_info,    add_completion, add_man,    add_help,    add_version};

// The exit code of a finished verb. Output that could not be written is a failure.
int exit_code(Console& console) {
  const int error = console.output_error();
  if (console.exit_code != 0 || error == 0) return console.exit_code;
  if (error == EPIPE) return closed_pipe;
  console.warn(std::string("graft: standard output: cannot write: ") + std::strerror(error));
  return 1;
}

// After "--" every argument is a path or a name, even one that begins with "-".
std::vector<std::string> without_end_of_options(std::vector<std::string> arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (end == arguments.end()) return arguments;
  for (auto each = arguments.erase(end); each != arguments.end(); ++each) {
    if (each->size() > 1 && each->front() == '-') *each = "./" + *each;
  }
  return arguments;
}

int run(int argc, char** argv) {
  CLI::App app("Transfer learning on images: from a folder of pictures to a trained classifier.", "graft");
  app.set_version_flag("-v,--version", std::string("graft ") + version());
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(1);
  // An option given twice has the last value, as with most programs: an alias can be overridden.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  Console console;
  for (const auto add : verbs) add(app, console);
  for (CLI::App* verb : app.get_subcommands(nullptr)) {
    verb->group("Verbs");
    verb->add_flag("-q,--quiet", console.quiet,
                   "no messages and no progress bars; results, warnings and errors remain");
  }
  const std::vector<std::string> arguments = without_end_of_options({argv + 1, argv + argc});
  if (arguments.empty()) {
    std::fprintf(stderr, "graft: %s\n", short_help(app).c_str());
    return 2;  // a script whose verb is an empty variable has failed
  }
  try {
    try {
      check_command_line(app, arguments);
      with_engine_errors("",
                         [&] { app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); });
      return exit_code(console);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() != 0) {
        console.warn("graft: " + message_of(app, error));
        return 2;
      }
      std::ostringstream help;  // or the version
      app.exit(error, help, help);
      console.result_lines(help.str());
      return 0;
    }
  } catch (const ClosedPipe&) {
    return closed_pipe;
  } catch (const std::exception& error) {
    console.warn(std::string("graft: ") + error.what());
    return dynamic_cast<const UsageError*>(&error) != nullptr ? 2 : 1;
  }
}

}  // namespace
}  // namespace graft::cli

namespace {

constexpr char no_memory[] =
    "graft: memory ran out before the command began; raise the limit on memory (ulimit -v)\n";

std::terminate_handler end_of_others;  // the standard library's, which names the exception

// For an exception that nobody catches, such as that of a library's initialisers.
[[noreturn]] void end_without_memory() {
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    if (write(STDERR_FILENO, no_memory, sizeof no_memory - 1) >= 0) std::_Exit(1);
  } catch (...) {
  }
  end_of_others();
  std::abort();
}

void set_end() { end_of_others = std::set_terminate(end_without_memory); }
// Called before the initialisers of the libraries: libtorch's need much memory.
[[gnu::section(".preinit_array"), gnu::used]] void (*const before_libraries)() = set_end;

}  // namespace

int main(int argc, char** argv) {
  graft::cli::prepare_process();
  try {
    const int code = graft::cli::run(argc, argv);
    std::fflush(nullptr);
    std::quick_exit(code);           // without static destructors: libtorch's take longer than most commands
  } catch (const std::bad_alloc&) {  // while the options were described, before anything was asked for
    std::fputs(no_memory, stderr);
    return 1;
  }
}
