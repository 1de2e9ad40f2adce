#include "graft/train/recipe.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <set>

#include "cli/flags.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

std::string range_of(const OptionRef& option) {
  if (const auto* choice = std::get_if<EnumRef>(&option.value)) {
    return join(std::vector<std::string>(choice->names.begin(), choice->names.end()), ", ");
  }
  if (std::holds_alternative<bool*>(option.value)) return "true, false";
  if (!(option.min < option.max)) return "";
  const auto text = [](double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.12g", value);
    return std::string(buffer);
  };
  return text(option.min) + " to " + text(option.max);
}

// The options whose values differ between presets.
std::string table_of_presets() {
  const auto names = preset_names();
  std::vector<Recipe> recipes;
  for (const std::string& name : names) recipes.push_back(preset(name));
  std::string text = "| option |", rule = "\n|---|";
  for (const std::string& name : names) {
    text += " `" + name + "` |";
    rule += "---|";
  }
  text += rule + "\n";
  for (std::size_t i = 0; i < options_in(recipes[0], recipe_options).size(); ++i) {
    std::string row;
    std::set<std::string> values;
    const OptionRef option = options_in(recipes[0], recipe_options)[i];
    for (Recipe& recipe : recipes) {
      const std::string value = options_in(recipe, recipe_options)[i].text();
      values.insert(value);
      row += " " + value + " |";
    }
    if (values.size() > 1 && option.name != "preset")
      text += "| `" + cli::flag_of(option.name) + "` |" + row + "\n";
  }
  return text;
}

// docs/options.md, from the tables.
std::string options_document() {
  std::string text =
      "# Options of a training run\n\n"
      "Each option is a flag of `graft train`, and a key of `options` in a run's `config.json`, with `_` for "
      "`-`\n"
      "(`batch_size`); a file for `--config` may have either. A switch `--x` is turned off by `--no-x`. "
      "(Generated from the option tables in the sources; do not edit.)\n\n"
      "The defaults are those of `graft train` without `--preset`, which uses `--preset " +
      std::string(default_preset) +
      "`. A preset sets the following values (a plain\n"
      "`graft::Recipe{}` in C++ is `finetune`); options that are given with it override them:\n\n" +
      table_of_presets();
  Recipe recipe = preset(default_preset);
  std::string section;
  for (const OptionRef& option : options_in(recipe, recipe_options)) {
    if (option.section != section) {
      section = option.section;
      text += "\n## " + section + "\n\n| option | default | values | meaning |\n|---|---|---|---|\n";
    }
    text += "| `" + cli::flag_of(option.name) + "` | `" + option.text() + "` | " + range_of(option) + " | " +
            cli::in_flags(option.help) + " |\n";
  }
  return text;
}

// GRAFT_UPDATE_DOCS=1 rewrites the document.
TEST(Recipe, TheDocumentOfOptionsIsThatOfTheTables) {
  const std::string path = GRAFT_SOURCE_DIR "/docs/options.md";
  if (std::getenv("GRAFT_UPDATE_DOCS") != nullptr) replace_file(path, options_document());
  EXPECT_EQ(read_text(path), options_document()) << "run the test with GRAFT_UPDATE_DOCS=1";
}

TEST(Recipe, NoTwoOptionsShareAName) {
  Recipe recipe;
  std::set<std::string> names;
  for (const OptionRef& option : options_in(recipe, recipe_options)) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.help.empty()) << option.name;
    EXPECT_NO_THROW(option.check()) << option.name << ": the default is outside its own range";
  }
}

}  // namespace
}  // namespace graft
