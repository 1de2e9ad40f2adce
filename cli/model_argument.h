// MODEL on the command line: a run folder, a model file, or a network of the registry as it comes.
#pragma once

#include <string>

#include "cli/bind_options.h"
#include "cli/console.h"
#include "graft/core/error.h"
#include "graft/models/model_file.h"
#include "graft/train/recipe.h"

namespace graft::cli {

// A run folder or model file.
Model open_model(const std::string& path);
// Where `name` is in the registry, that network with `weights` and its own classes; else a run folder or
// model file.
Model open_model_or_name(const std::string& name, const std::string& weights, Console& console);

// How a verb without --model and --weights names a network and its weights.
struct ModelWords {
  const char* model;    // in place of "--model "
  const char* weights;  // in place of "--weights FILE"
};
std::string in_words(const std::string& text, const ModelWords& words);
// Throws `error` with its advice in these words.
[[noreturn]] void rethrow_in_words(const Error& error, const ModelWords& words);

// What was given of --fit, --exif, --alpha and --decode, over what the model file says.
void override_preprocess(Model& model, const GivenOptions& given, const Recipe& recipe);

}  // namespace graft::cli
