#include "graft/session/evaluation_data.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/data/split.h"
#include "graft/data/walk.h"
#include "graft/run/config.h"
#include "graft/run/earlier_model.h"
#include "graft/run/run_tables.h"
#include "graft/session/record.h"
#include "graft/session/seen_pictures.h"

namespace graft {
namespace {

using Flags = std::vector<bool>;

namespace fs = std::filesystem;

std::size_t count(const Flags& flags) {
  return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), true));
}

bool same_place(const fs::path& a, const fs::path& b) {
  const auto whole = [](const fs::path& path) {
    return (resolved_path(path) / "").lexically_normal().string();
  };
  return !a.empty() && !b.empty() && whole(a) == whole(b);
}

// The recorded paths of the run's data that exist now.
std::vector<std::string> places_of_data(const RunConfig& config) {
  std::vector<std::string> places;
  if (config.own_data) return places;
  for (const std::string& path : {config.absolute, config.data}) {
    const bool is_known = !places.empty() && same_place(path, places.front());
    if (!is_known && !path.empty() && disk().info(path)) places.push_back(path);
  }
  return places;
}

std::string place_of_data(const RunFolder& run, const RunConfig& config) {
  if (config.own_data)
    throw UsageError("`data`", "is missing: the run was trained on a program's own data",
                     "give the same data again, or name other pictures");
  const std::vector<std::string> places = places_of_data(config);
  if (!places.empty()) return places.front();
  require_data_path(run.config(), config.data);
  throw Error(config.data, "no longer exists", "give the path of the pictures (`data`)");
}

// The folder's held-out pictures do not apply to the model of an earlier run, given by its file.
void check_model_is_of_run(const Model& model, const RunFolder& run) {
  if (is_of_earlier_run(run, model.training))
    refuse_earlier_model(run, "evaluate all pictures with `split` all");
}

// If the present run has other labels, its data do not suit that model.
void check_labels_are_of_model(const Model& model, const RunFolder& run, const RunConfig& config) {
  const bool same_kind = config.labels == LabelKind::automatic || config.labels == model.task.kind;
  if (!same_kind || config.classes != model.classes)
    refuse_earlier_model(run, "name pictures that have its labels: " + shorten_list(model.classes, 5));
}

bool is_own_place(const DataSource& data, const RunConfig& config) {
  if (data.own || config.own_data) return false;
  return same_place(data.path, config.absolute) || same_place(data.path, config.data);
}

// The data as the run trained on them; empty if they are no longer a dataset.
std::optional<TrainingData> open_again(const DataSource& data, const RunConfig& config) {
  DataOptions options;
  for (const OptionRef& option : options_in(options, data_options)) {
    if (const std::string value = value_of(config.options, option.name); !value.empty()) option.set(value);
  }
  try {
    return open_data_set(data, options);
  } catch (const UsageError&) {
    throw;
  } catch (const Error&) {  // not a dataset for training, so not the run's
  }
  return std::nullopt;
}

// The data split as in training; empty if that is not possible or they have their own split.
std::optional<TrainingData> split_again(const DataSource& data, const RunConfig& config) {
  auto parts = open_again(data, config);
  return parts && (parts->split || parts->test_split || parts->folded) ? std::move(parts) : std::nullopt;
}

bool is_folded(const RunConfig& config) {
  const std::string folds = value_of(config.options, "folds");
  return !folds.empty() && folds != "0";
}

// Whether the run is the final training of a cross-validation: predictions_val.csv lists pictures that it was
// trained on.
bool is_trained_on_all(const RunConfig& config) { return is_folded(config) && config.val_pictures == 0; }

// The part of the run's own split that is asked for; empty if that is not its own.
std::optional<EvaluationPart> own_part(const RunConfig& config, EvaluationPart part) {
  if (is_folded(config)) {
    if (part != EvaluationPart::automatic) return part;
    return config.val_pictures > 0    ? EvaluationPart::val
           : config.test_pictures > 0 ? EvaluationPart::test
                                      : EvaluationPart::all;
  }
  if (part == EvaluationPart::test) return config.test_split_off ? std::optional(part) : std::nullopt;
  const bool is_of_split = part == EvaluationPart::train || part == EvaluationPart::all;
  return config.val_split_off || (config.test_split_off && is_of_split) ? std::optional(part) : std::nullopt;
}

// Versions before 0.2 recorded counts but no hashes.
bool has_hashes(const RunConfig& config) { return !config.train_hash.empty(); }

