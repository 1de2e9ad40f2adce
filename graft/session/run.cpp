#include "graft/session/run.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/core/json_line.h"
#include "graft/core/memory.h"
#include "graft/core/stopwatch.h"
#include "graft/core/text.h"
#include "graft/device/device.h"
#include "graft/device/device_memory.h"
#include "graft/device/engine_error.h"
#include "graft/models/hub_model.h"
#include "graft/models/load.h"
#include "graft/run/options_file.h"
#include "graft/session/asked_options.h"
#include "graft/session/auto_search.h"
#include "graft/session/earlier_run.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/folds.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"
#include "graft/session/resume.h"
#include "graft/session/run_files.h"
#include "graft/session/run_place.h"
#include "graft/session/starting_network.h"
#include "graft/session/teacher.h"
#include "graft/session/train_job.h"
#include "graft/task/task.h"
#include "graft/train/compute.h"
#include "graft/train/idle_options.h"
#include "graft/train/memory_estimate.h"
#include "graft/train/trainer.h"

namespace graft {
namespace {

// Describes the origin of the network's head, and why it is not the file's.
std::string head_words(const LoadedNetwork& loaded, const Folder& train) {
  if (loaded.weights == "none") return "";
  const LoadReport& report = loaded.report;
  const std::size_t classes = train.classes.size();
  const std::string count = counted(classes, train.kind() == LabelKind::number ? "output" : "class");
  if (!report.head_replaced) return "the file's own, " + count;
  if (report.kept_classes > 0)
    return counted(static_cast<std::size_t>(report.kept_classes), "class") + " of the file, " +
           std::to_string(static_cast<std::int64_t>(classes) - report.kept_classes) + " new";
  if (report.file_classes == 0) return "new, " + count + " (the file has no head that fits)";
  if (report.file_classes != static_cast<std::int64_t>(classes))
    return "new, " + count + " (the file's has " + std::to_string(report.file_classes) + ")";
  if (!report.file_class_names.empty())
    return "new, " + count + " (the file's is for " + shorten_list(report.file_class_names, 10) +
           (report.file_class_names == train.classes ? "; `head_start` file keeps it)" : ")");
  return "new, " + count + " (the file's has as many, without names; `head_start` file keeps it)";
}

// Records the file of the initial weights. Throws Error if the run, which was stopped before its first
// checkpoint, was started with other weights.
void record_weights(TrainJob& job, const std::filesystem::path& file) {
  RunRecord& run = job.run;
  const std::string started_with = run.weights_sha256;
  run.weights_sha256 = file.empty() ? "" : sha256_hex_of_file(file);
  if (started_with.empty() || run.weights_sha256 == started_with) return;
  throw Error(file.string(),
              "is not the file that " + job.folder.path().string() + " was started with (SHA-256 " +
                  run.weights_sha256 + ", not " + started_with + ")",
              "restore that file, or replace the run by a new one with `overwrite`");
}

// The network with its initial weights; those of a checkpoint are loaded later.
LoadedNetwork network_of(TrainJob& job, const ModelSpec& spec, const Observer& observer) {
  const Recipe& recipe = job.run.recipe;
  torch::manual_seed(recipe.seed);
  if (job.from) {
    return build_with_weights(spec, static_cast<std::int64_t>(job.data.train.classes.size()),
                              FoundWeights{"none", {}, {}, preprocess_of(recipe, job.run.preprocess)});
  }
  const FoundWeights found = find_weights(spec, recipe.weights, observer.progress);
  GivenOptions given = job.run.given;
  if (job.run.searched) given.emplace_back("fit", "chosen");
  inherit_input(job.run.recipe, found.preprocess, given);
  record_weights(job, found.path);
  return starting_network(spec, job.data.train, recipe, found);
}

std::optional<std::string> small_input_warning(const Network& network, int size) {
  const std::int64_t least = network.feature_info().reduction;
  if (size >= least) return std::nullopt;
  return "the input has " + counted(static_cast<std::size_t>(size), "pixel") +
         " on each side, and the network reduces " + std::to_string(least) +
         " to one: it hardly sees the picture; use a larger `input_size`";
}

ResumePoint point_of(const Checkpoint& from) {
  return {find_probe(from.history) != nullptr, count_epochs(from.history), from.step};
}

// The given options must have the recipe's values: config.json records both.
void check_given(const GivenOptions& given, const Recipe& recipe) {
  Recipe asked = recipe;
  const auto options = options_in(asked, recipe_options);
  std::vector<std::string> names;
  for (const OptionRef& option : options) names.push_back(option.name);
  for (const std::string& name : names_of(given)) {
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const OptionRef& each) { return each.name == name; });
    if (option == options.end())
      throw UsageError(quoted_option(name), "is an unknown option", did_you_mean(name, names));
    const std::string has = option->text();
    option->set(given_or(given, name, ""));
    if (option->text() != has)
      throw UsageError(quoted_option(name), "is given as " + option->text() + ", but the recipe has " + has,
                       "give `given` and `recipe` the same value");
  }
}

