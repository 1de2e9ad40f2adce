#include "graft/session/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/device/torch.h"
#include "graft/infer/predictor.h"
#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "graft/models/registry.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/search.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/pass_through_disk.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class RunTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny"); }
  RunTest() {
    test::write_pictures(pictures_, "train", {"blue", "red"}, 4);
    test::write_pictures(pictures_, "val", {"blue", "red"}, 2, 4);
  }

  TrainRequest request(int epochs = 2) const {
    TrainRequest request{pictures_.path().string()};
    request.recipe = preset("feature-extract");
    request.recipe.model = "tiny";
    request.recipe.weights = "none";
    request.recipe.epochs = epochs;
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    return request;
  }
  fs::path folder(const char* name) const { return runs_.path() / name; }

  test::TemporaryFolder pictures_, runs_;
};

TEST_F(RunTest, TrainsIntoItsFolderAndCallsItsObserver) {
  std::optional<std::string> device;
  std::vector<int> epochs;
  RunObserver observer;
  observer.start = [&](const RunStart& start) {
    device = start.device;
    EXPECT_EQ(start.data.train.samples.size(), 8U);
    EXPECT_EQ(start.weights, "none");
    EXPECT_FALSE(start.resumed);
    EXPECT_FALSE(disk().info(folder("a"))) << "made before everything was checked";
  };
  observer.epoch_end = [&](const EpochEnd& end) { epochs.push_back(end.record.epoch); };
  graft::Run run = graft::Run::create(folder("a"), request(), observer);
  const TrainResult result = run.train();
  EXPECT_THAT(*device, HasSubstr("cpu"));
  EXPECT_THAT(epochs, testing::ElementsAre(1, 2));
  EXPECT_EQ(result.ending, Ending::finished);
  EXPECT_EQ(result.history.size(), 2U);
  for (const fs::path& file : {run.folder().model(), run.folder().summary(), run.folder().report()})
    EXPECT_TRUE(disk().info(file)) << file;
  EXPECT_EQ(completion(run.folder()), "finished");
}

TEST_F(RunTest, OptionsOfAFileApplyUnlessGivenExplicitly) {
  TrainRequest asked{pictures_.path().string()};
  asked.given = {{"epochs", "1"}};
  const fs::path config = runs_.write("c.json",
                                      "{\"model\": \"tiny\", \"weights\": \"none\", \"epochs\": 3,\n"
                                      "\"preset\": \"feature-extract\", \"lr\": 0.5}");
  graft::Run run = graft::Run::create_from(config, folder("a"), asked);
  EXPECT_EQ(run.recipe().epochs, 1);
  EXPECT_EQ(run.recipe().optimizer.lr, 0.5);
  run.train();
  EXPECT_EQ(graft::Run::create_from(folder("a"), folder("b"), asked).recipe().optimizer.lr, 0.5)
      << "the config.json of a run";
  asked.given = {{"preset", "probe"}};
  EXPECT_THAT(test::error_of([&] { graft::Run::create_from(folder("a"), folder("c"), asked); }),
              HasSubstr("`preset`: has no effect with a `config` that gives every option"));
  const fs::path wrong = runs_.write("w.json", "{\"model\": \"tiny\",\n\"lr\": 99}");
  EXPECT_THAT(test::error_of([&] { graft::Run::create_from(wrong, folder("c"), asked); }),
              HasSubstr("w.json:2"));
  EXPECT_FALSE(disk().info(folder("c")));
}

TEST_F(RunTest, AStoppedRunIsResumedToTheSameResult) {
  graft::Run::create(folder("whole"), request()).train();
  std::stop_source stop;
  RunObserver observer;
  observer.epoch_end = [&](const EpochEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  {
    graft::Run run = graft::Run::create(folder("stopped"), request(), observer);
    EXPECT_EQ(run.train().ending, Ending::stopped);
    EXPECT_FALSE(completion(run.folder()));
    EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("stopped")); }), HasSubstr("process"))
        << "two runs may train in one folder";
  }
  std::optional<ResumePoint> from;
  RunObserver watch;
  watch.start = [&](const RunStart& start) { from = start.resumed; };
  graft::Run::resume(folder("stopped"), {}, watch).train();
  ASSERT_TRUE(from);
  EXPECT_EQ(from->epochs, 1);
  test::expect_same_runs(RunFolder(folder("stopped")), RunFolder(folder("whole")));
  EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("stopped")); }),
              HasSubstr("is complete (finished)"));
  EXPECT_THAT(test::error_of([&] {
                graft::Run::resume(folder("stopped"), {.given = {{"workers", "2"}}});
              }),
              HasSubstr("`workers`: " + folder("stopped").string() + " is complete: it takes no options"));
  const RunFolder complete(folder("stopped"));
  EXPECT_THAT(summary_json(complete), HasSubstr("\"ending\":\"finished\""));
}