bool is_what_was_recorded(const TrainingData& parts, const RunConfig& config) {
  if (has_hashes(config))
    return pictures_hash(parts.train) == config.train_hash && pictures_hash(parts.val) == config.val_hash;
  return parts.train.count_per_class() == config.train_counts &&
         parts.val.count_per_class() == config.val_counts;
}

// The training pictures come first.
EvaluationFolder join_parts(TrainingData parts) {
  EvaluationFolder all{std::move(parts.train), EvaluationPart::all};
  for (Folder* part : {&parts.val, &parts.test}) append_samples(all, *part);
  return all;
}

// `source`: the data's path.
EvaluationData part_of(TrainingData parts, EvaluationPart part, const std::string& source) {
  EvaluationData data;
  data.warnings = std::move(parts.warnings);
  const std::size_t train = parts.train.samples.size(), val = parts.val.samples.size();
  const std::size_t test = parts.test.samples.size(), whole = train + val + test;
  if (part == EvaluationPart::test) {
    data.folder = {std::move(parts.test), part};
    data.words = "the " + counted(test, "picture") + " that the run kept for its test";
  } else if (part == EvaluationPart::train) {
    data.folder = {std::move(parts.train), part};
    data.trained.assign(train, true);
    data.words = "the " + counted(train, "picture") + " that the run was trained on";
  } else if (part == EvaluationPart::all) {
    data.folder = join_parts(std::move(parts));
    data.trained.assign(train, true);
    data.trained.resize(whole, false);
    data.words = counted(whole, "picture") + "; the run was trained on " + std::to_string(train) +
                 " of them" + (test > 0 ? ", and " + std::to_string(test) + " are for its test" : "");
  } else if (parts.folded && val == 0) {
    throw Error(source, "has no validation part: the run is a cross-validation",
                "its out-of-fold metrics are in its evaluation.json; use `split` test or all");
  } else {
    data.folder = {std::move(parts.val), EvaluationPart::val};
    data.words = "the " + counted(val, "picture") + " that the run held out; the " + std::to_string(train) +
                 " that it was trained on are left out (`split` all includes them)";
  }
  return data;
}

using PictureNames = std::set<std::string>;

// The path below `root`, the data's folder or table: "ants/1.jpg". Of a picture elsewhere, what differs.
std::string name_below(const fs::path& root, const fs::path& picture) {
  const fs::path below = absolute_path(picture).lexically_normal().lexically_relative(
      absolute_path(root / "").lexically_normal().parent_path());
  fs::path name;
  for (const fs::path& part : below) {
    if (part != "..") name /= part;
  }
  return name.string();
}

// The names of the run's validation pictures, below the root of its data.
PictureNames held_out_names(const RunFolder& run, const RunConfig& config) {
  PictureNames names;
  if (is_trained_on_all(config) || !disk().info(run.predictions_csv())) return names;
  for (const PredictionRow& row : read_predictions(run.predictions_csv())) {
    const bool is_absolute = fs::path(row.path).is_absolute();
    names.insert(name_below(is_absolute ? config.absolute : config.data, row.path));
  }
  return names;
}

// "a/b.jpg" and "b.jpg" for "x/a/b.jpg".
PictureNames shorter_names(const std::string& name) {
  PictureNames shorter;
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1))
    shorter.insert(name.substr(slash + 1));
  return shorter;
}

// For each picture of `data` whether it has one of the names; if most names are not found, also by the end of
// a name, because a copy can have its root elsewhere.
Flags have_names(const std::vector<Sample>& samples, const std::string& data, const PictureNames& names) {
  std::vector<std::string> given;
  for (const Sample& sample : samples) given.push_back(name_below(data, sample.path));
  Flags exact;
  for (const std::string& name : given) exact.push_back(names.contains(name));
  if (2 * count(exact) >= names.size()) return exact;
  PictureNames ends = names;
  for (const std::string& name : names) ends.merge(shorter_names(name));
  Flags flags;
  for (const std::string& name : given) {
    const PictureNames shorter = shorter_names(name);
    flags.push_back(ends.contains(name) || std::any_of(shorter.begin(), shorter.end(), [&](const auto& each) {
                      return names.contains(each);
                    }));
  }
  return flags;
}

