#include "cli/command_line.h"

#include <algorithm>
#include <vector>

#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

const CLI::App* verb_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* verb : verbs_of(app)) {
    if (verb->get_name() == name) return verb;
  }
  return nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// An option that stands before the first verb that has it.
void check_place(const CLI::App& app, const std::string& name, std::span<const std::string> after) {
  for (const std::string& word : after) {
    const CLI::App* verb = verb_named(app, word);
    if (verb == nullptr) continue;
    if (verb->get_option_no_throw(name) != nullptr)
      throw UsageError(name, "stands before the verb", "put it after: graft " + word + " … " + name);
    return;
  }
}

void check_switch(const std::string& name, const std::string& value) {
  if (value == "true" || value == "false") return;
  throw UsageError(name, "is a switch and takes no value", "leave out \"=" + value + "\"");
}

// The value of an option that stands in the next argument.
void check_next(const std::string& name, std::span<const std::string> after) {
  if (after.empty()) throw UsageError(name, "its value is missing");
  const std::string& next = after.front();
  if (next.empty()) throw UsageError(name, "its value is empty", "a variable of the shell may not be set");
  if (next.size() > 2 && next.starts_with("--"))
    throw UsageError(name, "its value is missing before " + next,
                     "if " + next + " is the value, write " + name + "=" + next);
}

// Names with commas between them, none of which is empty.
void check_list(const CLI::Option& option, const std::string& name, const std::string& value) {
  if (option.get_delimiter() == '\0') return;
  for (const std::string& part : split(value, option.get_delimiter())) {
    if (part.empty())
      throw UsageError(name, "\"" + value + "\" has a comma without a name on each side",
                       "write names with a comma alone between them: a,b");
  }
}

// "-q.jpg" is neither a file nor the short flags q, ., j, p and g: the parser would name only a part of it.
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

// Of an argument that a verb does not take: what is done with a model there, where `extra` or what stands in
// the place of DATA is one.
std::string hint_of_model(const CLI::App& verb, const std::string& extra) {
  std::vector<std::string> paths = {extra};
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_positional())
      paths.insert(paths.end(), option->results().begin(), option->results().end());
  }
  const auto model = std::find_if(paths.begin(), paths.end(), is_model);
  if (model == paths.end()) return "";
  if (verb.get_option_no_throw("--model") != nullptr && verb.get_name() == "show")
    return "--model " + *model + " titles the pictures with its predictions";
  if (verb.get_option_no_throw("--weights") != nullptr)
    return "--weights " + *model + " starts from its weights";
  return kind_of(*model) == PathKind::run ? "graft report RUN RUN compares runs" : "";
}

// Of an argument that nothing takes.
std::string message_of_extra(const CLI::App& app, const CLI::App* verb, const std::string& extra) {
  const bool is_option = extra.starts_with('-');
  const std::string name = extra.substr(0, extra.find('='));
  if (is_option)
    return with_hint("unknown option " + extra, did_you_mean(name, flag_names(verb ? *verb : app)));
  if (verb != nullptr) return with_hint("unexpected argument " + extra, hint_of_model(*verb, extra));
  const std::vector<std::string> verbs = verb_names(app);
  const std::string nearest = did_you_mean(name, verbs);
  return with_hint("unknown verb " + extra, nearest.empty() ? "the verbs are " + join(verbs, ", ") : nearest);
}

// Where an argument is missing that an option of the verb may have taken as its value.
std::string taken_in_place(const CLI::App* verb) {
  if (verb == nullptr) return "";
  for (const CLI::Option* option : verb->get_options()) {
    if (option->get_positional() || !takes_value(*option)) continue;
    for (const std::string& value : option->results()) {
      const std::string taken = taken_as_value(option->get_name(), value);
      if (!taken.empty()) return "; " + taken;
    }
  }
  return "";
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
      if (!takes_value(*option)) {
        check_switch(name, value);
      } else if (value.empty()) {
        throw UsageError(name, "its value is missing after \"=\"");
      } else {
        check_list(*option, name, value);
      }
    } else if (takes_value(*option)) {
      check_next(name, after);
      check_list(*option, name, after.front());
      ++i;
    }
  }
}

std::string message_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App* verb = chosen.empty() ? nullptr : chosen.front();
  std::string message = error.what();
  if (const std::string end = " is required"; message.ends_with(end))
    message.replace(message.size() - end.size(), end.size(), " is missing") += taken_in_place(verb);
  if (verb == nullptr && app.remaining().empty()) message = "no verb is given";
  for (const CLI::App* each : {&app, verb}) {
    if (each == nullptr) continue;
    if (const auto extras = each->remaining(); !extras.empty()) {
      message = message_of_extra(app, each == &app ? nullptr : verb, extras.front());
      break;
    }
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

std::string taken_as_value(const std::string& flag, const std::string& value) {
  const auto info = disk().info(value);
  if (!info || info->kind != FileKind::directory || is_model(value)) return "";
  return flag + " took " + value + " as its value: give " + flag + " a value, or leave it out";
}

void require_model_before(const std::string& verb, const std::string& model, const std::string& other) {
  if (!is_model(model) && is_model(other))
    throw UsageError(other, "is the model, which comes first", "graft " + verb + " " + other + " " + model);
  require_model(model);
}

}  // namespace graft::cli