// A custom network: it is loaded, evaluated and compared by its name as any other.
TEST_F(RunTest, ARegisteredNetworkIsAModelLikeAnyOther) {
  EXPECT_EQ(find_model("tiny").family, "tiny");
  EXPECT_GT(find_model("tiny").parameters, 0);
  const auto refused = [](ModelSpec spec) { return test::error_of([&] { register_model(spec); }); };
  EXPECT_THAT(refused({.name = "tiny"}), HasSubstr("is taken"));
  EXPECT_THAT(refused({.name = "resnet18"}), HasSubstr("is taken"));
  EXPECT_THAT(refused({.name = ""}), HasSubstr("is empty"));
  EXPECT_THAT(refused({.name = "none"}), HasSubstr("returns no network"));
  EXPECT_THAT(refused({.name = "null", .build = [](const NetworkOptions&) { return NetworkPtr(); }}),
              HasSubstr("returns no network"));
  const TrainResult trained = graft::Run::create(folder("a"), request()).train();
  const EvaluationReport report =
      evaluate_model({.model = folder("a").string(), .data = pictures_.path().string()});
  EXPECT_EQ(report.classes, (std::vector<std::string>{"blue", "red"}));
  EXPECT_EQ(accuracy(report.outcomes), trained.best_value());
  const Predictor predictor(folder("a"));
  int named = 0;
  predictor.predict({(pictures_.path() / "val/red/4.ppm").string()}, {}, [&](const Prediction&) { ++named; });
  EXPECT_EQ(named, 1);
  const Comparison comparison = compare_models({pictures_.path().string(), {{"tiny", "none"}}});
  ASSERT_EQ(comparison.models.size(), 1U);
  EXPECT_EQ(comparison.models[0].problem, "");
}

TEST_F(RunTest, TrainsWithACustomLoss) {
  int calls = 0;
  const auto cross_entropy = [&](const torch::Tensor& logits, const torch::Tensor& targets) {
    ++calls;
    return torch::nn::functional::cross_entropy(logits, targets);
  };
  TrainRequest own = request();
  own.loss = cross_entropy;
  std::stop_source stop;
  RunObserver observer;
  observer.epoch_end = [&](const EpochEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  graft::Run::create(folder("own"), own, observer).train();
  EXPECT_GT(calls, 0);
  EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("own")); }), HasSubstr("`loss`: is missing"));
  graft::Run::resume(folder("own"), {.loss = cross_entropy}).train();
  graft::Run::create(folder("plain"), request()).train();
  test::expect_same_runs(RunFolder(folder("own")), RunFolder(folder("plain")));
  own.recipe.loss.label_smoothing = 0.1;
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("smooth"), own).train(); }),
              HasSubstr("has no effect on a custom loss"));
}

// Noise from torch's generator, whose state a checkpoint has.
TEST_F(RunTest, TrainsWithACustomBatchTransform) {
  const BatchTransform noise = [](torch::Tensor& images, torch::Tensor& targets) {
    images += 0.1 * torch::randn_like(images);
    targets = torch::one_hot(targets, 2) * 0.8 + 0.1;
  };
  TrainRequest own = request();
  own.batch_transform = noise;
  graft::Run::create(folder("whole"), own).train();
  std::stop_source stop;
  RunObserver observer;
  observer.epoch_end = [&](const EpochEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  graft::Run::create(folder("own"), own, observer).train();
  EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("own")); }),
              HasSubstr("`batch_transform`: is missing"));
  EXPECT_THAT(test::error_of([&] {
                graft::Run::resume(folder("own"),
                                   {.loss = [](const auto&, const auto&) { return torch::Tensor(); }});
              }),
              HasSubstr("`loss`: is given"));
  graft::Run::resume(folder("own"), {.batch_transform = noise}).train();
  test::expect_same_runs(RunFolder(folder("own")), RunFolder(folder("whole")));
  EXPECT_TRUE(disk().info(folder("own") / "config.json"));
  EXPECT_THAT(read_text(folder("own") / "config.json"), HasSubstr("own_batch_transform"));
}