// The record has the registry's name of a hub's model, and its weights by the hub's name.
void resolve_model(RunRecord& run) {
  const ModelAndWeights resolved = resolve_hub_model(run.recipe.model, run.recipe.weights);
  if (resolved.model == run.recipe.model) return;
  run.recipe.model = resolved.model;
  run.recipe.weights = resolved.weights;
  for (auto& [name, value] : run.given) {
    if (name == "model") value = resolved.model;
    if (name == "weights") value = resolved.weights;
  }
}

// Records the weights, if they are a file or a run, by their absolute path: a run is resumed from any folder.
// Those of the run that is replaced are refused: until its first checkpoint a run starts again from them.
void record_weights_path(RunRecord& run, const std::filesystem::path& folder) {
  const ModelSpec& spec = find_model(run.recipe.model);
  std::string& weights = run.recipe.weights;
  const bool is_name = weights == "none" || weights == "default" || find_pretrained(spec, weights) != nullptr;
  if (is_name || !disk().info(weights)) return;
  if (!folder.empty() && resolved_path(folder_of(weights_file(weights))) == resolved_path(folder))
    throw UsageError("`weights`", weights + " is in the run that `overwrite` would replace",
                     "choose another folder for the new run");
  weights = absolute_path(weights).string();
  for (auto& [name, value] : run.given) {
    if (name == "weights") value = weights;
  }
}

// Records the paths of the teacher and the unlabelled pictures as absolute ones.
void record_distillation_paths(RunRecord& run, const std::filesystem::path& folder) {
  DistillOptions& options = run.recipe.distill;
  if (options.teacher.empty()) return;
  require_model(options.teacher);
  if (!folder.empty() && resolved_path(folder_of(model_file(options.teacher))) == resolved_path(folder))
    throw UsageError("`teacher`", options.teacher + " is in the run that `overwrite` would replace",
                     "choose another folder for the new run");
  options.teacher = absolute_path(options.teacher).string();
  if (!options.unlabelled.empty()) options.unlabelled = absolute_path(options.unlabelled).string();
  for (auto& [name, value] : run.given) {
    if (name == "teacher") value = options.teacher;
    if (name == "unlabelled") value = options.unlabelled;
  }
}

TrainJob new_job(const std::filesystem::path& folder, const TrainRequest& request) {
  if (request.data.is_missing()) throw UsageError("`data`", "is missing", "name the data set");
  require_data(request.data);
  if (!folder.empty()) check_run_place(folder, request.overwrite);
  TrainJob job{RunFolder(folder), {request.given, request.recipe, request.data.path, "", "", "", 0}, {}};
  const Recipe& recipe = job.run.recipe;
  if (searches(recipe) && (request.loss || request.batch_transform))
    throw UsageError(request.loss ? "`loss`" : "`batch_transform`", "is not possible with `preset` auto",
                     "use another preset");
  job.own = {request.loss, request.batch_transform};
  job.run.own_loss = static_cast<bool>(request.loss);
  job.run.own_batch_transform = static_cast<bool>(request.batch_transform);
  job.run.own_data = request.data.own != nullptr;
  check_recipe(recipe);
  check_given(request.given, recipe);
  if (!request.from.empty()) start_from(job.run, request.from);
  resolve_model(job.run);
  record_weights_path(job.run, folder);
  record_distillation_paths(job.run, folder);
  refuse_idle_options(recipe, names_of(request.given));
  select_device(recipe.device);
  job.source = request.data;
  job.data = open_data_set(job.source, recipe.data);
  refuse_idle_options(recipe, names_of(request.given), &job.data);
  check_sampling(recipe, job.data.train);
  if (keeps_last(recipe)) job.run.recipe.keep = Keep::last;
  check_outside_classes(folder, request.data, job.data);
  check_feature_cache(recipe, request.data, job.data, folder);
  return job;
}

std::optional<std::uint64_t> free_memory(const torch::Device& device) {
  return device.is_cpu() ? memory_available() : device_memory_free(device);
}

