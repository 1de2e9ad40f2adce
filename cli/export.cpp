// graft export MODEL: the weights in another file format.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/model_files.h"

namespace graft::cli {
namespace {

struct ExportArguments {
  std::string model, out, int8;
  ExportRequest request;
  GivenOptions given;
  bool overwrite = false;
};

void run_export(const ExportArguments& arguments, Console& console) {
  console.words = {{"model", "graft train DATA --head-start file --model"}};  // makes a model of weights
  Outputs outputs(console, arguments.overwrite);
  add_export(outputs, arguments.out, arguments.request.format);
  ExportRequest request = arguments.request;
  request.int8 = arguments.int8;
  request.int8_options = options_from<Int8Options>(int8_options, arguments.given);
  if (request.int8.is_missing() && !arguments.given.empty())
    throw UsageError("`" + arguments.given.front().first + "`", "acts only with `int8`", "leave it out");
  const std::string words = export_model(arguments.model, request, outputs, console.observer());
  if (!words.empty()) console.say("int8: " + words);
  if (arguments.out != "-") console.say("wrote " + arguments.out);
}

}  // namespace

void add_export(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "export", "Write weights for other programs", run_export);
  verb.add_option("MODEL", arguments.model, "run folder or model file")->required();
  add_value(verb, "format", arguments.request.format,
            "safetensors, pth (torch.load(weights_only=True)), timm (a folder for timm.create_model) or onnx")
      ->required();
  add_value(verb, "names", arguments.request.names,
            "names of the tensors in a .pth or plain .safetensors file");
  verb.add_flag("--with-preprocess", arguments.request.with_preprocess,
                "onnx: takes 8-bit pixels and gives probabilities");
  verb.add_flag("--half", arguments.request.half, "onnx: weights and computations in float16");
  verb.add_option("--int8", arguments.int8,
                  "onnx: weights and activations in 8 bits; the pictures for their ranges and for the check "
                  "of the metric")
      ->type_name("DATA");
  bind_options<Int8Options>(verb, console, int8_options, arguments.given);
  verb.add_option("--out", arguments.out, "the file to write, - for standard output; for timm the folder")
      ->required()
      ->type_name("FILE|FOLDER");
  verb.add_flag("--overwrite", arguments.overwrite, "let --out replace weights that are there");
}

}  // namespace graft::cli
