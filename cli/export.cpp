// graft export MODEL: the weights in another file format.
#include <memory>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/verbs.h"
#include "graft/models/load.h"
#include "graft/weights/pth.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string model, out, format;
};

void export_model(const Arguments& arguments, Console& console) {
  const Model model = open_model(arguments.model);
  if (arguments.format == "pth") {
    const StateDict state = state_of(*model.network);
    write_pth(arguments.out, state.tensors);
  } else {
    save_model(arguments.out, model);
  }
  console.say("wrote " + arguments.out);
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("export", "Write a model's weights for other programs");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL", arguments->model, "run folder or model file")->required();
  add_choice(*verb, "--format", arguments->format, {"safetensors", "pth"},
             "safetensors (describes itself) or pth (torch.load(weights_only=True))")
      ->required();
  verb->add_option("--out", arguments->out, "the file to write")->required()->type_name("FILE");
  verb->callback([arguments, &context] { export_model(*arguments, context.console); });
}

}  // namespace graft::cli
