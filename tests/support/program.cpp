#include "tests/support/program.h"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

std::string quoted(const std::string& argument) {
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

ProgramResult run_command(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment, const std::string& folder) {
  const TemporaryFolder output;
  std::string line = "cd " + quoted(folder) + " && env";
  for (const std::string& setting : environment) line += " " + quoted(setting);
  for (const std::string& argument : command) line += " " + quoted(argument);
  line += " >" + quoted((output.path() / "out").string()) + " 2>" + quoted((output.path() / "err").string()) +
          " </dev/null";
  const int status = std::system(line.c_str());
  ProgramResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = text_of(output.path() / "out");
  result.err = text_of(output.path() / "err");
  return result;
}

ProgramResult run_graft(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment) {
  std::vector<std::string> command = {GRAFT_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_command(command, environment);
}

}  // namespace graft::test
