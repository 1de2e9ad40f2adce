// Every disk call of a run fails once, and then permanently: checks the remaining files, and that the run
// resumes to the same model.
#include "graft/session/train_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/run.h"
#include "graft/session/resume.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/tiny_network.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int errors[] = {ENOSPC, EIO, EACCES};

class TrainJob : public ::testing::Test {
 protected:
  TrainJob() {
    write_pictures(pictures_, "train", {"blue", "red"}, 4);
    write_pictures(pictures_, "val", {"blue", "red"}, 2, 4);
    data_ = open_data_set(pictures_.path());
  }

  graft::TrainJob job(const fs::path& folder) const {
    graft::TrainJob job{RunFolder(folder), {}, data_};
    job.run.recipe.epochs = 3;
    job.run.recipe.loader.workers = 0;
    job.run.recipe.cache = "off";
    job.run.recipe.optimizer.lr = 0.05;
    job.run.recipe.precision = Precision::fp32;
    job.run.data = pictures_.path().string();
    return job;
  }
  // Starts a new run, or resumes the run in the folder.
  void train(const fs::path& folder) { train(folder, tiny_model(data_.train.classes, 3)); }
  void train(const fs::path& folder, Model model) {
    graft::TrainJob one = job(folder);
    if (disk().info(one.folder.checkpoint())) one.from = open_checkpoint(one.folder, data_, one.run.data);
    model.architecture = "resnet18";  // a name in the registry, for the model card
    EXPECT_NE(graft::train(one, model, torch::kCPU, {}).ending, Ending::stopped);
  }

  // An existing model is complete, and at least as good as the history before its last epoch.
  static void expect_whole_model(const RunFolder& run) {
    std::vector<EpochRecord> history;
    if (disk().info(run.history())) history = read_history(run.history());
    if (!disk().info(run.model())) {
      EXPECT_LE(history.size(), 1U) << "an existing model is lost";
      return;
    }
    const StateDict state = read_weights(run.model());
    EXPECT_GT(state.tensors.size(), 5U);
    const auto training = nlohmann::json::parse(state.metadata.at("training"));
    const double accuracy = std::stod(training.at("val_acc").get<std::string>());
    if (!history.empty()) history.pop_back();
    for (const EpochRecord& record : history) EXPECT_GE(accuracy, record.val.front().value - 1e-6);
  }

  static void expect_no_temporaries(const RunFolder& run) {
    for (const DirectoryEntry& entry : disk().list(run.path()))
      EXPECT_FALSE(is_temporary_name(entry.name)) << entry.name;
  }

  // A failure to write a file that only presents the run is a warning. Temporary files have the same prefix.
  static bool only_shows(const fs::path& path) {
    const std::string name = path.filename().string();
    for (const char* shown :
         {"batch.png", "predictions.png", "events.out.tfevents", "model_card.md", "report.html", "curves.png",
          "confusion", "reliability.png", "feature_map.csv"}) {
      if (name.starts_with(shown)) return true;
    }
    return false;
  }
  // A call for a picture or the folder itself may be either.
  bool is_essential(const fs::path& path, const RunFolder& run) const {
    return path != run.path() && path.parent_path() == run.path() && !only_shows(path);
  }