// What happens to the folder of a run while it trains.
enum class Moment { first_step, first_epoch, last_epoch };

class LostFolder : public RunTest, public ::testing::WithParamInterface<Moment> {
 protected:
  // Trains a run in folder("a"), or resumes it there, and calls `lose` at the moment. Returns its error.
  std::string error_of_run(const std::function<void()>& lose, bool resume = false) {
    RunObserver observer;
    std::optional<std::function<void()>> once = lose;
    const auto at = [&](Moment moment) {
      if (moment == GetParam() && once) std::exchange(once, std::nullopt).value()();
    };
    observer.step_end = [&](const StepEnd&) { at(Moment::first_step); };
    observer.epoch_end = [&](const EpochEnd& end) {
      at(end.record.epoch < end.epochs ? Moment::first_epoch : Moment::last_epoch);
    };
    return test::error_of([&] {
      (resume ? graft::Run::resume(folder("a"), {}, observer)
              : graft::Run::create(folder("a"), request(), observer))
          .train();
    });
  }
  // The files and their bytes.
  static std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const DirectoryEntry& entry : disk().list(folder))
      files[entry.name] = read_text(folder / entry.name);
    return files;
  }
};

TEST_P(LostFolder, ARunChangesNothingOfTheRunThatTookItsPlace) {
  std::map<std::string, std::string> before;
  TrainRequest other = request(1);
  for (const bool overwrite : {false, true}) {
    other.overwrite = overwrite;
    const std::string error = error_of_run([&] {
      fs::remove_all(folder("a"));
      graft::Run::create(folder("a"), other).train();
      before = contents(folder("a"));
    });
    EXPECT_THAT(error, HasSubstr(folder("a").string() + ": was removed, moved or replaced during training"));
    EXPECT_TRUE(before.contains("summary.json"));
    EXPECT_EQ(contents(folder("a")), before);
    fs::remove_all(folder("a"));
  }
}

TEST_P(LostFolder, ARunDoesNotMakeItsFolderAgain) {
  EXPECT_THAT(error_of_run([&] { fs::remove_all(folder("a")); }),
              HasSubstr("was removed, moved or replaced"));
  EXPECT_FALSE(disk().info(folder("a")));
}

TEST_P(LostFolder, AMovedRunEndsAndResumesInItsNewPlace) {
  graft::Run::create(folder("whole"), request()).train();
  std::stop_source stop;
  RunObserver observer;
  observer.step_end = [&](const StepEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  graft::Run::create(folder("a"), request(), observer).train();
  EXPECT_THAT(error_of_run([&] { fs::rename(folder("a"), folder("b")); }, true),
              HasSubstr("continues in its new place with `resume`"));
  EXPECT_FALSE(disk().info(folder("a")));
  graft::Run::resume(folder("b")).train();
  test::expect_same_runs(RunFolder(folder("b")), RunFolder(folder("whole")));
}

INSTANTIATE_TEST_SUITE_P(RunTest, LostFolder,
                         ::testing::Values(Moment::first_step, Moment::first_epoch, Moment::last_epoch));

// A run that was killed before its first checkpoint starts again, from the same weights only.
TEST_F(RunTest, ResumingFromTheBeginningNeedsTheSameWeights) {
  const fs::path weights = runs_.path() / "weights.safetensors";
  const auto write_weights = [&](std::uint64_t seed) {
    torch::manual_seed(seed);
    write_safetensors(weights, state_of(test::TinyNetwork(2)).tensors, {});
  };
  TrainRequest from_file = request();
  from_file.recipe.weights = weights.string();
  write_weights(1);
  graft::Run::create(folder("whole"), from_file).train();
  struct Killed {};
  RunObserver observer;
  observer.step_end = [](const StepEnd&) { throw Killed(); };
  EXPECT_THROW(graft::Run::create(folder("a"), from_file, observer).train(), Killed);
  fs::copy(folder("a"), folder("earlier"));
  write_weights(2);
  EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("a")); }),
              AllOf(HasSubstr(weights.string() + ": is not the file that " + folder("a").string() +
                              " was started with (SHA-256 "),
                    HasSubstr("restore that file, or replace the run by a new one with `overwrite`")));
  write_weights(1);
  graft::Run::resume(folder("a")).train();
  test::expect_same_runs(RunFolder(folder("a")), RunFolder(folder("whole")));
  // Version 0.1 recorded no hash.
  const fs::path config = RunFolder(folder("earlier")).config();
  auto record = nlohmann::json::parse(read_text(config));
  EXPECT_EQ(record.erase("weights_sha256"), 1U);
  replace_file(config, record.dump());
  write_weights(2);
  EXPECT_EQ(graft::Run::resume(folder("earlier")).train().ending, Ending::finished);
}

