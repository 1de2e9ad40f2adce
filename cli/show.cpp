// graft show DATA: the pictures as training sees them, or as a model names them.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/sheets.h"

namespace graft::cli {
namespace {

struct ShowArguments {
  std::string data, out;
  ModelSource model;
  int count = 0;  // 0: 16 pictures of the data, 6 with a model, as the tutorial
  bool overwrite = false;
  GivenOptions given;
};

Image sheet(const ShowArguments& arguments, const Observer& observer) {
  const Recipe recipe = recipe_of(arguments.given);
  if (!arguments.model.name.empty())
    return draw_prediction_sheet(
        {arguments.data, arguments.model, asked_preprocess(arguments.given, recipe), recipe.data.labels,
         recipe.loader, recipe.decode.max_pixels, recipe.seed, arguments.count > 0 ? arguments.count : 6,
         recipe.device, recipe.threads, arguments.given},
        observer);
  return draw_data_sheet(
      {arguments.data, recipe, arguments.given, arguments.count > 0 ? arguments.count : 16}, observer);
}

void show(const ShowArguments& arguments, Console& console) {
  Outputs outputs(console, arguments.overwrite);
  outputs.add("out", arguments.out, OutputType::picture);
  outputs.keeps_out_of(arguments.data);
  outputs.write("out", sheet(arguments, outputs.observer(console.observer())).view());
  outputs.say_written("out");
}

}  // namespace

void add_show(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "show",
               "Draw pictures of a data set, as training sees them or as a model names them", show);
  verb.add_option("DATA", arguments.data, "folder of pictures, as for train or eval")->required();
  verb.add_option("--out", arguments.out, "the sheet: .png or .jpg; - is standard output")
      ->required()
      ->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --out replace a file of another kind");
  CLI::Option* model =
      verb.add_option("--model", arguments.model.name,
                      "title the pictures with this model's predictions: run folder, model file or name")
          ->type_name(braces(model_names()) + "|RUN|FILE");
  verb.add_option("--weights", arguments.model.weights, "weights of a model given by name")
      ->type_name(weights_type)
      ->needs(model);
  add_value(verb, "count", arguments.count, "pictures [16; 6 with --model]", 1, 10'000);
  bind_recipe(verb, console, default_preset, arguments.given, sheet_options());
}

}  // namespace graft::cli