// Pictures were added or removed: only those that the run lists are known to be held out.
EvaluationData held_out_of_changed(const RunFolder& run, const RunConfig& config, const std::string& data,
                                   TrainingData parts) {
  const PictureNames names = held_out_names(run, config);
  EvaluationData result;
  result.warnings = std::move(parts.warnings);
  EvaluationFolder all = join_parts(std::move(parts));
  const std::size_t before = all.samples.size();
  std::erase_if(all.samples,
                [&](const Sample& sample) { return !names.contains(name_below(data, sample.path)); });
  if (all.samples.empty()) {
    throw Error(data, "has changed since the run was trained on it, and the held-out pictures are unknown",
                "evaluate other pictures, or all of these with `split` all");
  }
  all.part = EvaluationPart::val;
  result.warnings.push_back(data + ": has changed since the run was trained on it; " +
                            counted(before - all.samples.size(), "picture") +
                            " that the run does not list as held out are left out");
  result.words = "the " + counted(all.samples.size(), "picture") + " that the run held out";
  result.folder = std::move(all);
  return result;
}

// Advice for data with other labels than the model's.
std::string way_to_measure(const TrainingData& data, const Model& model) {
  const std::vector<std::string>& known = model.classes;
  const std::vector<std::string>& labels = data.train.classes;
  const bool all_known = std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
    return std::find(known.begin(), known.end(), label) != known.end();
  });
  return all_known ? "`split` all evaluates all of it"
                   : "name pictures that have the model's labels: " + shorten_list(known, 5);
}

// The data by the run's record; empty if they are not the run's data or have their own split.
std::optional<EvaluationData> of_data_of_run(const Model& model, const RunFolder& run,
                                             const RunConfig& config, const DataSource& data,
                                             EvaluationPart part) {
  // The data may have parts besides those that the run split off.
  const auto own = own_part(config, part);
  if (!own) return std::nullopt;
  const bool says_nothing = part == EvaluationPart::automatic && *own == EvaluationPart::all;
  part = *own;
  const bool here = is_own_place(data, config);
  auto parts = split_again(data, config);
  if (!parts) return std::nullopt;
  const bool own_classes = parts->train.classes == model.classes;
  if (own_classes && is_what_was_recorded(*parts, config) && (here || has_hashes(config))) {
    EvaluationData result = part_of(std::move(*parts), part, data.path);
    if (says_nothing)
      result.warnings.push_back(
          data.path + ": the run was trained on all of these pictures; its metrics for " +
          "pictures of its data are those of its folds, in " + run.evaluation().string());
    return result;
  }
  if (!here || part == EvaluationPart::all || is_trained_on_all(config)) return std::nullopt;
  if (part == EvaluationPart::train || part == EvaluationPart::test)
    throw Error(data.path, "has changed since the run was trained on it",
                "leave `split` out, or use `split` all");
  if (!own_classes)
    throw Error(data.path, "has other labels than when the run was trained on it",
                way_to_measure(*parts, model));
  return held_out_of_changed(run, config, data.path, std::move(*parts));
}

// The identity of a picture through any link: its device and inode; empty if it is not a file.
using Identity = std::pair<std::uint64_t, std::uint64_t>;

std::optional<Identity> identity_of(const fs::path& picture) {
  const auto info = disk().info(picture);
  if (!info) return std::nullopt;
  return Identity(info->device, info->inode);
}

std::optional<Identity> identity_of(const Sample& sample) {
  return sample.source == nullptr ? identity_of(fs::path(sample.path)) : std::nullopt;
}

std::set<Identity> identities_of(const std::vector<Sample>& samples) {
  std::set<Identity> identities;
  for (const Sample& sample : samples) {
    if (const auto identity = identity_of(sample)) identities.insert(*identity);
  }
  return identities;
}

// For each picture whether `is_so`.
Flags flags_of(const std::vector<Sample>& samples, const std::function<bool(const Sample&)>& is_so) {
  Flags flags;
  for (const Sample& sample : samples) flags.push_back(is_so(sample));
  return flags;
}

Flags are_among(const std::vector<Sample>& samples, const std::set<Identity>& identities) {
  return flags_of(samples, [&](const Sample& sample) {
    const auto identity = identity_of(sample);
    return identity && identities.contains(*identity);
  });
}

// The pictures in predictions_val.csv that still exist at their paths.
std::set<Identity> held_out_pictures(const RunFolder& run, const RunConfig& config) {
  std::set<Identity> pictures;
  if (is_trained_on_all(config) || !disk().info(run.predictions_csv())) return pictures;
  for (const PredictionRow& row : read_predictions(run.predictions_csv())) {
    if (const auto identity = identity_of(picture_path(config, row.path))) pictures.insert(*identity);
  }
  return pictures;
}

