// --config FILE|RUN: options out of a file, over which the command line stands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/given_options.h"
#include "graft/run/options_file.h"
#include "graft/train/recipe.h"

namespace graft::cli {

struct ConfigOption {
  std::string file;                    // empty where it was not given
  std::vector<std::string> elsewhere;  // what else the verb takes, and no file does

  // `config` must outlive the parsing. To be called when the verb has all its other options.
  static void bind(CLI::App& verb, ConfigOption& config);
};

// What the file and the command line ask for.
struct AskedOptions {
  Recipe recipe;
  // Those that somebody chose: a file that gives every option, as a run's does, says nothing of that.
  GivenOptions chosen;
};

// Returns work(asked). Throws UsageError for options that do not go together; one that is wrong is named with
// its place, where that is the file.
template <class Work>
auto with_config(const ConfigOption& config, const GivenOptions& given, Work&& work);

// Parts of it.
std::vector<FileOption> options_of_file(const ConfigOption& config);
AskedOptions asked_options(const std::vector<FileOption>& of_file, const GivenOptions& given);
// Within the handler of the error.
[[noreturn]] void rethrow_with_place(const UsageError& error, const std::vector<FileOption>& of_file,
                                     const GivenOptions& given);

template <class Work>
auto with_config(const ConfigOption& config, const GivenOptions& given, Work&& work) {
  const std::vector<FileOption> of_file = options_of_file(config);
  try {
    return work(asked_options(of_file, given));
  } catch (const UsageError& error) {
    rethrow_with_place(error, of_file, given);
  }
}

}  // namespace graft::cli
