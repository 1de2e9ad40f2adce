// Options of a file, combined with the given ones, which take precedence.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/option.h"
#include "graft/run/options_file.h"
#include "graft/train/recipe.h"

namespace graft {

struct AskedOptions {
  Recipe recipe;
  // The options that a user chose, without those of a file that gives every option, as a run's does.
  GivenOptions chosen;
};

// Parts of with_options_file(): the file's options, the combined options, and the error with its place in the
// file. The last is called within the handler of the error.
std::vector<FileOption> options_of_file(const std::filesystem::path& config,
                                        const std::vector<std::string>& elsewhere);
AskedOptions asked_options(const std::vector<FileOption>& of_file, const GivenOptions& given);
[[noreturn]] void rethrow_with_place(const UsageError& error, const std::vector<FileOption>& of_file,
                                     const GivenOptions& given);

// Returns work(asked). `config` is a JSON file, a run's folder, or empty for no file; `elsewhere`: names that
// are given outside the options, never in a file. Throws UsageError for options that contradict each other;
// an invalid option of the file is named with its line.
template <class Work>
auto with_options_file(const std::filesystem::path& config, const std::vector<std::string>& elsewhere,
                       const GivenOptions& given, Work&& work) {
  const std::vector<FileOption> of_file = options_of_file(config, elsewhere);
  try {
    return work(asked_options(of_file, given));
  } catch (const UsageError& error) {
    rethrow_with_place(error, of_file, given);
  }
}

}  // namespace graft
