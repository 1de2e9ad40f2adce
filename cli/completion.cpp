// graft completion bash|zsh|fish: a script for the shell, made of the verbs and options that the program has.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/text.h"

namespace graft::cli {
namespace {

// What a shell offers in a place.
struct Values {
  std::vector<std::string> words;
  bool files = false, folders = false;
  bool list = false;  // several, with commas between them

  bool none() const { return words.empty() && !files && !folders; }
};

struct Flag {
  std::string name;        // "--preset"
  char short_name = '\0';  // 'q'
  std::string help;
  bool takes_value = false;
  Values values;
};

struct Verb {
  std::string name, help;
  std::vector<Flag> flags;
  Values arguments;  // those without a flag
};

// Of "{default,none}|FILE|URL" (bind_options.h), or of a list, "{resnet18,resnet34},...".
Values values_of(const std::string& type) {
  Values values;
  const std::size_t from = type.find('{'), to = type.find('}');
  if (to != std::string::npos && from < to) values.words = split(type.substr(from + 1, to - from - 1), ',');
  values.list = type.ends_with(",...");
  for (const std::string& part : split(type, '|')) {
    if (part == "FILE") values.files = true;
    if (part == "FOLDER" || part == "RUN") values.folders = true;
  }
  return values;
}

// An argument without a type of its own is a file or a folder, which shells offer as files.
Values values_of_argument(const CLI::Option& argument) {
  Values values = values_of(argument.get_type_name());
  if (values.words.empty()) values.files = true;
  return values;
}

Verb verb_of(const CLI::App& app) {
  Verb verb{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      const Values values = values_of_argument(*option);
      verb.arguments.files |= values.files;
      verb.arguments.words.insert(verb.arguments.words.end(), values.words.begin(), values.words.end());
      continue;
    }
    const std::string short_name = option->get_snames().empty() ? "" : option->get_snames().front();
    for (const std::string& name : option->get_lnames()) {
      verb.flags.push_back({"--" + name, short_name.empty() ? '\0' : short_name.front(),
                            option->get_description(), option->get_items_expected_max() > 0,
                            values_of(option->get_type_name())});
    }
  }
  return verb;
}

std::vector<Verb> verbs_of(const CLI::App& app) {
  std::vector<Verb> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    verbs.push_back(verb_of(*verb));
  return verbs;
}

std::vector<std::string> names_of(const std::vector<Verb>& verbs) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) names.push_back(verb.name);
  return names;
}

// In single quotes for any of the three shells.
std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "’" : std::string(1, c);
  return out + "'";
}

// A call of the script's function that fills COMPREPLY.
std::string bash_offer(const Values& values) {
  if (values.list) return "_graft_offer_list " + in_quotes(join(values.words, " "));
  const char* paths = values.files ? " -f" : values.folders ? " -d" : "";
  return "_graft_offer " + in_quotes(join(values.words, " ")) + paths;
}

