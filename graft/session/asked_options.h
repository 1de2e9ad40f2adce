// Options of a file, combined with the given ones, which take precedence.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/option.h"
#include "graft/infer/predictor.h"
#include "graft/run/options_file.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft {

// The struct with what was given of its options.
template <class Options, class Table>
Options options_from(const Table& table, const GivenOptions& given) {
  Options options;
  apply_options(options_in(options, table), given);
  return options;
}

// What was given of `fit`, `exif`, `alpha` and `decode`, to override what the model file says.
PreprocessOverride asked_preprocess(const GivenOptions& given, const Recipe& recipe);

// What requests for predictions take, of the options that were given of a Recipe and of TestTimeOptions.
struct AskedPrediction {
  LoaderOptions loader;
  std::uint64_t max_pixels = 0;
  PreprocessOverride preprocess;
  Tta tta = Tta::off;
  std::string device;
  int threads = 0;
};
AskedPrediction asked_prediction(const GivenOptions& given);

// The options of `shown`, the recipe of a preset. The help of an option that other presets set otherwise says
// so: "passes over the training pictures (finetune: 25; probe: 0)".
std::vector<OptionRef> options_with_presets(Recipe& shown, RecipeOfPreset recipe_of_preset = preset);

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
