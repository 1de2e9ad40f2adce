#include "graft/session/resume.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/data/labels.h"
#include "graft/models/model_file.h"
#include "graft/models/model_metadata.h"
#include "graft/run/config.h"
#include "graft/run/options_file.h"
#include "graft/session/record.h"
#include "graft/session/run.h"
#include "graft/session/run_place.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

// These do not affect the weights.
constexpr std::array free_to_change = {"workers", "prefetch", "cache", "time_limit"};

// "ants 123 → 122, wasps 0 → 5"
std::string difference(const Json& before, const Json& now) {
  std::vector<std::string> parts;
  const auto count = [](const Json& counts, const std::string& name) {
    return counts.contains(name) ? whole_number<std::int64_t>(counts[name]) : 0;
  };
  Json all = before;
  all.update(now);
  for (const auto& [name, unused] : all.items()) {
    const std::int64_t was = count(before, name), is = count(now, name);
    if (was != is || before.contains(name) != now.contains(name))
      parts.push_back(name + " " + std::to_string(was) + " → " + std::to_string(is));
  }
  return shorten_list(parts, 10);
}

// "other classes: ants, bees, and these are ants, wasps". For numbers the only class is the name of the
// number.
std::string other_labels(const std::vector<std::string>& before, const Folder& now) {
  const bool number = now.kind() == LabelKind::number && before.size() == 1;
  const std::string was = before.empty() ? "not recorded" : shorten_list(before, 10);
  return (number ? "another number: " : "other classes: ") + was + ", and " +
         (number ? "this is " : "these are ") + shorten_list(now.classes, 10);
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Empty if they are missing or damaged.
std::vector<std::string> recorded_classes(const std::map<std::string, std::string>& facts) {
  const auto found = facts.find("classes");
  if (found == facts.end() || is_json_too_deep(found->second)) return {};
  const Json json = Json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> classes;
  if (!json.is_array()) return classes;
  for (const Json& name : json) classes.push_back(name.is_string() ? name.get<std::string>() : name.dump());
  return classes;
}

// `where` names the present pictures of the phase.
void compare_part(const std::string& phase, const std::string& where,
                  const std::map<std::string, std::string>& recorded, const Folder& now) {
  const auto of_phase = [&](const std::string& name) {
    const auto found = recorded.find(phase + "_" + name);
    return found == recorded.end() ? std::string() : found->second;
  };
  const std::string pictures = of_phase("pictures");
  if (pictures == pictures_hash(now) || pictures == pictures_hash_without_slash(now)) return;
  const std::string counts = of_phase("counts");
  const Json was = is_json_too_deep(counts) ? Json() : Json::parse(counts, nullptr, false);
  const Json is = class_counts(now);
  std::string what = was.is_object() ? difference(was, is) : "";
  if (what.empty()) what = "the same number, with other names or labels";
  throw Error(where, "its pictures are not those that the run was trained on: " + what,
              "restore them, or start a new run");
}

std::string advice_to_begin_again(const RunFolder& folder) {
  return "remove that file, and `resume` " + shell_word(folder.path().string()) +
         " starts the run again; or replace it by a new run with `overwrite`";
}

std::string advice_on_other_data(const RunFolder& folder) {
  return "name its own data (`data`), or replace " + folder.path().string() +
         " by a new run with `overwrite`";
}

// Reports errors in a run's own file as a damaged file, not as a wrong request.
template <class Read>
auto of_file(const std::filesystem::path& file, const Read& read) {
  try {
    return read();
  } catch (const UsageError& error) {
    throw Error(error.where(), error.problem(), error.advice());
  } catch (const Json::exception& error) {
    throw Error(file.string(), "is damaged: " + json_problem(error).words);
  }
}

// The run as recorded in config.json, and the paths of its data.
struct Recorded {
  RunRecord run;
  std::string given_path, absolute;
};

Recorded read_record(const std::filesystem::path& file) {
  return of_file(file, [&] {
    Recorded recorded;
    RunRecord& run = recorded.run;
    const Json config = read_json_object(file);
    if (const int version = config.value("format_version", 0); version > run_format_version)
      throw Error(file.string(),
                  "has run format " + std::to_string(version) + ", and this graft reads up to " +
                      std::to_string(run_format_version),
                  "use the graft that wrote it, or a newer one");
    read_options(file, options_in(run.recipe, recipe_options));
    for (const auto& [name, value] : config.at("asked").items())
      run.given.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    run.own_data = config.at("data").value("own", false);
    run.searched = config.value("searched", false);
    run.own_loss = config.value("own_loss", false);
    run.own_batch_transform = config.value("own_batch_transform", false);
    // Version 0.1 recorded none: all weights of a model had the same preprocess.
    run.preprocess = config.contains("preprocess")
                         ? preprocess_of_json(config.at("preprocess").dump(), file.string())
                         : find_model(run.recipe.model).preprocess;
    run.weights = config.at("resolved").value("weights", "");
    run.weights_sha256 = config.value("weights_sha256", "");
    run.teacher_sha256 = config.value("teacher_sha256", "");
    run.unlabelled_hash = config.value("unlabelled_hash", "");
    run.precision = config.at("resolved").value("precision", "");
    recorded.given_path = config.at("data").value("path", "");
    recorded.absolute = config.at("data").value("absolute", "");
    return recorded;
  });
}

// A checkpoint cannot be downloaded again, whatever is wrong with it.
SavedCheckpoint load(const RunFolder& folder) {
  try {
    return load_checkpoint(folder.checkpoint());
  } catch (const Error& error) {
    throw Error(folder.checkpoint().string(), error.problem(), advice_to_begin_again(folder));
  }
}

}  // namespace