TEST_F(RunTest, ResumingFromTheBeginningFindsTheWeightsFromAnyFolder) {
  write_safetensors(runs_.path() / "w.safetensors", state_of(test::TinyNetwork(2)).tensors, {});
  const fs::path before = fs::current_path();
  fs::current_path(runs_.path());
  TrainRequest from_file = request();
  from_file.recipe.weights = "w.safetensors";
  from_file.given = {{"weights", "w.safetensors"}};
  from_file.recipe.precision = Precision::automatic;
  struct Killed {};
  RunObserver observer;
  observer.step_end = [](const StepEnd&) { throw Killed(); };
  EXPECT_THROW(graft::Run::create(folder("a"), from_file, observer).train(), Killed);
  fs::current_path(before);
  EXPECT_EQ(graft::Run::resume(folder("a")).train().ending, Ending::finished);
  const auto record = nlohmann::json::parse(read_text(RunFolder(folder("a")).config()));
  EXPECT_EQ(record.at("options").at("precision"), "auto");
  EXPECT_THAT(record.at("resolved").at("precision").get<std::string>(), testing::Not(HasSubstr("as asked")));
}

// Until its first checkpoint the run would start again from them.
TEST_F(RunTest, WeightsInTheRunThatIsReplacedAreRefused) {
  graft::Run::create(folder("a"), request(1)).train();
  TrainRequest again = request(1);
  again.overwrite = true;
  for (const fs::path& weights : {folder("a"), RunFolder(folder("a")).model()}) {
    again.recipe.weights = weights.string();
    EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), again); }),
                HasSubstr("is in the run that `overwrite` would replace; choose another folder"));
  }
  EXPECT_EQ(completion(RunFolder(folder("a"))), "finished");
  again.recipe.weights = folder("a").string();
  EXPECT_NO_THROW(graft::Run::create(folder("b"), again));
}

// A copy of a run by links to its files.
TEST_F(RunTest, FilesThatAreLinksAreNotWrittenThrough) {
  graft::Run::create(folder("a"), request(1)).train();
  std::filesystem::create_directory(folder("b"));
  for (const auto& entry : fs::directory_iterator(folder("a")))
    fs::create_symlink(entry.path(), folder("b") / entry.path().filename());
  const std::string before = read_text(folder("a") / "metrics.jsonl");
  TrainRequest again = request(2);
  again.overwrite = true;
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("b"), again); }),
              HasSubstr("is a symbolic link, and what it points to is not this run's to replace"));
  fs::remove(folder("b") / "summary.json");  // as if it were stopped
  EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("b"), {}); }), HasSubstr("is a symbolic link"));
  EXPECT_EQ(read_text(folder("a") / "metrics.jsonl"), before);
}

TEST_F(RunTest, ADatasetMayHaveAConfigAndAModelBesideIt) {
  for (const char* json : {R"({"architecture": "resnet18"})", "[1, 2]", "no JSON"}) {
    pictures_.write("config.json", json);
    pictures_.write("model.safetensors", "weights");
    EXPECT_EQ(graft::Run::create(folder(json[0] == '{'   ? "a"
                                        : json[0] == '[' ? "b"
                                                         : "c"),
                                 request(1))
                  .data()
                  .train.samples.size(),
              8U);
  }
}

