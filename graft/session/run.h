// A training with its run folder: from a data set to a model, its metrics, its report, and back after a kill.
//
//   graft::Run run = graft::Run::create("runs/pets", {.data = "pets"});
//   run.train();
//
//   graft::Run::resume("runs/pets").train();   // after a stop
//
// One thread at a time; one process at a time holds a run folder, from create() or resume() until the Run is
// destroyed. No torch in this header.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "graft/core/option.h"
#include "graft/data/data_source.h"
#include "graft/data/folder.h"
#include "graft/run/run.h"
#include "graft/session/request.h"
#include "graft/train/own_parts.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

struct TrainRequest {
  // A folder with train/ and val/ or with a folder for each class, a table of labels, or Datasets of the
  // program's own (graft/data/dataset.h).
  DataSource data = {};
  Recipe recipe = preset(default_preset);
  // Those options of `recipe` that somebody asked for: config.json records them, and one that cannot act is a
  // UsageError.
  GivenOptions given = {};
  LossFunction loss = {};               // in the place of cross entropy in training (own_parts.h)
  BatchTransform batch_transform = {};  // changes batches before the network sees them (own_parts.h)
  bool overwrite = false;               // whether the run may take the place of an earlier one in its folder
};

struct ResumeRequest {
  DataSource data = {};    // where the data are now; missing: where they were. The program's own again
  LossFunction loss = {};  // of a run that had one of the program's own: the same again
  BatchTransform batch_transform = {};  // likewise
  GivenOptions given = {};  // of workers, prefetch, cache and time_limit, on which no result depends
};

// Where a resumed training stands.
struct ResumePoint {
  bool probe = false;     // the probe is done
  int epochs = 0;         // how many are done
  std::int64_t step = 0;  // batches of the next one that are done
};

// All that is decided before the first step. The references hold during the call.
struct RunStart {
  const Recipe& recipe;  // with every default filled in
  const TrainingData& data;
  std::string labels;     // what there is to learn, for people: "2 classes: ants, bees"
  std::string probe;      // how a probe fits the head: "logistic regression"
  std::string weights;    // "IMAGENET1K_V1 (…/resnet18-f37072fd.pth)", "none"
  std::string head;       // where the head comes from, for people; empty where the weights are none
  std::string device;     // "cpu (2 threads, AVX512)"
  std::string precision;  // "fp32 (…)", with the reason
  std::optional<ResumePoint> resumed;  // of a run that continues from a checkpoint
};

struct RunObserver : Observer {
  // Once, before the run folder is made.
  std::function<void(const RunStart&)> start;
  // After each step of gradient descent. It waits for the step's loss, which on an accelerator costs time.
  std::function<void(const StepEnd&)> step_end;
  // After each epoch, and after the probe.
  std::function<void(const EpochEnd&)> epoch_end;
  // Looked at after each step and while it validates: a stop that is requested ends the training there, with
  // a checkpoint.
  std::stop_token stop;
};

class Run {
 public:
  // A new run that is ready to train: options are checked, the data set is opened, the network has its
  // weights, and `folder` is made. An empty `folder` is the next free one of runs/train, runs/train2, …
  // Throws UsageError and Error, before anything is changed, also where the folder is somebody else's: an
  // earlier run (unless request.overwrite), a run that another process holds, or files that no training
  // wrote.
  static Run create(const std::filesystem::path& folder, const TrainRequest& request,
                    RunObserver observer = {});
  // The same with the options of a file: JSON (docs/formats/run.md), or the config.json of the run folder
  // `config`. request.given stands over them, and request.recipe is not used. A UsageError about an option of
  // the file names its line.
  static Run create_from(const std::filesystem::path& config, const std::filesystem::path& folder,
                         TrainRequest request, RunObserver observer = {});
  // The run that was stopped in `folder`, with the options and the data that it had. Throws Error where it is
  // no run, is complete (completion()) or was trained on data of other names or
  // labels, and UsageError for an option that it
  // cannot change.
  static Run resume(const std::filesystem::path& folder, const ResumeRequest& request = {},
                    RunObserver observer = {});

  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;
  ~Run();

  const RunFolder& folder() const;
  const Recipe& recipe() const;
  const TrainingData& data() const;

  // Trains and writes all that a run leaves (docs/formats/run.md). Once: a second call is a UsageError. Where
  // the observer stopped it, the result's ending is Ending::stopped and the run can be resumed. Throws Error;
  // the model of the best epoch so far is then whole in the folder.
  TrainResult train();

 private:
  struct Parts;
  explicit Run(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// How the run in `folder` ended ("finished", "patience"), where it is complete; else nothing. Throws Error
// where a complete run's model is missing or damaged.
std::optional<std::string> completion(const RunFolder& folder);

// The metrics of a training as summary.json has them, as JSON text.
std::string summary_json(const TrainResult& result, const RunFolder& folder);
// The same of a run that is complete. Throws Error where its summary.json cannot be read.
std::string summary_json(const RunFolder& folder);

}  // namespace graft
