#include "graft/train/recipe.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <set>

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

// docs/options.md, from the tables.
std::string options_document() {
  std::string text =
      "# Options of a training\n\n"
      "Each is a flag of `graft train` and a key of `options` in a run's `config.json`. A switch `--x` is "
      "turned off by\n"
      "`--no-x`. (Made from the option tables in the sources; do not edit.)\n";
  Recipe recipe;
  std::string section;
  for (const OptionRef& option : options_in(recipe, recipe_options)) {
    if (option.section != section) {
      section = option.section;
      text += "\n## " + section + "\n\n| option | default | values | meaning |\n|---|---|---|---|\n";
    }
    text += "| `" + option.flag() + "` | `" + option.text() + "` | " + range_of(option) + " | " +
            option.help + " |\n";
  }
  return text;
}

// GRAFT_UPDATE_DOCS=1 writes the document anew.
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
