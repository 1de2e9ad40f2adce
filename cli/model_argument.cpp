#include "cli/model_argument.h"

#include <utility>

#include "cli/path_kind.h"
#include "graft/core/error.h"
#include "graft/core/files.h"

namespace graft::cli {

Model open_model(const std::string& path) {
  require_model(path);
  return load_model(path);
}

Model open_model_or_name(const std::string& name, const std::string& weights, Console& console) {
  if (disk().info(name)) {
    if (weights != "default")
      throw UsageError("--weights", "acts only on a network by name, and " + name + " has weights of its own",
                       "leave it out");
    return open_model(name);
  }
  find_model(name);  // an unknown name is told with the nearest one
  Model model =
      pretrained_model(name, weights, [&](const Progress& progress) { console.progress(progress); });
  for (const std::string& note : model.notes)
    console.warn("warning: " + model.training.at("weights") + ": " + note);
  return model;
}

std::string in_words(const std::string& text, const ModelWords& words) {
  std::string result = text;
  const std::pair<std::string, std::string> pairs[] = {{"--model ", words.model},
                                                       {"--weights FILE", words.weights}};
  for (const auto& [from, to] : pairs) {
    for (auto at = result.find(from); at != std::string::npos; at = result.find(from, at + to.size()))
      result.replace(at, from.size(), to);
  }
  return result;
}

void rethrow_in_words(const Error& error, const ModelWords& words) {
  const std::string advice = in_words(error.advice(), words);
  if (dynamic_cast<const UsageError*>(&error) != nullptr)
    throw UsageError(error.where(), error.problem(), advice);
  throw Error(error.where(), error.problem(), advice);
}

void override_preprocess(Model& model, const GivenOptions& given, const Recipe& recipe) {
  const auto was_given = [&](const char* name) { return !given_or(given, name, "").empty(); };
  const Preprocess asked = preprocess_of(recipe, model.preprocess);
  if (was_given("fit")) model.preprocess.fit = asked.fit;
  if (was_given("exif")) model.preprocess.exif = asked.exif;
  if (was_given("alpha")) model.preprocess.alpha = asked.alpha;
  if (was_given("decode")) model.preprocess.decode = asked.decode;
}

}  // namespace graft::cli
