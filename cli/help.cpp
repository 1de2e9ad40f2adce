// The form of help texts; graft help [VERB] and graft version, which print the same as --help and --version;
// graft man, the manual page with the program's verbs and options. The build writes it to graft.1, which is
// installed.
#include "cli/help.h"

#include <algorithm>

#include "cli/bind_options.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/core/version.h"

namespace graft {

std::span<const EmbeddedFile> program_templates();  // cmake/embed.cmake

namespace cli {
namespace {

// The type of an option's value; a long list of values is "NAME". Empty for a switch.
std::string shown_type(const CLI::Option& option) {
  if (option.get_type_size() == 0 || option.get_positional()) return "";
  constexpr std::size_t longest = 60;
  std::string type = option.get_type_name();
  const std::size_t from = type.find('{'), to = type.find('}');
  if (to != std::string::npos && from < to && to - from > longest) type.replace(from, to - from + 1, "NAME");
  return " " + type;
}

std::string shown_default(const CLI::Option& option) {
  const bool shown = option.get_type_size() != 0 && !option.get_default_str().empty();
  return shown ? " [" + option.get_default_str() + "]" : "";
}

// "-q,--quiet". CLI11 marks the name that turns a switch off.
std::string shown_names(const CLI::Option& option) {
  return option.get_positional() ? option.get_name()
                                 : replace_all(option.get_name(false, true), "{false}", "");
}

// Text for troff, in which nothing is a command.
std::string troff(const std::string& text) {
  const bool command = text.starts_with('.') || text.starts_with('\'');
  return (command ? "\\&" : "") +
         replace_all(replace_all(replace_all(text, "\\", "\\e"), "-", "\\-"), "\n", " ");
}

std::string man_of(const CLI::Option& option) {
  std::string text = ".TP\n\\fB" + troff(replace_all(shown_names(option), ",", ", ")) + "\\fR";
  if (const std::string type = shown_type(option); !type.empty())
    text += " \\fI" + troff(type.substr(1)) + "\\fR";
  return text + "\n" + troff(option.get_description() + shown_default(option)) + "\n";
}

std::string man_of(const CLI::App& verb) {
  std::string text = ".SS \"graft " + troff(verb.get_name()) + "\"\n" + troff(verb.get_description()) + ".\n";
  std::string section;
  for (const CLI::Option* option : verb.get_options()) {
    if (option == verb.get_help_ptr()) continue;
    if (option->get_group() != section && option->get_group() != "Options" && !option->get_positional())
      text += ".PP\n\\fI" + troff(option->get_group()) + "\\fR\n";
    section = option->get_group();
    text += man_of(*option);
  }
  return text;
}

std::string man_page(const CLI::App& app) {
  std::string verbs;
  for (const CLI::App* verb : verbs_of(app)) verbs += man_of(*verb);
  return fill_template("graft.1", {{"version", Markup{std::string(version())}},
                                   {"description", Markup{troff(app.get_description())}},
                                   {"verbs", Markup{verbs}}});
}

std::string help_of(const CLI::App& app, const std::string& name) {
  // app.help() would be the help of the current verb.
  if (name.empty()) return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  const CLI::App* verb = verb_named(app, name);
  if (verb == nullptr) throw UsageError(name, "is an unknown verb", verb_hint(app, name));
  return verb->help(app.get_name());
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(34);
  label("SUBCOMMAND", "VERB");
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool) const {
  return shown_names(*option);
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  return option->get_positional() ? "" : shown_type(*option) + shown_default(*option);
}

std::string fill_template(std::string_view name, std::initializer_list<FillValue> values) {
  const auto files = program_templates();
  const auto file =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& each) { return each.name == name; });
  return fill(file->text, values);
}

std::string replace_all(std::string text, std::string_view part, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += by.size())
    text.replace(at, part.size(), by);
  return text;
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) { return app.get_subcommands(nullptr); }

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs_of(app)) names.push_back(verb->get_name());
  return names;
}

const CLI::App* verb_named(const CLI::App& app, const std::string& name) {
  const auto found = app.get_subcommands([&](const CLI::App* verb) { return verb->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

void add_help(CLI::App& app, Console& console) {
  CLI::App* verb = app.add_subcommand("help", "Print the help of the program or of a verb");
  const auto of = std::make_shared<std::string>();
  verb->add_option("VERB", *of, "whose help; the program's where it is left out")->type_name_fn([&app] {
    return braces(verb_names(app));
  });
  verb->callback([&app, of, &console] { console.result_lines(help_of(app, *of)); });
}

void add_version(CLI::App& app, Console& console) {
  app.add_subcommand("version", "Print the version")->callback([&app, &console] {
    console.result(app.version());
  });
}

void add_man(CLI::App& app, Console& console) {
  app.add_subcommand("man", "Print the manual page (graft man | man -l -)")->callback([&app, &console] {
    console.result_lines(man_page(app));
  });
}

}  // namespace cli
}  // namespace graft