// The pictures that the run was trained on, at the place of its data and in `data`, which may be a moved
// copy; empty if both have changed.
std::optional<std::set<Identity>> trained_pictures(const RunConfig& config,
                                                   const std::optional<TrainingData>& data) {
  std::optional<std::set<Identity>> trained;
  const auto add = [&](const Folder& part) {
    if (!trained) trained.emplace();
    trained->merge(identities_of(part.samples));
  };
  for (const std::string& place : places_of_data(config)) {
    const auto own = open_again(place, config);
    if (!own) continue;
    const bool same = has_hashes(config) ? pictures_hash(own->train) == config.train_hash
                                         : own->train.count_per_class() == config.train_counts;
    if (same) add(own->train);
  }
  if (data && has_hashes(config) && is_what_was_recorded(*data, config)) add(data->train);
  return trained;
}

// The folders of the run's data, each with a trailing "/": their folder, or that of their table.
std::vector<std::string> folders_of_data(const RunConfig& config) {
  std::vector<std::string> folders;
  for (const std::string& place : places_of_data(config)) {
    folders.push_back((resolved_path(is_folder(place) ? fs::path(place) : folder_of(place)) / "").string());
  }
  return folders;
}

// The pictures that the run may have been trained on, if its data have changed: those in the
// folders of its data, or all if some of them are its own, without those that it lists as held out.
Flags perhaps_trained(const RunFolder& run, const RunConfig& config, const std::vector<Sample>& samples) {
  Flags held_out = are_among(samples, held_out_pictures(run, config));
  if (count(held_out) > 0) {
    held_out.flip();
    return held_out;
  }
  const auto folders = folders_of_data(config);
  return flags_of(samples, [&](const Sample& sample) {
    const std::string picture = resolved_path(sample.path).string();
    return std::any_of(folders.begin(), folders.end(),
                       [&](const std::string& folder) { return picture.starts_with(folder); });
  });
}

// A moved copy of the run's data to which pictures were added or from which some were removed.
struct ChangedCopy {
  std::set<Identity> trained;  // the pictures that the run may have been trained on
  std::size_t held_out = 0;    // how many have the names of the run's held-out pictures
};

// Empty if fewer than half of the names of the run's held-out pictures are found in the data, because then
// they are no copies of the run's pictures. `parts`: the data opened for training, if they can be; else only
// the evaluated pictures are known. A validation part has trained pictures only if the run made its own
// split.
std::optional<ChangedCopy> find_changed_copy(const RunFolder& run, const RunConfig& config,
                                             const std::string& data,
                                             const std::optional<TrainingData>& parts,
                                             const EvaluationFolder& evaluated) {
  std::vector<Sample> samples = parts ? parts->train.samples : evaluated.samples;
  std::size_t of_training = !parts && evaluated.part == EvaluationPart::val ? 0 : samples.size();
  if (parts) samples.insert(samples.end(), parts->val.samples.begin(), parts->val.samples.end());
  if (config.val_split_off || (parts && parts->split)) of_training = samples.size();
  const PictureNames names = held_out_names(run, config);
  const Flags held_out = have_names(samples, data, names);
  const std::size_t found = count(held_out);
  if (found == 0 || 2 * found < names.size()) return std::nullopt;
  std::vector<Sample> others;
  for (std::size_t i = 0; i < of_training; ++i) {
    if (!held_out[i]) others.push_back(samples[i]);
  }
  return ChangedCopy{identities_of(others), found};
}

// As open_again(), for data that may not suit the run's options; empty without a path.
std::optional<TrainingData> open_foreign(const std::string& data, const RunConfig& config) {
  try {
    return data.empty() ? std::nullopt : open_again(data, config);
  } catch (const UsageError&) {
  }
  return std::nullopt;
}

// Whether the pictures, which are not those of the run's training, have their names and labels. Parts whose
// files are numbered alike have the same names.
bool may_be_copy_of_training(const RunConfig& config, const EvaluationFolder& folder) {
  if (!has_hashes(config) || folder.part == EvaluationPart::val || folder.part == EvaluationPart::test)
    return false;
  const std::string hash = pictures_hash(folder);
  return hash == config.train_hash && hash != config.val_hash;
}