std::string way_to_a_new_run(const RunFolder& folder) {
  if (disk().info(folder.model()))
    return "start a new run from its model with `weights` " + shell_word(folder.model().string());
  return std::string("start a new run") + (is_anything_kept(folder) ? " in its place with `overwrite`" : "");
}

std::optional<std::string> completion(const RunFolder& folder) {
  if (!disk().info(folder.summary())) return std::nullopt;
  const std::string ending =
      of_file(folder.summary(), [&] { return read_json_object(folder.summary()).value("ending", ""); });
  if (ending != "finished" && ending != "patience") return std::nullopt;
  read_model_file(folder.path());  // throws if it is missing or damaged
  return ending;
}

RunRecord recorded_run(const RunFolder& folder, const GivenOptions& given, const DataSource& data) {
  if (!disk().info(folder.path()))
    throw Error(folder.path().string(), "does not exist",
                "check the path; a training run that had not started leaves no folder");
  if (!disk().info(folder.config()))
    throw Error(folder.path().string(),
                "is not a run folder: it has no " + folder.config().filename().string());
  auto [run, given_path, absolute] = read_record(folder.config());
  const auto options = options_in(run.recipe, recipe_options);
  if (run.own_data && !data.own)
    throw UsageError("`data`",
                     data.is_missing() ? "is missing: the run was trained on a program's own data"
                                       : "is a path, but the run was trained on a program's own data",
                     "resume it in that program");
  if (!run.own_data && data.own)
    throw UsageError("`data`", "is a program's own, but the run was trained on files",
                     "leave it out, or name these files");
  for (const auto& [name, text] : given) {
    if (std::none_of(options.begin(), options.end(),
                     [&](const OptionRef& each) { return each.name == name; }))
      throw UsageError(quoted_option(name), "is an unknown option");
    if (std::find(free_to_change.begin(), free_to_change.end(), name) == free_to_change.end())
      throw UsageError(quoted_option(name), "cannot be changed in a run that is resumed",
                       "leave it out, or " + way_to_a_new_run(folder));
  }
  apply_options(options, given);
  // The precision of the original machine is kept: the weights of the checkpoint depend on it.
  if (run.recipe.precision == Precision::automatic && !run.precision.empty() &&
      disk().info(folder.checkpoint()))
    run.recipe.precision = run.precision.starts_with("bf16") ? Precision::bf16 : Precision::fp32;
  run.data = data.path;
  if (data.is_missing()) {
    require_data_path(folder.config(), given_path);
    // The path as given, if it still is the same place, so that predictions_val.csv has the same paths.
    const bool same = absolute_path(given_path) == absolute;
    run.data = !same && disk().info(absolute) ? absolute : given_path;
    if (!disk().info(run.data))
      throw Error(run.data, "no longer exists", "give the path of the pictures (`data`)");
  }
  return run;
}

std::map<std::string, std::string> data_facts(const TrainingData& data) {
  return {{"classes", dump(Json(data.train.classes))},  {"train_counts", dump(class_counts(data.train))},
          {"val_counts", dump(class_counts(data.val))}, {"train_pictures", pictures_hash(data.train)},
          {"val_pictures", pictures_hash(data.val)},    {"test_pictures", pictures_hash(data.test)}};
}

void check_recorded_data(const RunFolder& folder, const TrainingData& data) {
  const RunConfig config = read_config(folder.config());
  if (config.train_hash.empty()) return;  // version 0.1 recorded none
  if (!config.classes.empty() && config.classes != data.train.classes)
    throw Error(folder.path().string(), "was started on " + other_labels(config.classes, data.train),
                advice_on_other_data(folder));
  const bool other_test =
      config.test_hash.empty() ? data.test_split : config.test_hash != pictures_hash(data.test);
  if (config.train_hash != pictures_hash(data.train) || config.val_hash != pictures_hash(data.val) ||
      other_test)
    throw Error(folder.path().string(), "was started on other pictures or other labels",
                advice_on_other_data(folder));
}

void check_data_of(const RunFolder& folder, const DataSource& data) {
  const RunRecord run = recorded_run(folder, {}, data);
  check_recorded_data(folder, open_data_set(data, run.recipe.data));
}

SavedCheckpoint open_checkpoint(const RunFolder& folder, const TrainingData& data,
                                const std::string& source) {
  if (!disk().info(folder.checkpoint()))
    throw Error(
        folder.path().string(),
        "has no " + folder.checkpoint().filename().string() + ": it was stopped before its first checkpoint",
        "replace it by a new run with `overwrite`");
  SavedCheckpoint saved = load(folder);
  const auto classes = saved.facts.find("classes");
  if (classes == saved.facts.end() || classes->second != dump(Json(data.train.classes)))
    throw Error(folder.path().string(),
                "was trained on " + other_labels(recorded_classes(saved.facts), data.train),
                advice_on_other_data(folder));
  const auto where = [&](const Folder& part) { return is_label_table(source) ? source : part.root.string(); };
  compare_part("train", where(data.train), saved.facts, data.train);
  compare_part("val", where(data.val), saved.facts, data.val);
  return saved;
}

}  // namespace graft
