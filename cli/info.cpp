// graft info, graft models: versions and machine, and the networks of the registry.
#include "cli/verbs.h"
#include "graft/session/result_texts.h"

namespace graft::cli {

void add_info(CLI::App& app, Console& console) {
  app.add_subcommand("info", "Show versions, devices and the place of the cache")->callback([&console] {
    console.result_lines(machine_text());
  });
}

void add_models(CLI::App& app, Console& console) {
  CLI::App* verb = app.add_subcommand("models", "List the networks to start from");
  verb->add_flag("--json", console.json, "print a JSON array on standard output");
  verb->footer(
      "Weights are in the cache where a file of their name and size is there; its hash is compared whenever\n"
      "it is used.");
  verb->callback([&console] {
    console.json ? console.result(models_json()) : console.result_lines(console.in_words(models_text()));
  });
}

}  // namespace graft::cli
