// Runs the built program.
#pragma once

#include <string>
#include <vector>

namespace graft::test {

struct ProgramResult {
  int exit_code = -1;  // 128 + N if signal N ended it
  std::string out, err;
};

// Runs graft's main() with these arguments in a process of its own; build/graft, if a variable is for a
// library. `environment`: additional variables "NAME=value".
ProgramResult run_graft(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment = {});
// graft train with a small network of random weights on pictures of 64 pixels, and these arguments.
ProgramResult train_small(const std::vector<std::string>& arguments);
// Runs any command in `folder`.
ProgramResult run_command(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment = {}, const std::string& folder = ".");

}  // namespace graft::test