TEST_F(RunTest, TheInputOfAModelIsKeptInTrainingFromIt) {
  TrainRequest first = request(1);
  first.recipe.fit = Fit::squash;
  first.recipe.decode.alpha = "white";
  graft::Run::create(folder("a"), first).train();
  TrainRequest next = request(1);
  next.recipe.weights = folder("a").string();
  next.recipe.decode.alpha = "drop";
  next.given = {{"alpha", "drop"}};
  graft::Run::create(folder("b"), next).train();
  const Preprocess preprocess = load_model(folder("b").string()).preprocess;
  EXPECT_EQ(preprocess.fit, Fit::squash);
  EXPECT_EQ(preprocess.alpha, "drop");  // given
}

// With a checkpoint the file of the initial weights is not read.
TEST_F(RunTest, ResumingFromACheckpointNeedsNoWeights) {
  const fs::path weights = runs_.path() / "weights.safetensors";
  write_safetensors(weights, state_of(test::TinyNetwork(2)).tensors, {});
  TrainRequest from_file = request();
  from_file.recipe.weights = weights.string();
  std::stop_source stop;
  RunObserver observer;
  observer.step_end = [&](const StepEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  graft::Run::create(folder("a"), from_file, observer).train();
  fs::remove(weights);
  EXPECT_EQ(graft::Run::resume(folder("a")).train().ending, Ending::finished);
}

TEST_F(RunTest, AResumedTableWithOtherRowsIsNamed) {
  std::string rows = "path,label,split\n";
  for (const char* part : {"train", "val"}) {
    for (const char* name : {"blue", "red"}) {
      for (const auto& entry : fs::directory_iterator(pictures_.path() / part / name))
        rows += entry.path().string() + "," + name + "," + part + "\n";
    }
  }
  const std::string table = runs_.write("labels.csv", rows).string();
  TrainRequest of_table = request();
  of_table.data = table;
  std::stop_source stop;
  RunObserver observer;
  observer.step_end = [&](const StepEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  graft::Run::create(folder("a"), of_table, observer).train();
  const std::size_t last = rows.rfind('\n', rows.size() - 2) + 1;
  runs_.write("labels.csv", rows.substr(0, last));
  EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("a")); }),
              HasSubstr(table + ": its pictures are not those that the run was trained on: red 2 → 1"));
}

TEST_F(RunTest, InvalidRequestsAreRefusedBeforeAFolderIsMade) {
  TrainRequest idle = request();
  idle.given = {{"step_size", "3"}};
  idle.recipe.schedule.schedule = Schedule::cosine;
  EXPECT_THROW(graft::Run::create(folder("a"), idle), UsageError);
  TrainRequest unknown = request();
  unknown.recipe.model = "resnet17";
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), unknown); }), HasSubstr("`model`"));
  EXPECT_THROW(graft::Run::create(pictures_.path() / "train" / "run", request()), UsageError);
  EXPECT_FALSE(disk().info(folder("a")));
}

TEST_F(RunTest, OptionsAreCheckedBeforeAFolderIsMade) {
  const auto refuses = [&](const char* option, const std::function<void(Recipe&)>& change) {
    TrainRequest wrong = request();
    change(wrong.recipe);
    EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), wrong); }),
                HasSubstr("`" + std::string(option) + "`"));
  };
  refuses("views", [](Recipe& r) { r.views = -1; });
  refuses("accumulate", [](Recipe& r) { r.optimizer.accumulate = 0; });
  refuses("step_size", [](Recipe& r) { r.schedule.step_size = 0; });
  refuses("lr", [](Recipe& r) { r.optimizer.lr = std::nan(""); });
  refuses("batch_size", [](Recipe& r) { r.loader.batch_size = 0; });
  refuses("fit", [](Recipe& r) { r.fit = static_cast<Fit>(99); });
  refuses("preset", [](Recipe& r) { r.preset = "probee"; });
  const auto given = [&](const GivenOptions& options) {
    TrainRequest wrong = request();
    wrong.given = options;
    return test::error_of([&] { graft::Run::create(folder("a"), wrong); });
  };
  EXPECT_THAT(given({{"epochs", "7"}}), HasSubstr("`epochs`: is given as 7, but the recipe has 2"));
  EXPECT_THAT(given({{"epoks", "9"}}), testing::AllOf(HasSubstr("unknown option"), HasSubstr("epochs")));
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), TrainRequest{}); }),
              HasSubstr("`data`: is missing"));
  EXPECT_FALSE(disk().info(folder("a")));
}

