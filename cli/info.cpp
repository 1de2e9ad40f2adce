// graft info, graft models: versions and machine, and the networks of the registry.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/result_texts.h"

namespace graft::cli {

void add_info(CLI::App& app, Console& console) {
  CLI::App* verb = app.add_subcommand("info", "Show versions, devices and the place of the cache");
  verb->callback([&console] { console.result_lines(machine_text()); });
}

void add_models(CLI::App& app, Console& console) {
  static std::vector<std::string> patterns;
  CLI::App* verb = app.add_subcommand("models", "List the networks to start from");
  verb->add_option("NAME", patterns, "names or families, such as 'vit*'")->type_name(braces(model_names()));
  verb->add_flag("--json", console.json, "print a JSON array on standard output");
  verb->footer("A file in the cache has the name and size of the weights; its hash is compared at each use.");
  verb->callback([&console] {
    console.json ? console.result(models_json(patterns))
                 : console.result_lines(console.in_words(models_text(patterns)));
  });
}

}  // namespace graft::cli
