#include "graft/session/asked_options.h"

#include <algorithm>
#include <utility>

#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/run/run.h"

namespace graft {
namespace {

struct PresetOptions {
  std::string preset;
  std::vector<OptionRef> options;
};

// " (finetune, feature-extract: 25; probe: 0)": the presets in which the option has another value.
std::string values_in_presets(const OptionRef& shown, std::size_t index,
                              const std::vector<PresetOptions>& presets) {
  std::vector<std::pair<std::string, std::string>> values;  // with the names of their presets
  for (const PresetOptions& each : presets) {
    const std::string value = each.options[index].text();
    if (value == shown.text()) continue;
    const auto same =
        std::find_if(values.begin(), values.end(), [&](const auto& other) { return other.first == value; });
    if (same == values.end()) {
      values.emplace_back(value, each.preset);
    } else {
      same->second += ", " + each.preset;
    }
  }
  std::vector<std::string> parts;
  for (const auto& [value, names] : values) parts.push_back(names + ": " + value);
  return parts.empty() ? "" : " (" + join(parts, "; ") + ")";
}

}  // namespace

PreprocessOverride asked_preprocess(const GivenOptions& given, const Recipe& recipe) {
  PreprocessOverride asked;
  if (is_given(given, "fit")) asked.fit = recipe.fit;
  if (is_given(given, "exif")) asked.exif = recipe.decode.exif;
  if (is_given(given, "alpha")) asked.alpha = recipe.decode.alpha;
  if (is_given(given, "decode")) asked.decode = recipe.decode.decode;
  return asked;
}

AskedPrediction asked_prediction(const GivenOptions& given) {
  const Recipe recipe = options_from<Recipe>(recipe_options, given);
  return {recipe.loader,
          recipe.decode.max_pixels,
          asked_preprocess(given, recipe),
          options_from<TestTimeOptions>(test_time_options, given).tta,
          recipe.device,
          recipe.threads};
}

std::vector<OptionRef> options_with_presets(Recipe& shown, RecipeOfPreset recipe_of_preset) {
  const std::vector<std::string> names = preset_names();
  std::vector<Recipe> recipes;
  for (const std::string& name : names) recipes.push_back(recipe_of_preset(name));
  std::vector<PresetOptions> presets;
  for (std::size_t i = 0; i < names.size(); ++i)
    presets.push_back({names[i], options_in(recipes[i], recipe_options)});
  auto options = options_in(shown, recipe_options);
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i].name != "preset") options[i].help += values_in_presets(options[i], i, presets);
  }
  return options;
}

std::vector<FileOption> options_of_file(const std::filesystem::path& config,
                                        const std::vector<std::string>& elsewhere) {
  if (config.empty()) return {};
  Recipe known;
  const RunFolder run(config);
  const bool is_run = disk().info(run.config()).has_value();
  return read_options(is_run ? run.config() : config, options_in(known, recipe_options), elsewhere);
}

AskedOptions asked_options(const std::vector<FileOption>& of_file, const GivenOptions& given) {
  Recipe known;
  const bool has_all = of_file.size() == options_in(known, recipe_options).size();
  if (has_all && is_given(given, "preset"))
    throw UsageError("`preset`", "has no effect with a `config` that gives every option, as a run's does",
                     "leave one of the two out");
  GivenOptions all;
  for (const FileOption& option : of_file) all.emplace_back(option.name, option.value);
  all.insert(all.end(), given.begin(), given.end());
  return {recipe_of(all), has_all ? given : all};
}

void rethrow_with_place(const UsageError& error, const std::vector<FileOption>& of_file,
                        const GivenOptions& given) {
  for (const FileOption& option : of_file) {
    if (error.where() == quoted_option(option.name) && !is_given(given, option.name))
      throw UsageError(option.place + ": " + error.where(), error.problem(), error.advice());
  }
  throw;
}

}  // namespace graft
