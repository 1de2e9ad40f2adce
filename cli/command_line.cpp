#include "cli/command_line.h"

#include <algorithm>
#include <vector>

#include "cli/help.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/data/walk.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// Refuses an option before the first verb that has it.
void check_place(const CLI::App& app, const std::string& name, std::span<const std::string> after) {
  for (const std::string& word : after) {
    const CLI::App* verb = verb_named(app, word);
    if (verb == nullptr) continue;
    if (verb->get_option_no_throw(name) != nullptr)
      throw UsageError(name, "stands before the verb", "put it after: graft " + word + " … " + name);
    return;
  }
}

// Checks the value of an option in the next argument.
void check_next(const std::string& name, std::span<const std::string> after) {
  if (after.empty()) throw UsageError(name, "its value is missing");
  const std::string& next = after.front();
  if (next.empty()) throw UsageError(name, "its value is empty", "a variable of the shell may not be set");
  if (next.size() > 2 && next.starts_with("--"))
    throw UsageError(name, "its value is missing before " + next,
                     "if " + next + " is the value, write " + name + "=" + next);
}

// "-q.jpg" is neither a file nor the short flags q, ., j, p and g; the parser would name only a part of it.
void check_short(const CLI::App& app, const std::string& argument) {
  if (argument.size() < 3 || argument.starts_with("--")) return;
  const bool are_flags = std::all_of(argument.begin() + 1, argument.end(), [&](char letter) {
    return app.get_option_no_throw(std::string("-") + letter) != nullptr;
  });
  if (!are_flags)
    throw UsageError(argument, "is an unknown option", "a file of that name is written ./" + argument);
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + "; " + hint;
}

// What a verb does with a model, where an argument that it does not take, or the one in the place of DATA, is
// one.
std::string hint_of_model(const CLI::App& verb, const std::string& extra) {
  std::vector<std::string> paths = {extra};
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_positional())
      paths.insert(paths.end(), option->results().begin(), option->results().end());
  }
  const auto model = std::find_if(paths.begin(), paths.end(), is_model);
  if (model == paths.end()) return "";
  if (verb.get_name() == "show") return "--model " + *model + " titles the pictures with its predictions";
  if (verb.get_option_no_throw("--weights") != nullptr)
    return "--weights " + *model + " starts from its weights";
  return kind_of(*model) == PathKind::run ? "graft report RUN RUN compares runs" : "";
}

// The message for an argument that `at`, a verb or the program, does not take.
std::string message_of_extra(const CLI::App& at, const std::string& extra) {
  if (extra.starts_with('-'))
    return with_hint("unknown option " + extra,
                     did_you_mean(extra.substr(0, extra.find('=')), flag_names(at)));
  return with_hint("unexpected argument " + extra, hint_of_model(at, extra));
}

// Where an argument is missing: the option of the verb whose value is a folder that may be this argument.
std::string taken_in_place(const CLI::App& verb) {
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_positional() || !takes_value(*option)) continue;
    for (const std::string& value : option->results()) {
      if (is_folder(value) && !is_model(value))
        return option->get_name() + " took " + value + " as its value: give " + option->get_name() +
               " a value, or leave it out";
    }
  }
  return "";
}

// The parser's message in the terms of the program.
std::string in_terms(const CLI::ParseError& error, const CLI::App* verb) {
  const std::string message = replace_all(replace_all(error.what(), " requires ", ": acts only with "),
                                          " excludes ", ": does not go with ");
  const std::string end = " is required";
  if (!message.ends_with(end)) return message;
  return with_hint(message.substr(0, message.size() - end.size()) + " is missing",
                   verb ? taken_in_place(*verb) : "");
}

}  // namespace

void check_command_line(const CLI::App& app, std::span<const std::string> arguments) {
  const CLI::App* at = &app;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.empty())
      throw UsageError("argument " + std::to_string(i + 1), "is empty",
                       "a variable of the shell may not be set");
    if (!argument.starts_with('-')) {
      const CLI::App* verb = at == &app ? verb_named(app, argument) : nullptr;
      if (verb != nullptr) at = verb;
      if (at == &app) throw UsageError(argument, "is an unknown verb", verb_hint(app, argument));
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const CLI::Option* option = at->get_option_no_throw(name);
    const auto after = arguments.subspan(i + 1);
    if (option == nullptr) {
      check_short(*at, argument);
      if (at == &app) check_place(app, name, after);
      continue;  // the parser refuses it
    }
    if (equals != std::string::npos) {
      const std::string value = argument.substr(equals + 1);
      if (!takes_value(*option) && value != "true" && value != "false")
        throw UsageError(name, "is a switch and takes no value", "leave out \"=" + value + "\"");
      if (value.empty()) throw UsageError(name, "its value is missing after \"=\"");
    } else if (takes_value(*option)) {
      check_next(name, after);
      ++i;
    }
  }
}

std::string message_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App* verb = chosen.empty() ? nullptr : chosen.front();
  const std::vector<std::string> extras = app.remaining(true);  // the program's own first
  std::string message = in_terms(error, verb);
  if (!extras.empty()) {
    message = message_of_extra(verb && app.remaining().empty() ? *verb : app, extras.front());
  } else if (verb == nullptr) {
    message = "no verb is given";
  }
  return message + " (graft " + (verb ? verb->get_name() + " " : "") + "--help)";
}

std::string short_help(const CLI::App& app) {
  return "no verb is given\n\n"
         "  graft train pictures --out runs/pets    train a classifier on a folder of pictures\n"
         "  graft predict runs/pets new.jpg         name what a picture shows\n"
         "  graft help VERB                         the arguments and options of a verb\n\n"
         "The verbs are " +
         join(verb_names(app), ", ") + " (graft --help).";
}

std::string verb_hint(const CLI::App& app, const std::string& name) {
  const std::vector<std::string> verbs = verb_names(app);
  const std::string nearest = did_you_mean(name, verbs);
  return nearest.empty() ? "the verbs are " + join(verbs, ", ") : nearest;
}

void require_model_before(const std::string& verb, const std::string& model, const std::string& other) {
  if (!is_model(model) && is_model(other))
    throw UsageError(other, "is the model, which comes first",
                     "graft " + verb + " " + shell_word(other) + " " + shell_word(model));
  require_model(model);
}

}  // namespace graft::cli
