#include "tests/support/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "graft/core/shell_word.h"
#include "tests/support/temporary_folder.h"

int graft_main(int argc, char** argv);  // main() of cli/main.cpp

namespace graft::test {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

ProgramResult result_of(int status, const TemporaryFolder& output) {
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_of(output.path() / "out"),
          text_of(output.path() / "err")};
}

// Whether a library reads one of the variables when it is loaded.
bool is_for_libraries(const std::vector<std::string>& environment) {
  constexpr std::array prefixes = {"OMP_", "ONEDNN_", "MKL_", "LD_"};
  return std::any_of(environment.begin(), environment.end(), [&](const std::string& setting) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const char* prefix) { return setting.starts_with(prefix); });
  });
}

void open_as(int descriptor, const std::string& path, int flags) {
  const int opened = ::open(path.c_str(), flags, 0644);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
  ::close(opened);
}

// The libraries are already loaded here, which is most of the time of a short command.
ProgramResult run_in_child(std::vector<std::string> arguments, const std::vector<std::string>& environment) {
  const TemporaryFolder output;
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    open_as(0, "/dev/null", O_RDONLY);
    open_as(1, (output.path() / "out").string(), O_WRONLY | O_CREAT);
    open_as(2, (output.path() / "err").string(), O_WRONLY | O_CREAT);
    for (const std::string& setting : environment) {
      const std::size_t equals = setting.find('=');
      ::setenv(setting.substr(0, equals).c_str(), setting.substr(equals + 1).c_str(), 1);
    }
    arguments.insert(arguments.begin(), GRAFT_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::_exit(graft_main(static_cast<int>(arguments.size()), argv.data()));
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) < 0) return {};
  return result_of(status, output);
}

}  // namespace

ProgramResult train_small(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {
      "train",     "--input-size", "64",        "--model", "mobilenetv3_small_050",
      "--weights", "none",         "--workers", "1"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_graft(all);
}

ProgramResult run_command(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment, const std::string& folder) {
  const TemporaryFolder output;
  std::string line = "cd " + shell_word(folder) + " && env";
  for (const std::string& setting : environment) line += " " + shell_word(setting);
  for (const std::string& argument : command) line += " " + shell_word(argument);
  line += " >" + shell_word((output.path() / "out").string()) + " 2>" +
          shell_word((output.path() / "err").string()) + " </dev/null";
  return result_of(std::system(line.c_str()), output);
}

ProgramResult run_graft(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment) {
  if (!is_for_libraries(environment)) return run_in_child(arguments, environment);
  std::vector<std::string> command = {GRAFT_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_command(command, environment);
}

}  // namespace graft::test
