// graft completion bash|zsh|fish: a script for the shell, made of the verbs and options that the program has.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/verbs.h"
#include "graft/core/text.h"

namespace graft::cli {
namespace {

struct Flag {
  std::string name;                 // "--preset"
  std::string help;                 // its first words
  std::vector<std::string> values;  // of an enumeration
  bool takes_value = false;
};

struct Verb {
  std::string name, help;
  std::vector<Flag> flags;
};

// "{a,b}" → a, b.
std::vector<std::string> values_of(const std::string& type) {
  std::vector<std::string> values;
  if (type.size() < 2 || type.front() != '{') return values;
  std::string value;
  for (const char c : type.substr(1)) {
    if (c != ',' && c != '}') {
      value += c;
    } else {
      values.push_back(value);
      value.clear();
    }
  }
  return values;
}

std::vector<Verb> verbs_of(const CLI::App& app) {
  std::vector<Verb> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    Verb each{verb->get_name(), verb->get_description(), {}};
    for (const CLI::Option* option : verb->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        each.flags.push_back({"--" + name, option->get_description(), values_of(option->get_type_name()),
                              option->get_type_size() != 0});
      }
    }
    verbs.push_back(std::move(each));
  }
  return verbs;
}

std::vector<std::string> names_of(const std::vector<Verb>& verbs) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) names.push_back(verb.name);
  return names;
}

// In single quotes for any of the three shells.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "’" : std::string(1, c);
  return out + "'";
}

std::string bash_script(const std::vector<Verb>& verbs) {
  std::string script =
      "# graft completion bash > /etc/bash_completion.d/graft\n"
      "_graft() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      join(names_of(verbs), " ") +
      " --help --version' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"$verb $before\" in\n";
  for (const Verb& verb : verbs) {
    for (const Flag& flag : verb.flags) {
      if (!flag.values.empty())
        script += "    '" + verb.name + " " + flag.name + "') COMPREPLY=($(compgen -W '" +
                  join(flag.values, " ") + "' -- \"$word\")); return ;;\n";
    }
  }
  script +=
      "  esac\n"
      "  case \"$word\" in -*) ;; *) return ;; esac\n"
      "  case \"$verb\" in\n";
  for (const Verb& verb : verbs) {
    std::vector<std::string> names;
    for (const Flag& flag : verb.flags) names.push_back(flag.name);
    script += "    " + verb.name + ") COMPREPLY=($(compgen -W '" + join(names, " ") + "' -- \"$word\")) ;;\n";
  }
  return script +
         "  esac\n"
         "}\n"
         "complete -o default -F _graft graft\n";
}

// zsh reads bash's scripts.
std::string zsh_script(const std::vector<Verb>& verbs) {
  return "# graft completion zsh > graft.zsh; source graft.zsh\n"
         "autoload -Uz compinit bashcompinit && compinit -u && bashcompinit\n" +
         bash_script(verbs);
}

std::string fish_script(const std::vector<Verb>& verbs) {
  std::string script = "# graft completion fish > ~/.config/fish/completions/graft.fish\n";
  for (const Verb& verb : verbs) {
    script +=
        "complete -c graft -f -n __fish_use_subcommand -a " + verb.name + " -d " + quoted(verb.help) + "\n";
    for (const Flag& flag : verb.flags) {
      script +=
          "complete -c graft -n '__fish_seen_subcommand_from " + verb.name + "' -l " + flag.name.substr(2);
      if (flag.takes_value)
        script += flag.values.empty() ? " -r" : " -x -a " + quoted(join(flag.values, " "));
      script += " -d " + quoted(flag.help) + "\n";
    }
  }
  return script;
}

}  // namespace

void add_completion(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("completion", "Print a script that completes commands in a shell");
  const auto shell = std::make_shared<std::string>();
  verb->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->callback([&app, shell, &context] {
    const auto verbs = verbs_of(app);
    const std::string script = *shell == "bash"  ? bash_script(verbs)
                               : *shell == "zsh" ? zsh_script(verbs)
                                                 : fish_script(verbs);
    context.console.text(script);
  });
}

}  // namespace graft::cli
