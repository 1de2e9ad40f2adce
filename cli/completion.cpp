// graft completion bash|zsh|fish: a script for the shell (cli/templates) with a table of the program's verbs
// and options, so that completing starts no program.
#include <algorithm>
#include <string>
#include <vector>

#include "cli/help.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft::cli {
namespace {

// What a shell offers for an argument: the words in braces of "{default,none}|FILE|URL" (bind_options.h) or
// of a list, "{resnet18,resnet34},...", and files or folders.
struct Values {
  std::string kind = "values", words;
};

Values values_of(const std::string& type) {
  Values values;
  const std::size_t from = type.find('{'), to = type.find('}');
  if (to != std::string::npos && from < to)
    values.words = join(split(type.substr(from + 1, to - from - 1), ','), " ");
  const auto has = [&](const char* word) { return type.find(word) != std::string::npos; };
  if (type.ends_with(",...")) values.kind = "list";
  if (has("FOLDER") || has("RUN")) values.kind = "folders";
  if (has("FILE")) values.kind = "files";
  return values;
}

// VERB|NAME|KIND|VALUES|HELP: the name is empty for arguments without a flag.
std::string row(const std::string& verb, const std::string& name, const Values& values,
                const std::string& help) {
  const std::string quoted = replace_all(help, "'", "’");  // in single quotes, for any of the shells
  return verb + "|" + name + "|" + values.kind + "|" + values.words + "|" + quoted + "\n";
}

std::string rows_of(const CLI::App& verb) {
  std::string rows;
  Values arguments;
  for (const CLI::Option* option : verb.get_options()) {
    Values values = values_of(option->get_type_name());
    if (option->get_positional()) {
      // One without values of its own is a file or a folder, which shells offer as files.
      if (values.words.empty()) values.kind = "files";
      arguments = values;
    }
    if (option->get_items_expected_max() == 0) values.kind = "switch";
    for (const std::string& name : option->get_lnames())
      rows += row(verb.get_name(), "--" + name, values, option->get_description());
  }
  return rows + row(verb.get_name(), "", arguments, "");
}

std::string table_of(const CLI::App& app) {
  const Values none{"switch", ""};
  std::string rows;
  for (const CLI::App* verb : verbs_of(app))
    rows += row("", verb->get_name(), none, verb->get_description()) + rows_of(*verb);
  return rows + row("", "--help", none, "Print the help") + row("", "--version", none, "Print the version");
}

std::string script_of(const std::string& shell, const CLI::App& app) {
  const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  if (std::find(shells.begin(), shells.end(), shell) == shells.end())
    throw UsageError("SHELL", "\"" + shell + "\" is not one of " + join(shells, ", "),
                     did_you_mean(shell, shells));
  // zsh reads bash's scripts.
  const std::string script =
      fill_template(shell == "fish" ? "graft.fish" : "graft.bash", {{"table", Markup{table_of(app)}}});
  return shell == "zsh" ? fill_template("graft.zsh", {{"bash", Markup{script}}}) : script;
}

}  // namespace

void add_completion(CLI::App& app, Console& console) {
  CLI::App* verb = app.add_subcommand("completion", "Print a script that completes commands in a shell");
  const auto shell = std::make_shared<std::string>();
  verb->add_option("SHELL", *shell, "bash, zsh or fish")->required()->type_name("{bash,zsh,fish}");
  verb->callback([&app, shell, &console] { console.result_lines(script_of(*shell, app)); });
}

}  // namespace graft::cli
