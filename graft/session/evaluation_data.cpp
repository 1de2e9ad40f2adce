#include "graft/session/evaluation_data.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/run/config.h"
#include "graft/run/history.h"
#include "graft/run/run_tables.h"
#include "graft/session/record.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

bool same_place(const fs::path& a, const fs::path& b) {
  const auto whole = [](const fs::path& path) {
    return (fs::weakly_canonical(path) / "").lexically_normal().string();
  };
  return !a.empty() && !b.empty() && whole(a) == whole(b);
}

// Where the run's data are now: the places that it recorded, as far as something is there.
std::vector<std::string> places_of_data(const RunConfig& config) {
  std::vector<std::string> places;
  if (config.own_data) return places;
  for (const std::string& path : {config.absolute, config.data}) {
    if (!path.empty() && disk().info(path)) places.push_back(path);
  }
  return places;
}

std::string data_of_run(const RunConfig& config) {
  if (config.own_data)
    throw UsageError("`data`", "is missing: the run was trained on a program's own data",
                     "give these again, or name other pictures");
  const std::vector<std::string> places = places_of_data(config);
  if (!places.empty()) return places.front();
  throw Error(config.data, "is no longer there", "say where the pictures are (`data`)");
}

// Under --overwrite the model of the earlier run stays until the first new one is whole, and what the folder
// says of held-out pictures is not of that model.
void check_model_is_of_run(const Model& model, const RunFolder& run) {
  const auto said = [&](const char* key) {
    const auto found = model.training.find(key);
    return found == model.training.end() ? std::string() : found->second;
  };
  if (said("val_loss").empty() || !disk().info(run.history())) return;
  for (const EpochRecord& record : read_history(run.history())) {
    const bool same_metrics = std::all_of(record.val.begin(), record.val.end(), [&](const MetricValue& each) {
      const std::string value = said(("val_" + each.key).c_str());
      return value.empty() || value == std::to_string(each.value);
    });
    if (same_metrics && std::to_string(record.val_loss) == said("val_loss")) return;
  }
  throw Error(
      run.path().string(), "its model is that of an earlier run, which the present one has not replaced yet",
      "continue the run with `resume` " + run.path().string() + ", or measure all pictures with `split` all");
}

// The data as the run trained on them; nothing where they are no longer such a data set.
std::optional<DataSet> open_again(const DataSource& data, const RunConfig& config) {
  DataOptions options;
  for (const OptionRef& option : options_in(options, data_options)) {
    if (const std::string value = value_of(config.options, option.name); !value.empty()) option.set(value);
  }
  try {
    return open_data_set(data, options);
  } catch (const UsageError&) {
    throw;
  } catch (const Error&) {  // no data set to train on, so not the run's
  }
  return std::nullopt;
}

// The data divided as in the training; nothing where they cannot be, or are divided already.
std::optional<DataSet> split_again(const DataSource& data, const RunConfig& config) {
  auto parts = open_again(data, config);
  return parts && parts->split ? std::move(parts) : std::nullopt;
}

// What a picture is, whatever links lead to it: its device and its number there; nothing where it is no file.
std::optional<std::pair<std::uint64_t, std::uint64_t>> identity_of(const Sample& sample) {
  const auto info = sample.source == nullptr ? disk().info(sample.path) : std::nullopt;
  if (!info) return std::nullopt;
  return std::pair(static_cast<std::uint64_t>(info->device), static_cast<std::uint64_t>(info->inode));
}

// How many of the pictures the run was trained on, as far as its data are where they were.
std::size_t count_trained(const RunConfig& config, const std::vector<Sample>& samples) {
  std::optional<DataSet> own;
  for (const std::string& place : places_of_data(config)) {
    if (!own) own = open_again(place, config);
  }
  if (!own) return 0;
  std::set<std::pair<std::uint64_t, std::uint64_t>> trained;
  for (const Sample& sample : own->train.samples) {
    if (const auto identity = identity_of(sample)) trained.insert(*identity);
  }
  return static_cast<std::size_t>(std::count_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    const auto identity = identity_of(sample);
    return identity && trained.contains(*identity);
  }));
}

// Versions before 0.2 recorded counts, no hashes.
bool has_hashes(const RunConfig& config) { return !config.train_hash.empty(); }

bool is_what_was_recorded(const DataSet& parts, const RunConfig& config) {
  if (has_hashes(config))
    return pictures_hash(parts.train) == config.train_hash && pictures_hash(parts.val) == config.val_hash;
  return parts.train.count_per_class() == config.train_counts &&
         parts.val.count_per_class() == config.val_counts;
}

EvaluationFolder joined(DataSet parts) {
  EvaluationFolder all{std::move(parts.train), EvaluationPart::all};
  all.samples.insert(all.samples.end(), std::make_move_iterator(parts.val.samples.begin()),
                     std::make_move_iterator(parts.val.samples.end()));
  all.sources.insert(all.sources.end(), parts.val.sources.begin(), parts.val.sources.end());
  return all;
}

EvaluationData part_of(DataSet parts, EvaluationPart part) {
  EvaluationData data;
  data.warnings = std::move(parts.warnings);
  const std::size_t train = parts.train.samples.size(), val = parts.val.samples.size();
  if (part == EvaluationPart::train) {
    data.folder = {std::move(parts.train), part};
    data.words = "the " + counted(train, "picture") + " that the run was trained on";
  } else if (part == EvaluationPart::all) {
    data.folder = joined(std::move(parts));
    data.words =
        counted(train + val, "picture") + "; the run was trained on " + std::to_string(train) + " of them";
  } else if (part == EvaluationPart::test) {
    throw UsageError("`split`", "the run has no test part", "ask for train, val or all");
  } else {
    data.folder = {std::move(parts.val), EvaluationPart::val};
    data.words = "the " + counted(val, "picture") + " that the run held out; the " + std::to_string(train) +
                 " that it was trained on are left out (`split` all takes them too)";
  }
  return data;
}