// A custom part, which no file stores, must be given again.
void check_own_part(const std::string& name, bool had, bool given, const RunFolder& folder) {
  if (had == given) return;
  const std::string run = folder.path().string();
  throw UsageError(quoted_option(name),
                   had ? "is missing: " + run + " was trained with a custom one"
                       : "is given, and " + run + " was trained without one",
                   "resume it as it was created");
}

TrainJob resumed_job(const std::filesystem::path& folder, const ResumeRequest& request) {
  TrainJob job{RunFolder(folder), {}, {}};
  const auto how = completion(job.folder);
  if (how && !request.given.empty())
    throw UsageError(quoted_option(request.given.front().first),
                     job.folder.path().string() + " is complete: it takes no options",
                     way_to_a_new_run(job.folder));
  if (how)
    throw Error(job.folder.path().string(), "is complete (" + *how + ")", way_to_a_new_run(job.folder));
  check_not_held(job.folder);
  job.run = recorded_run(job.folder, request.given, request.data);
  refuse_linked_files(job.folder.path());
  job.own = {request.loss, request.batch_transform};
  check_own_part("loss", job.run.own_loss, static_cast<bool>(request.loss), job.folder);
  check_own_part("batch_transform", job.run.own_batch_transform, static_cast<bool>(request.batch_transform),
                 job.folder);
  job.lock.emplace(job.folder);
  if (completion(job.folder))
    throw Error(job.folder.path().string(), "has just been completed by another process");
  job.is_continued = true;
  job.source = request.data.own ? request.data : DataSource(job.run.data);
  job.data = open_data_set(job.source, job.run.recipe.data);
  // A run that was stopped before its first checkpoint starts again, with its own options.
  if (disk().info(job.folder.checkpoint())) {
    job.from = open_checkpoint(job.folder, job.data, job.run.data);
  } else {
    check_recorded_data(job.folder, job.data);
    // A run that started from the model that it replaces: the model still exists, but only as a file.
    if (is_same_file(job.run.recipe.weights, job.folder.path()))
      job.run.recipe.weights = job.folder.model().string();
  }
  return job;
}

// Finds the pictures that measure the run and that a run of its starting weights or its teacher was trained
// on.
void find_seen(TrainJob& job, const Observer& observer) {
  const TrainingData& data = job.data;
  const std::vector<std::string> models = {job.run.recipe.weights, job.run.recipe.distill.teacher};
  try {
    job.seen = seen_by_runs(models, job.source, measured_pictures(data),
                            data.split || data.folded ? EvaluationPart::all : EvaluationPart::val);
    job.seen_test = seen_by_runs(models, job.source, data.test,
                                 data.test_split ? EvaluationPart::all : EvaluationPart::test);
  } catch (const Error& error) {
    return observer.warn(std::string("whether the starting weights were trained on these pictures is not "
                                     "known: ") +
                         error.what());
  }
  const auto count = std::count(job.seen.begin(), job.seen.end(), true) +
                     std::count(job.seen_test.begin(), job.seen_test.end(), true);
  if (count == 0 || is_fold_of_run(job.folder)) return;  // the run of the folds has the warning
  const std::string& teacher = models.back();
  observer.warn(
      (teacher.empty() ? models.front() + ": its run was" : "the runs of the weights and the teacher were") +
      ", or may have been, trained on " + std::to_string(count) + " of the " +
      counted(job.seen.size() + job.seen_test.size(), "picture") +
      " that measure this run: the metrics are optimistic");
}

std::string teacher_words(const TrainJob& job) {
  if (!job.teacher) return "";
  const std::size_t unlabelled = job.teacher->unlabelled().size();
  return job.run.recipe.distill.teacher +
         (unlabelled > 0 ? "; " + counted(unlabelled, "unlabelled picture") : "");
}

}  // namespace

struct Run::Parts {
  TrainJob job;
  RunObserver observer;
  torch::Device device = torch::kCPU;
  Model model = {};
  std::vector<Candidate> candidates = {};  // of a search that is ahead
  bool trained = false;

  bool is_search_ahead() const { return searches(job.run.recipe) && !job.run.searched && !job.from; }

  // Everything that may fail before training starts.
  void prepare() {
    const Recipe& recipe = job.run.recipe;
    use_threads(recipe.threads, observer);
    device = select_device(recipe.device);
    observer.warn(doubtful_options(recipe, names_of(job.run.given), &job.data));
    observer.warn(job.data.warnings);
    find_seen(job, observer);
    is_search_ahead() ? void(candidates = search_candidates(recipe, observer)) : prepare_model();
  }

