// Runs the built program as a person would.
#pragma once

#include <string>
#include <vector>

namespace graft::test {

struct ProgramResult {
  int exit_code = -1;  // 128 + N where signal N ended it
  std::string out, err;
};

// build/graft with these arguments. `environment`: "NAME=value" set for it alone.
ProgramResult run_graft(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment = {});
// Any command, in `folder`.
ProgramResult run_command(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment = {}, const std::string& folder = ".");

}  // namespace graft::test
