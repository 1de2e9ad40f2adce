// graft embed MODEL PATH..., and graft similar MODEL QUERY... DATA: features of pictures.
#include "graft/session/embed.h"

#include "cli/bind_options.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

const std::vector<std::string> feature_options = {
    "batch_size", "workers", "prefetch", "fit", "exif", "alpha", "max_pixels", "decode", "device", "threads"};

struct EmbedArguments {
  std::vector<std::string> positional;  // MODEL PATH...
  std::string weights, out;
  bool overwrite = false;
  GivenOptions given;
};

// MODEL of the arguments, which it removes: a run, a model file, or a network's name.
ModelSource take_model(const std::string& verb, std::vector<std::string>& arguments,
                       const std::string& weights) {
  ModelSource model{arguments.front()};
  if (!weights.empty()) model.weights = weights;
  arguments.erase(arguments.begin());
  if (!is_network_name(model.name) && !model.name.starts_with("hf-hub:"))
    require_model_before(verb, model.name, arguments.empty() ? "" : arguments.front());
  return model;
}

void report_unreadable(const std::vector<BadImage>& bad, Console& console) {
  for (const BadImage& each : bad) console.warn("graft: " + each.message);
  if (!bad.empty()) console.exit_code = 1;
}

void embed(const EmbedArguments& arguments, Console& console) {
  EmbedRequest request;
  request.pictures = arguments.positional;
  request.model = take_model("embed", request.pictures, arguments.weights);
  if (request.pictures.empty())
    throw UsageError("PATH", "no picture or folder is given", "graft embed MODEL PATH...");
  request.recipe = recipe_of(arguments.given);
  request.preprocess = asked_preprocess(arguments.given, request.recipe);
  Outputs outputs(console, arguments.overwrite);
  add_feature_outputs(outputs, arguments.out);
  for (const std::string& path : request.pictures) outputs.keeps_out_of_folder(path);
  const EmbedResult result = embed_to_files(request, outputs, console.observer());
  console.say(counted(result.rows, "picture") + ", " + counted(result.width, "feature") + " each");
  outputs.say_written("out");
  outputs.say_written("out/paths");
  report_unreadable(result.bad, console);
}

struct SimilarArguments {
  std::vector<std::string> positional;  // MODEL QUERY... DATA
  std::string weights, csv, grid;
  int top_k = 5;
  bool jsonl = false, overwrite = false;
  GivenOptions given;
};

void similar(const SimilarArguments& arguments, Console& console) {
  SimilarRequest request;
  request.queries = arguments.positional;
  request.model = take_model("similar", request.queries, arguments.weights);
  if (request.queries.size() < 2)
    throw UsageError("DATA", "a picture and the pictures to compare it with are needed",
                     "graft similar MODEL QUERY... DATA");
  request.data = request.queries.back();
  request.queries.pop_back();
  request.top_k = arguments.top_k;
  request.recipe = recipe_of(arguments.given);
  request.preprocess = asked_preprocess(arguments.given, request.recipe);
  Outputs outputs(console, arguments.overwrite, arguments.jsonl ? "jsonl" : "");
  outputs.add("csv", arguments.csv, OutputType::table, {similar_header});
  outputs.add("grid", arguments.grid, OutputType::picture);
  const SimilarResult result = find_similar(request, outputs, console.observer());
  for (const SimilarResult::Query& query : result.queries)
    arguments.jsonl ? console.result(to_json(query)) : console.result_lines(to_text(query));
  outputs.say_written("csv");
  outputs.say_written("grid");
  report_unreadable(result.bad, console);
}

void bind_feature_options(CLI::App& verb, Console& console, GivenOptions& given,
                          std::vector<std::string> names) {
  bind_options<Recipe>(verb, console, recipe_options, given, names);
  for (const char* own : {"--fit", "--alpha", "--decode"}) verb.get_option(own)->default_str("the model's");
}

}  // namespace

void add_embed(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "embed", "Write the features of pictures, for search and other programs", embed);
  verb.add_option("MODEL PATH", arguments.positional,
                  "run folder, model file or a network's name, then pictures or folders of them")
      ->required();
  verb.add_option("--weights", arguments.weights, "weights of a model given by name")
      ->type_name(weights_type);
  verb.add_option("--out", arguments.out,
                  "the table, a row for each picture: .npy or .safetensors, with the paths in FILE.paths.csv "
                  "beside it, or .csv; - is standard output, as .csv")
      ->required()
      ->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --out replace files of another kind");
  bind_feature_options(verb, console, arguments.given, feature_options);
}

void add_similar(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "similar", "Find the pictures that are most similar to others", similar);
  verb.add_option(
          "MODEL QUERY DATA", arguments.positional,
          "run folder, model file or a network's name; then pictures or folders of them; and last the "
          "folder of pictures to compare them with, or a table (.npy, .safetensors) that embed wrote with "
          "the same model")
      ->required();
  verb.add_option("--weights", arguments.weights, "weights of a model given by name")
      ->type_name(weights_type);
  add_value(verb, "top_k", arguments.top_k, "similar pictures for each query [5]", 1, 10'000);
  verb.add_flag("--jsonl", arguments.jsonl, "one JSON object a query on standard output");
  verb.add_option("--csv", arguments.csv, "write a table: query,rank,path,cosine; - is standard output")
      ->type_name("FILE");
  verb.add_option("--grid", arguments.grid,
                  "draw each query with its similar pictures, which are titled with the cosine: .png or .jpg")
      ->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --csv and --grid replace files of another kind");
  std::vector<std::string> names = feature_options;
  names.emplace_back("feature_cache");
  bind_feature_options(verb, console, arguments.given, names);
}

}  // namespace graft::cli