std::string bash_script(const std::vector<Verb>& verbs) {
  std::string script =
      "# graft completion bash > /etc/bash_completion.d/graft\n"
      "_graft_offer() {  # words, then -f for files or -d for folders\n"
      "  COMPREPLY=($(compgen -W \"$1\" -- \"$word\"))\n"
      "  [ -n \"$2\" ] || return 0\n"
      "  local IFS=$'\\n'\n"
      "  COMPREPLY+=($(compgen \"$2\" -- \"$word\"))\n"
      "  compopt -o filenames 2>/dev/null\n"
      "  return 0\n"
      "}\n"
      "_graft_offer_list() {  # words, behind the last comma\n"
      "  local before=\n"
      "  case $word in *,*) before=${word%,*}, ;; esac\n"
      "  COMPREPLY=($(compgen -P \"$before\" -W \"$1\" -- \"${word##*,}\"))\n"
      "  compopt -o nospace 2>/dev/null\n"
      "  return 0\n"
      "}\n"
      "_graft() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    _graft_offer " +
      in_quotes(join(names_of(verbs), " ") + " --help --version") +
      "\n"
      "    return\n"
      "  fi\n"
      "  # --option=value comes in three words\n"
      "  if [ \"$word\" = = ]; then\n"
      "    word=\n"
      "  elif [ \"$before\" = = ]; then\n"
      "    before=${COMP_WORDS[COMP_CWORD-2]}\n"
      "  fi\n"
      "  case \"$verb $before\" in\n";
  for (const Verb& verb : verbs) {
    for (const Flag& flag : verb.flags) {
      if (flag.takes_value)
        script += "    '" + verb.name + " " + flag.name + "') " + bash_offer(flag.values) + "; return ;;\n";
    }
  }
  script +=
      "  esac\n"
      "  case \"$verb $word\" in\n";
  for (const Verb& verb : verbs) {
    std::vector<std::string> names;
    for (const Flag& flag : verb.flags) names.push_back(flag.name);
    script += "    '" + verb.name + " '-*) _graft_offer " + in_quotes(join(names, " ")) + " ;;\n";
    if (!verb.arguments.none())
      script += "    '" + verb.name + " '*) " + bash_offer(verb.arguments) + " ;;\n";
  }
  return script +
         "  esac\n"
         "}\n"
         "complete -F _graft graft\n";
}

// zsh reads bash's scripts.
std::string zsh_script(const std::vector<Verb>& verbs) {
  return "# graft completion zsh > graft.zsh; source graft.zsh\n"
         "autoload -Uz compinit bashcompinit && compinit -u && bashcompinit\n" +
         bash_script(verbs);
}

// The flags of fish's `complete` that offer the values; empty for none.
std::string fish_offer(const Values& values) {
  std::vector<std::string> offered = values.words;
  if (values.folders && !values.files) offered.emplace_back("(__fish_complete_directories)");
  const std::string words = join(offered, " ");
  return std::string(values.files ? " -F" : "") + (words.empty() ? "" : " -a " + in_quotes(words));
}

std::string fish_script(const std::vector<Verb>& verbs) {
  std::string script =
      "# graft completion fish > ~/.config/fish/completions/graft.fish\n"
      "function __graft_verb\n"
      "  set -l words (commandline -opc)\n"
      "  set -q words[2]; and test $words[2] = $argv[1]\n"
      "end\n"
      "complete -c graft -f\n"
      "complete -c graft -n __fish_use_subcommand -s h -l help -d 'Print the help'\n"
      "complete -c graft -n __fish_use_subcommand -s v -l version -d 'Print the version'\n";
  for (const Verb& verb : verbs) {
    script +=
        "complete -c graft -n __fish_use_subcommand -a " + verb.name + " -d " + in_quotes(verb.help) + "\n";
    const std::string of_verb = "complete -c graft -n '__graft_verb " + verb.name + "'";
    if (!verb.arguments.none()) script += of_verb + fish_offer(verb.arguments) + "\n";
    for (const Flag& flag : verb.flags) {
      script += of_verb;
      if (flag.short_name != '\0') script += std::string(" -s ") + flag.short_name;
      script += " -l " + flag.name.substr(2);
      if (flag.takes_value) script += (flag.values.files ? " -r" : " -x") + fish_offer(flag.values);
      script += " -d " + in_quotes(flag.help) + "\n";
    }
  }
  return script;
}

}  // namespace

void add_completion(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("completion", "Print a script that completes commands in a shell");
  const auto shell = std::make_shared<std::string>();
  add_choice(*verb, "SHELL", *shell, {"bash", "zsh", "fish"}, "bash, zsh or fish")->required();
  verb->callback([&app, shell, &context] {
    const auto verbs = verbs_of(app);
    const std::string script = *shell == "bash"  ? bash_script(verbs)
                               : *shell == "zsh" ? zsh_script(verbs)
                                                 : fish_script(verbs);
    context.console.text(script);
  });
}

}  // namespace graft::cli
