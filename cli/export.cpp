// graft export MODEL: the weights in another file format.
#include <memory>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "graft/models/finite.h"
#include "graft/models/load.h"
#include "graft/weights/pth.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string model, out, format;
  bool overwrite = false;
};

void export_model(const Arguments& arguments, Console& console) {
  const bool pth = arguments.format == "pth";
  Outputs outputs(console, arguments.overwrite);
  outputs.add("--out", arguments.out, pth ? OutputType::pth : OutputType::safetensors);
  outputs.reads(model_file(arguments.model));
  outputs.check();
  const Model model = open_model(arguments.model);
  outputs.write("--out", [&](OutputFile& file) {
    if (pth) {
      check_tensors(*model.network);
      const StateDict state = state_of(*model.network);
      write_pth(file, arguments.out, state.tensors);
    } else {
      save_model(file, arguments.out, model);
    }
  });
  outputs.say_written("--out");
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("export", "Write a model's weights for other programs");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL", arguments->model, "run folder or model file")->required();
  add_choice(*verb, "--format", arguments->format, {"safetensors", "pth"},
             "safetensors (describes itself) or pth (torch.load(weights_only=True))")
      ->required();
  verb->add_option("--out", arguments->out, "the file to write; - is standard output")
      ->required()
      ->type_name("FILE");
  verb->add_flag("--overwrite", arguments->overwrite, "let --out replace a file of another kind");
  verb->callback([arguments, &context] { export_model(*arguments, context.console); });
}

}  // namespace graft::cli