// Whether some of the pictures are files that the run was trained on, at other places.
bool add_copies(const RunFolder& run, const EvaluationFolder& folder, Flags& trained) {
  const auto parts = parts_of_run(run);
  if (!parts) return false;
  SeenPictures seen;
  seen.add(parts->train.samples);
  for (std::size_t i = 0; i < folder.samples.size(); ++i)
    trained[i] = trained[i] || seen.has(folder.samples[i]);
  return count(trained) > 0;
}

// For pictures that were not chosen by the run: finds those that it was trained on. Returns the warning;
// empty for none.
std::string find_trained(const RunFolder& run, const RunConfig& config, const std::string& data,
                         EvaluationData& result) {
  const EvaluationFolder& folder = result.folder;
  const std::string of_these = " of these " + counted(folder.samples.size(), "picture");
  // The run's own place is opened by trained_pictures().
  const bool may_be_copy =
      folder.part != EvaluationPart::test && !config.own_data && !is_own_place(data, config);
  const auto parts = may_be_copy ? open_foreign(data, config) : std::nullopt;
  const auto known = trained_pictures(config, parts);
  result.trained = known ? are_among(folder.samples, *known) : perhaps_trained(run, config, folder.samples);
  const std::string trained = std::to_string(count(result.trained));
  if (count(result.trained) > 0 && known) return data + ": the run was trained on " + trained + of_these;
  if (count(result.trained) > 0)
    return data + ": the run may have been trained on " + trained + of_these +
           ": its data have changed since, and it does not list these as held out";
  if (may_be_copy_of_training(config, folder)) {
    result.trained.assign(folder.samples.size(), true);
    return data + ": the run was trained on these pictures; the metrics do not apply to others";
  }
  const auto copy = may_be_copy ? find_changed_copy(run, config, data, parts, folder) : std::nullopt;
  if (!copy && add_copies(run, folder, result.trained))
    return data + ": the run was trained on " + std::to_string(count(result.trained)) + of_these +
           ", which lie elsewhere";
  if (!copy) return "";
  result.trained = are_among(folder.samples, copy->trained);
  if (count(result.trained) == 0) return "";
  return data + ": the run may have been trained on " + std::to_string(count(result.trained)) + of_these +
         ": " + std::to_string(copy->held_out) + " pictures in " + data +
         " have the names of its held-out pictures, so all of them may be copies of its data";
}

}  // namespace

std::optional<RunFolder> run_of_model(const std::string& model) {
  const auto info = disk().info(model);
  if (!info) return std::nullopt;
  const RunFolder run(info->kind == FileKind::directory ? fs::path(model) : fs::path(model).parent_path());
  const bool is_its_model = info->kind == FileKind::directory || same_place(model, run.model());
  return is_its_model && disk().info(run.config()) ? std::optional(run) : std::nullopt;
}

std::vector<bool> seen_by_weights(std::string weights, const DataSource& data,
                                  const EvaluationFolder& pictures) {
  Flags seen(pictures.samples.size(), false);
  constexpr int max_runs = 100;  // ends a circle of runs
  for (int i = 0; i < max_runs && weights.starts_with('/'); ++i) {
    const auto run = run_of_model(weights);
    if (!run) break;
    const RunConfig config = read_config(run->config());
    EvaluationData of_run;
    of_run.folder = pictures;
    find_trained(*run, config, data.path, of_run);
    std::transform(seen.begin(), seen.end(), of_run.trained.begin(), seen.begin(), std::logical_or<>());
    weights = value_of(config.options, "weights");
  }
  return seen;
}

EvaluationData open_evaluation_data(const Model& model, const EvaluationRequest& request) {
  DataSource data = request.data;
  std::optional<RunConfig> config;
  if (request.run) config = read_config(request.run->config());
  if (data.is_missing()) {
    if (!config)
      throw UsageError("`data`", "is missing", "name the labelled pictures, or give a run as the model");
    data = place_of_data(*request.run, *config);
  }
  if (config) {
    const bool here = is_own_place(data, *config);
    if (here) check_labels_are_of_model(model, *request.run, *config);
    if (request.part != EvaluationPart::all && (here || config->val_split_off))
      check_model_is_of_run(model, *request.run);
    if (auto own = of_data_of_run(model, *request.run, *config, data, request.part)) return std::move(*own);
  }
  EvaluationData result;
  result.folder = open_evaluation_folder(data, model.classes, result.warnings, model.task.kind, request.part);
  if (!config) return result;
  const std::string warning = find_trained(*request.run, *config, data.path, result);
  if (!warning.empty() && request.part != EvaluationPart::train) result.warnings.push_back(warning);
  return result;
}

}  // namespace graft