TEST_F(RunTest, TrainsOnce) {
  std::stop_source stop;
  RunObserver observer;
  observer.epoch_end = [&](const EpochEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  {
    graft::Run run = graft::Run::create(folder("a"), request(), observer);
    EXPECT_THAT(test::error_of([&] { graft::Run::resume(folder("a")); }), HasSubstr("process"));
    EXPECT_EQ(run.train().ending, Ending::stopped);
    EXPECT_THROW(run.train(), UsageError);
    EXPECT_TRUE(disk().info(run.folder().checkpoint())) << "what was trained is lost";
  }
  EXPECT_THROW(graft::Run::resume(folder("a"), {.given = {{"wokers", "2"}}}), UsageError);
  graft::Run::resume(folder("a")).train();
  EXPECT_EQ(completion(RunFolder(folder("a"))), "finished");
}

TEST(SummaryJson, HasTheBytesOfAFolderWhoseNameIsNotUtf8) {
  TrainResult result;
  result.history.emplace_back();
  EXPECT_THAT(summary_json(result, RunFolder("runs/\xe9")), HasSubstr("\"run_bytes\":\"runs/%E9\""));
  EXPECT_THAT(summary_json(result, RunFolder("runs/a")), testing::Not(HasSubstr("run_bytes")));
}

TEST_F(RunTest, ReplacesAnEarlierRunOnlyOnRequest) {
  graft::Run::create(folder("a"), request(1)).train();
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), request(1)); }),
              testing::AllOf(HasSubstr("complete"), HasSubstr("`overwrite`")));
  TrainRequest again = request(1);
  again.overwrite = true;
  graft::Run::create(folder("a"), again).train();
  EXPECT_EQ(completion(RunFolder(folder("a"))), "finished");
}

TEST_F(RunTest, AnUnreadableConfigIsNotCalledDamaged) {
  class LockedConfig : public test::PassThroughDisk {
   public:
    std::vector<std::uint8_t> read(const fs::path& path, std::uint64_t max_bytes) override {
      if (path.filename() == "config.json") throw Error(path.string(), "cannot read: Permission denied");
      return PassThroughDisk::read(path, max_bytes);
    }
  };
  graft::Run::create(folder("a"), request(1)).train();
  TrainRequest again = request(1);
  again.overwrite = true;
  const auto refused = [&] { return test::error_of([&] { graft::Run::create(folder("a"), again); }); };
  {
    LockedConfig locked;
    const ScopedDisk scope(locked);
    EXPECT_THAT(refused(), AllOf(HasSubstr("config.json"), HasSubstr("Permission denied")));
  }
  std::ofstream(folder("a") / "config.json") << "{";
  EXPECT_THAT(refused(), HasSubstr("is damaged, or not a file of a run"));
}

// A run that replaces another run and ends before its own first model.
TEST_F(RunTest, TheModelOfAnEarlierRunIsDistinguished) {
  const std::string run = folder("a").string(), file = RunFolder(run).model().string();
  graft::Run::create(run, request(1)).train();
  TrainRequest again = request(1);
  again.overwrite = true;
  RunObserver fails;
  fails.step_end = [](const StepEnd&) { throw Error("the disk", "fails"); };
  EXPECT_THROW(graft::Run::create(run, again, fails).train(), Error);
  const auto is_refused = testing::AllOf(HasSubstr("its model is from an earlier run"),
                                         HasSubstr("`resume` " + run), HasSubstr("by its file, " + file));
  EXPECT_THAT(test::error_of([&] { load_model(run); }), is_refused);
  EXPECT_THAT(test::error_of([&] { Predictor{run}; }), is_refused);
  EXPECT_THAT(test::error_of([&] { find_weights(find_model("tiny"), run); }), is_refused);
  EXPECT_THAT(test::error_of([&] { evaluate_model({.model = run}); }), is_refused);
  EXPECT_NO_THROW(load_model(file));
  EXPECT_NO_THROW(find_weights(find_model("tiny"), file));
  graft::Run::resume(run, {}).train();
  EXPECT_EQ(completion(RunFolder(run)), "finished");
  EXPECT_NO_THROW(load_model(run));
}

}  // namespace
}  // namespace graft