  // Whether it was not stopped. The run then has the recipe that the search chose.
  bool search(double& seconds) {
    const Stopwatch watch;
    begin_search(job);
    const std::optional<Recipe> chosen = search_recipe(job, candidates, device, observer);
    if (!chosen) return false;
    job.run.recipe = *chosen;
    job.run.searched = true;
    prepare_model();
    seconds = watch.seconds();
    return true;
  }

  // Weights, precision, memory.
  void prepare_model() {
    RunRecord& run = job.run;
    const Recipe& recipe = run.recipe;
    const ModelSpec& spec = find_model(recipe.model);
    const std::vector<std::string>& classes = job.data.train.classes;
    const LoadedNetwork loaded = network_of(job, spec, observer);
    for (const std::string& note : loaded.report.notes) observer.warn(loaded.weights + ": " + note);
    if (const auto warning = small_input_warning(*loaded.network, loaded.preprocess.crop))
      observer.warn(*warning);
    loaded.network->to(device);
    run.preprocess = loaded.preprocess;
    model = {spec.name, classes, loaded.preprocess, {}, loaded.network, task_spec_of(job.data.train)};
    job.teacher = open_teacher(job, model, device, observer);
    const PrecisionChoice precision = resolve_precision(recipe, model, device);
    job.precision = precision.precision;
    run.device = describe_device(device);
    if (!job.from)
      run.precision = (precision.precision == Precision::bf16 ? "bf16 (" : "fp32 (") + precision.reason + ")";
    if (!job.from) run.weights = loaded.weights;
    run.threads = at::get_num_threads();
    run.parameters = count_parameters(*loaded.network);
    const std::size_t pictures = job.data.train.samples.size();
    const int batch = pictures_of_step(recipe, pictures);
    const TrainingMemory memory = estimate_training_memory(model, recipe, precision.precision, pictures);
    check_last_batch(memory, recipe, pictures);
    observer.warn(memory_warnings(memory, batch, free_memory(device)));
    if (!observer.start) return;
    const auto task = make_task(model.task);
    observer.start(
        {recipe, job.data, task->labels_words(job.data.train), task->probe_words(), loaded.weights,
         head_words(loaded, job.data.train), run.device, run.precision, memory_words(memory, batch),
         job.from ? std::optional(point_of(job.from->checkpoint)) : std::nullopt, teacher_words(job)});
  }
};

Run::Run(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;
Run::~Run() = default;

Run Run::create(const std::filesystem::path& folder, const TrainRequest& request, RunObserver observer) {
  return with_engine_errors(folder.string(), [&] {
    std::unique_ptr<Parts> parts(new Parts{new_job(folder, request), std::move(observer)});
    parts->prepare();
    RunPlace place = take_run_place(folder, request.overwrite);
    parts->job.folder = place.folder;
    parts->job.lock.emplace(std::move(place.lock));
    return Run(std::move(parts));
  });
}

Run Run::create_from(const std::filesystem::path& config, const std::filesystem::path& folder,
                     TrainRequest request, RunObserver observer) {
  const GivenOptions given = request.given;
  return with_options_file(config, {"data", "out", "overwrite"}, given, [&](const AskedOptions& asked) {
    request.recipe = asked.recipe;
    request.given = asked.chosen;
    return create(folder, request, observer);
  });
}

Run Run::resume(const std::filesystem::path& folder, const ResumeRequest& request, RunObserver observer) {
  return with_engine_errors(folder.string(), [&] {
    std::unique_ptr<Parts> parts(new Parts{resumed_job(folder, request), std::move(observer)});
    parts->prepare();
    return Run(std::move(parts));
  });
}

const RunFolder& Run::folder() const { return parts_->job.folder; }
const Recipe& Run::recipe() const { return parts_->job.run.recipe; }
const TrainingData& Run::data() const { return parts_->job.data; }

TrainResult Run::train() {
  if (std::exchange(parts_->trained, true))
    throw UsageError(folder().path().string(), "has already been trained by this Run",
                     "continue it with Run::resume");
  return with_engine_errors(folder().path().string(), [&] {
    double seconds = 0;
    if (parts_->is_search_ahead() && !parts_->search(seconds)) return stopped_result();
    return graft::train(parts_->job, parts_->model, parts_->device, parts_->observer, seconds);
  });
}

std::string summary_json(const TrainResult& result, const RunFolder& folder) {
  return summary_of(result, folder).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string summary_json(const RunFolder& folder) { return json_line(read_json_object(folder.summary())); }

}  // namespace graft
