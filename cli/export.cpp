// graft export MODEL: the weights in another file format.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/model_files.h"

namespace graft::cli {
namespace {

struct ExportArguments {
  std::string model, out;
  ExportFormat format = ExportFormat::safetensors;
  TensorNames names = TensorNames::own;
  bool overwrite = false;
};

void run_export(const ExportArguments& arguments, Console& console) {
  console.words = {{"model", "graft predict --model"}};  // only this takes weights without a model
  Outputs outputs(console, arguments.overwrite);
  add_export(outputs, arguments.out, arguments.format);
  export_model(arguments.model, arguments.format, outputs, arguments.names);
  if (arguments.out != "-") console.say("wrote " + arguments.out);
}

}  // namespace

void add_export(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "export", "Write weights for other programs", run_export);
  verb.add_option("MODEL", arguments.model, "run folder or model file")->required();
  add_value(verb, "format", arguments.format,
            "safetensors, pth (torch.load(weights_only=True)) or timm (a folder for timm.create_model)")
      ->required();
  add_value(verb, "names", arguments.names, "names of the tensors in a .pth or plain .safetensors file");
  verb.add_option("--out", arguments.out, "the file to write, - for standard output; for timm the folder")
      ->required()
      ->type_name("FILE|FOLDER");
  verb.add_flag("--overwrite", arguments.overwrite, "let --out replace weights that are there");
}

}  // namespace graft::cli
