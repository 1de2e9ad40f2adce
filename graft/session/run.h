// A training run with its run folder: from a dataset to a model, its metrics and its report, with resume
// after an interruption.
//
//   graft::Run run = graft::Run::create("runs/pets", {.data = "pets"});
//   run.train();
//
//   graft::Run::resume("runs/pets").train();   // after a stop
//
// Not thread-safe. One process at a time holds a run folder, from create() or resume() until the Run is
// destroyed. This header does not include torch.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/report/report.h"
#include "graft/run/candidates.h"
#include "graft/run/run.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"
#include "graft/train/own_parts.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

struct TrainRequest {
  // A folder with train/ and val/ or with a folder for each class, a table of labels, or custom Datasets
  // (graft/data/dataset.h).
  DataSource data = {};
  Recipe recipe = preset(default_preset);
  // The options of `recipe` that the user gave: config.json records them, and one without effect is a
  // UsageError.
  GivenOptions given = {};
  LossFunction loss = {};               // replaces the task's loss in training (own_parts.h)
  BatchTransform batch_transform = {};  // changes batches before the forward pass (own_parts.h)
  bool overwrite = false;               // whether the run may replace an earlier one in its folder
  // A run folder or model file to continue from, for data with its classes and new ones: sets the recipe's
  // model, weights and extend_head. Empty: none.
  std::string from = {};
};

struct ResumeRequest {
  DataSource data = {};    // their present place; missing: the recorded one. Custom data must be given again
  LossFunction loss = {};  // the same custom loss again, if the run had one
  BatchTransform batch_transform = {};  // likewise
  GivenOptions given = {};  // only workers, prefetch, cache and time_limit, which do not affect the result
};

// The progress of a resumed training run.
struct ResumePoint {
  bool probe = false;     // whether the probe is complete
  int epochs = 0;         // completed epochs
  std::int64_t step = 0;  // completed batches of the current epoch
};

// The settings resolved before the first step. The references are valid during the call.
struct RunStart {
  const Recipe& recipe;  // with every default filled in
  const TrainingData& data;
  std::string labels;                  // the labels, for people: "2 classes: ants, bees"
  std::string probe;                   // the method that fits a probe: "logistic regression"
  std::string weights;                 // "IMAGENET1K_V1 (…/resnet18-f37072fd.pth)", "none"
  std::string head;                    // the origin of the head, for people; empty if the weights are none
  std::string device;                  // "cpu (2 threads, AVX512)"
  std::string precision;               // "fp32 (…)", with the reason
  std::string memory;                  // "2.1 GiB for a batch of 32": the estimated need of a training step
  std::optional<ResumePoint> resumed;  // if the run continues from a checkpoint
  std::string teacher = {};            // "runs/large, 184 unlabelled pictures"; empty for none
};

// The end of a fold of a cross-validation.
struct FoldEnd {
  int fold = 0;         // from 1
  int folds = 0;        // in all repeats
  MetricValues val;     // on the pictures that the fold's model was not trained on
  double val_loss = 0;  // likewise
  double seconds = 0;
  bool kept = false;         // the fold was complete before
  bool out_of_time = false;  // its training ended at its share of `time_limit`
};

struct RunObserver : Observer {
  // Called once, before the run folder is made; with the preset auto after its search.
  std::function<void(const RunStart&)> start;
  // After each step. It waits for the step's loss, which takes time on an accelerator.
  std::function<void(const StepEnd&)> step_end;
  // After each epoch, and after the probe.
  std::function<void(const EpochEnd&)> epoch_end;
  // After each model of a cross-validation. `start`, `step_end` and `epoch_end` are of the final model alone.
  std::function<void(const FoldEnd&)> fold_end;
  // After each candidate of the preset auto, whose search precedes `start`.
  std::function<void(const TriedCandidate&)> candidate_end;
  // Checked after each step and during validation: a stop request ends training there, with a checkpoint.
  std::stop_token stop;
};

class Run {
 public:
  // Prepares a new run: checks the options, opens the dataset, loads the weights, and makes `folder`. An
  // empty `folder` means the next free one of runs/train, runs/train2, … Throws UsageError and Error before
  // it changes anything, also if the folder holds an earlier run (unless request.overwrite), a run that
  // another process holds, or files that graft did not write.
  static Run create(const std::filesystem::path& folder, const TrainRequest& request,
                    RunObserver observer = {});
  // The same with the options of a file: JSON (docs/formats/run.md), or the config.json of the run folder
  // `config`. request.given takes precedence, and request.recipe is ignored. A UsageError about an option of
  // the file names its line.
  static Run create_from(const std::filesystem::path& config, const std::filesystem::path& folder,
                         TrainRequest request, RunObserver observer = {});
  // Resumes the run in `folder`, with its recorded options and data. Throws Error if it is not a run, is
  // complete (completion()), or was trained on data with other names or labels, and UsageError for an option
  // that cannot be changed.
  static Run resume(const std::filesystem::path& folder, const ResumeRequest& request = {},
                    RunObserver observer = {});

  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;
  ~Run();

  const RunFolder& folder() const;
  const Recipe& recipe() const;
  const TrainingData& data() const;

  // Trains and writes all files of the run (docs/formats/run.md). A second call is a UsageError. If the
  // observer stops it, the result's ending is Ending::stopped and the run can be resumed. Throws Error; the
  // folder then holds the complete model of the best epoch so far.
  TrainResult train();

 private:
  struct Parts;
  explicit Run(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// How the run in `folder` ended ("finished", "patience"), if it is complete; else empty. Throws Error if a
// complete run's model is missing or damaged.
std::optional<std::string> completion(const RunFolder& folder);

// Throws Error if `data` has other classes, pictures or labels than the run in `folder` was trained on, by
// its config.json. Runs of version 0.1 recorded none and accept every dataset.
void check_data_of(const RunFolder& folder, const DataSource& data);

// The metrics of a training run in the form of summary.json, as JSON text.
std::string summary_json(const TrainResult& result, const RunFolder& folder);
// The same of a run that is complete. Throws Error where its summary.json cannot be read.
std::string summary_json(const RunFolder& folder);

struct ReportRequest {
  std::vector<std::string> runs;  // run folders; several are compared on one page
  std::string pictures;           // the folder of the charts; empty: see ReportOptions
  bool draw_pictures = true;
};

// Writes the charts and the page: to the output `out` if it was added, else to report.html in the run folder.
// The result's `html` is empty if that output is not a file. Its warnings also name the classes that the
// machine's fonts cannot draw. Throws Error and UsageError; before it writes anything if a path is not a run
// or an output would replace a protected file (output_files.h).
ReportFiles report_runs(const ReportRequest& request, OutputFiles& outputs);

}  // namespace graft