// The names of the run's validation pictures below the root of its data; `now` is the root that `data` have.
std::set<std::string> held_out_names(const RunFolder& run, const RunConfig& config, const std::string& data,
                                     const fs::path& now) {
  std::set<std::string> names;
  if (!disk().info(run.predictions_csv())) return names;
  const fs::path then = (fs::path(config.data) / now.lexically_relative(data)).lexically_normal();
  for (const PredictionRow& row : read_predictions(run.predictions_csv()))
    names.insert(fs::path(row.path).lexically_normal().lexically_relative(then).string());
  return names;
}

// Pictures have come or gone: only those that the run lists are known to be held out.
EvaluationData held_out_of_changed(const RunFolder& run, const RunConfig& config, const std::string& data,
                                   DataSet parts) {
  const fs::path root = parts.train.root;
  const auto names = held_out_names(run, config, data, root);
  EvaluationData result;
  result.warnings = std::move(parts.warnings);
  EvaluationFolder all = joined(std::move(parts));
  const std::size_t count = all.samples.size();
  std::erase_if(all.samples, [&](const Sample& sample) {
    return !names.contains(fs::path(sample.path).lexically_relative(root).string());
  });
  if (all.samples.empty()) {
    throw Error(data,
                "has changed since the run was trained on it, and which pictures it held out is not known",
                "evaluate other pictures, or all of these with `split` all");
  }
  all.part = EvaluationPart::val;
  result.warnings.push_back(data + ": has changed since the run was trained on it; " +
                            counted(count - all.samples.size(), "picture") +
                            " that it does not list as held out are left out");
  result.words = "the " + counted(all.samples.size(), "picture") + " that the run held out";
  result.folder = std::move(all);
  return result;
}

// What the run says of the data; nothing where they are not those of the run, or are divided already.
std::optional<EvaluationData> of_data_of_run(const Model& model, const RunFolder& run,
                                             const RunConfig& config, const DataSource& data,
                                             EvaluationPart part) {
  if (!config.val_split_off) return std::nullopt;
  if (part != EvaluationPart::all) check_model_is_of_run(model, run);
  const bool files = !data.own && !config.own_data;
  const bool here = files && (same_place(data.path, config.absolute) || same_place(data.path, config.data));
  auto parts = split_again(data, config);
  if (!parts) return std::nullopt;
  const bool own_classes = parts->train.classes == model.classes;
  if (own_classes && is_what_was_recorded(*parts, config) && (here || has_hashes(config)))
    return part_of(std::move(*parts), part);
  if (!here || part == EvaluationPart::all) return std::nullopt;
  if (part == EvaluationPart::train || part == EvaluationPart::test)
    throw Error(data.path, "has changed since the run was trained on it",
                "leave `split` out, or ask for all");
  if (!own_classes)
    throw Error(data.path, "has other classes than when the run was trained on it",
                "`split` all evaluates all of it");
  return held_out_of_changed(run, config, data.path, std::move(*parts));
}

// Where the pictures were not chosen by the run.
void warn_of_trained(const RunFolder& run, const RunConfig& config, const std::string& data,
                     EvaluationData& result) {
  const EvaluationFolder& folder = result.folder;
  if (const std::size_t count = count_trained(config, folder.samples); count > 0) {
    result.warnings.push_back(data + ": the run was trained on " + std::to_string(count) + " of these " +
                              counted(folder.samples.size(), "picture"));
    return;
  }
  if (has_hashes(config) && pictures_hash(folder) == config.train_hash) {
    result.warnings.push_back(data +
                              ": the run was trained on these pictures; the metrics say nothing of others");
  }
  if (!config.val_split_off) return;
  auto names = held_out_names(run, config, data, folder.root);
  const bool any = !names.empty();
  for (const Sample& sample : folder.samples)
    names.erase(fs::path(sample.path).lexically_relative(folder.root).string());
  if (any && names.empty()) {
    result.warnings.push_back(data +
                              ": holds pictures of the same names as all that the run held out; where "
                              "they are those of the training, most were trained on");
  }
}

}  // namespace

std::optional<RunFolder> run_of_model(const std::string& model) {
  const auto info = disk().info(model);
  if (!info) return std::nullopt;
  const RunFolder run(info->kind == FileKind::directory ? fs::path(model) : fs::path(model).parent_path());
  const bool is_its_model = info->kind == FileKind::directory || same_place(model, run.model());
  return is_its_model && disk().info(run.config()) ? std::optional(run) : std::nullopt;
}

EvaluationData open_evaluation_data(const Model& model, const EvaluationRequest& request) {
  DataSource data = request.data;
  std::optional<RunConfig> config;
  if (request.run) config = read_config(request.run->config());
  if (data.is_missing()) {
    if (!config)
      throw UsageError("`data`", "is missing", "name the labelled pictures, or give a run as the model");
    data = data_of_run(*config);
  }
  if (config) {
    if (auto own = of_data_of_run(model, *request.run, *config, data, request.part)) return std::move(*own);
  }
  EvaluationData result;
  result.folder = open_evaluation_folder(data, model.classes, result.warnings, model.task.kind, request.part);
  if (config && request.part != EvaluationPart::train)
    warn_of_trained(*request.run, *config, data.path, result);
  return result;
}

}  // namespace graft