  // Returns whether the fault occurred. Afterwards the disk works and the run is resumed.
  bool survives(std::int64_t fail_at, int error, bool lasting) {
    SCOPED_TRACE("call " + std::to_string(fail_at) + ": " + std::strerror(error) +
                 (lasting ? " for good" : ""));
    const TemporaryFolder folder;
    const RunFolder run(folder.path() / "run");
    bool failed = false, ended_well = false;
    std::vector<fs::path> failed_paths, failed_writes;
    {
      FaultyDisk faulty;
      faulty.fail_at = fail_at;
      faulty.error = error;
      faulty.lasting = lasting;
      const ScopedDisk scope(faulty);
      try {
        train(run.path());
        ended_well = true;
      } catch (const UsageError& thrown) {
        ADD_FAILURE() << thrown.what();
      } catch (const Error& thrown) {
        EXPECT_THAT(thrown.what(), HasSubstr(std::strerror(error)));
        EXPECT_THAT(thrown.where(),
                    ::testing::AnyOf(HasSubstr(run.path().string()), HasSubstr(pictures_.path().string())));
      }
      failed = faulty.has_failed();
      failed_paths = faulty.failed_paths();
      failed_writes = faulty.failed_writes();
    }
    if (!failed) return false;
    // Reads in a new run's folder are for the report and the card.
    const bool essential = std::any_of(failed_writes.begin(), failed_writes.end(),
                                       [&](const fs::path& path) { return is_essential(path, run); });
    if (essential) {
      EXPECT_FALSE(ended_well) << failed_paths.front();
    }
    if (std::all_of(failed_paths.begin(), failed_paths.end(), only_shows)) {
      EXPECT_TRUE(ended_well) << failed_paths.front();
      EXPECT_TRUE(disk().info(run.summary()));
    }
    if (!disk().info(run.path())) return true;
    expect_whole_model(run);
    if (!disk().info(run.summary())) {
      train(run.path());
    }
    expect_same_runs(run, RunFolder(alone_.path() / "run"));
    expect_no_temporaries(run);
    return true;
  }

  // Fails one call of each run, until a run ends before that call.
  void fail_everywhere(bool lasting) {
    train(alone_.path() / "run");
    // The two tests share every second call and alternate the errors; with GRAFT_ALL_FAULTS each call fails
    // with every error in both.
    const bool all = std::getenv("GRAFT_ALL_FAULTS") != nullptr;
    std::int64_t call = !all && lasting ? 2 : 0;
    for (bool reached = true; reached && !HasFailure(); call += all ? 1 : 4) {
      if (all) {
        for (const int error : errors) reached = survives(call, error, lasting);
      } else {
        reached = survives(call, errors[call % 3], lasting);
      }
    }
    EXPECT_GT(call, 100) << "a run makes more calls";
    RecordProperty("calls", std::to_string(call));
    std::printf("%lld calls to the disk, each failed%s\n", static_cast<long long>(call),
                all ? " in three ways" : "");
  }

  TemporaryFolder pictures_, alone_;
  TrainingData data_;
};

// A network that runs out of memory at its n-th batch, counted over all copies.
class OutOfMemory : public TinyNetwork {
 public:
  explicit OutOfMemory(std::shared_ptr<int> batches) : TinyNetwork(2), batches_(std::move(batches)) {}
  torch::Tensor forward_features(const torch::Tensor& images) override {
    if ((*batches_)-- <= 0) torch::empty({std::int64_t{1} << 50});  // more than any address space
    return TinyNetwork::forward_features(images);
  }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<OutOfMemory>(batches_); }

 private:
  std::shared_ptr<int> batches_;
};

// An epoch is two batches of training and one of validation.
TEST_F(TrainJob, OutOfMemoryKeepsCompletedEpochs) {
  const auto train_until = [&](const fs::path& folder, int batches) {
    Model model = tiny_model(data_.train.classes, 3);
    torch::manual_seed(3);
    model.network = std::make_shared<OutOfMemory>(std::make_shared<int>(batches));
    return error_of([&] { train(folder, model); });
  };
  EXPECT_THAT(train_until(alone_.path() / "early", 1),
              AllOf(HasSubstr("memory ran out"), Not(HasSubstr("`resume`"))));
  const fs::path run = alone_.path() / "run";
  EXPECT_THAT(train_until(run, 4),
              AllOf(HasSubstr("epoch 2/3 train: memory ran out"), HasSubstr("`batch_size`"),
                    HasSubstr("completed epochs are kept: continue with `resume` " + run.string())));
  train(run);
  train(alone_.path() / "whole");
  expect_same_runs(RunFolder(run), RunFolder(alone_.path() / "whole"));
}

TEST_F(TrainJob, AnyCallToTheDiskMayFailOnce) { fail_everywhere(false); }

TEST_F(TrainJob, TheDiskMayFillUpAtAnyCall) { fail_everywhere(true); }

}  // namespace
}  // namespace graft::test
