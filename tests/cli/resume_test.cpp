// Runs that are stopped, killed, configured by a file and resumed, with the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/run/run.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"
#include "tests/support/same_runs.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ResumeProgram : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    write_data_set(*folder_);
    alone_ = run_graft(with_out("alone"));
  }
  static void TearDownTestSuite() { folder_.reset(); }
  void SetUp() override { ASSERT_EQ(alone_.exit_code, 0) << alone_.err; }

  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static std::vector<std::string> with_out(const std::string& out) {
    return {"train",        folder_->path().string(),
            "--input-size", "64",
            "--model",      "mobilenetv3_small_050",
            "--preset",     "finetune",
            "--weights",    "none",
            "--epochs",     "3",
            "--lr",         "0.01",
            "--threads",    "1",
            "--precision",  "fp32",
            "--out",        path(out)};
  }
  // Starts a run and sends it `signal` when its first epoch is in the history.
  static ProgramResult stopped(const std::string& out, const std::string& signal) {
    std::vector<std::string> command = {
        "bash",
        "-c",
        "history=$1; signal=$2; shift 2; \"$@\" & child=$!\n"
        "until [ -s \"$history\" ]; do kill -0 $child || exit 99; sleep 0.02; done\n"
        "kill -s \"$signal\" $child; wait $child",
        "-",
        path(out) + "/metrics.jsonl",
        signal,
        GRAFT_PROGRAM};
    const auto arguments = with_out(out);
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command);
  }
  static void expect_as_alone(const std::string& out) {
    expect_same_runs(RunFolder(path(out)), RunFolder(path("alone")));
    EXPECT_TRUE(read_text(path(out) + "/model.safetensors") ==
                read_text(path("alone") + "/model.safetensors"));
    EXPECT_FALSE(disk().info(path(out) + "/run.lock"));
    EXPECT_FALSE(disk().info(path(out) + "/checkpoint.safetensors"));
    EXPECT_TRUE(disk().info(path(out) + "/report.html"));
  }

  static std::unique_ptr<TemporaryFolder> folder_;
  static ProgramResult alone_;
};
std::unique_ptr<TemporaryFolder> ResumeProgram::folder_;
ProgramResult ResumeProgram::alone_;

TEST_F(ResumeProgram, CtrlCKeepsTheStateAndResumeGivesTheSameResult) {
  const auto first = stopped("interrupted", "INT");
  ASSERT_EQ(first.exit_code, 130) << first.err;
  EXPECT_THAT(first.err, HasSubstr("continue with: graft train --resume " + path("interrupted")));
  const auto second = run_graft({"train", "--resume", path("interrupted")});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.out, HasSubstr("resume   " + path("interrupted") + ", after "));
  expect_as_alone("interrupted");
}

TEST_F(ResumeProgram, AKilledRunIsResumed) {
  ASSERT_EQ(stopped("killed", "KILL").exit_code, 137);
  auto second = run_graft({"train", "--resume", path("killed")});
  // A run that was killed before its first checkpoint cannot be continued, and the message states this.
  if (second.exit_code != 0) {
    EXPECT_THAT(second.err, HasSubstr("--overwrite"));
    auto anew = with_out("killed");
    anew.push_back("--overwrite");
    second = run_graft(anew);
  }
  ASSERT_EQ(second.exit_code, 0) << second.err;
  expect_as_alone("killed");
}

// A run of version 0.1, with epochs that count from 0.
void make_version_0_1(const RunFolder& run) {
  json config = json::parse(read_text(run.config()));
  config["format_version"] = 1;
  replace_file(run.config(), config.dump());
  const StateDict state = read_weights(run.checkpoint());
  auto metadata = state.metadata;
  json position = json::parse(metadata.at("position")), history = json::array();
  std::string lines;
  for (const json& line : position.at("history")) {
    json record = json::parse(line.get<std::string>());
    record["epoch"] = record.at("epoch").get<int>() - 1;
    history.push_back(record.dump());
    lines += record.dump() + "\n";
  }
  position["history"] = history;
  metadata["position"] = position.dump();
  metadata["format_version"] = "1";
  metadata.erase("checksum");
  write_safetensors(run.path() / "older", state.tensors, metadata);
  std::filesystem::rename(run.path() / "older", run.checkpoint());
  replace_file(run.history(), lines);
}

TEST_F(ResumeProgram, ARunOfVersion01ResumesAndCountsFromOne) {
  ASSERT_EQ(stopped("older", "INT").exit_code, 130);
  make_version_0_1(RunFolder(path("older")));
  ASSERT_EQ(read_text(path("older") + "/metrics.jsonl").find("{\"epoch\":0,"), 0U);
  const auto second = run_graft({"train", "--resume", path("older")});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.out, HasSubstr("Epoch 3/3"));
  expect_as_alone("older");
  std::vector<std::string> numbers;
  for (const EpochRecord& record : read_history(path("older") + "/metrics.jsonl"))
    numbers.push_back(epoch_cell(record));
  EXPECT_THAT(numbers, ::testing::ElementsAre("1", "2", "3"));
  EXPECT_EQ(json::parse(read_text(path("older") + "/config.json")).at("format_version"), 2);
}

TEST_F(ResumeProgram, ACompleteRunIsReported) {
  const auto again = run_graft({"train", "--resume", path("alone")});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("is complete (finished)"));
  EXPECT_EQ(json::parse(run_graft({"train", "--resume", path("alone"), "--json"}).out).at("epochs"), 3);
  // with its pictures, and with others
  EXPECT_EQ(run_graft({"train", path(""), "--resume", path("alone")}).exit_code, 0);
  const TemporaryFolder others;
  std::filesystem::copy(path("train"), others.path() / "train", std::filesystem::copy_options::recursive);
  std::filesystem::copy(path("train"), others.path() / "val", std::filesystem::copy_options::recursive);
  const auto refused = run_graft({"train", others.path().string(), "--resume", path("alone")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("was started on other pictures or other labels; name its own data"));
  EXPECT_EQ(run_graft({"train", path("none"), "--resume", path("alone")}).exit_code, 1);
}

TEST_F(ResumeProgram, ACompleteRunWithADamagedModelIsReported) {
  const RunFolder run(path("spoiled"));
  std::filesystem::copy(path("alone"), run.path(), std::filesystem::copy_options::recursive);
  const std::string whole = read_text(run.model());
  replace_file(run.model(), whole.substr(0, whole.size() / 2));
  const auto result = run_graft({"train", "--resume", run.path().string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr(run.model().string()), HasSubstr("restore it from a copy")));
}

TEST_F(ResumeProgram, ADamagedCheckpointHasNoDownloadAdvice) {
  ASSERT_EQ(stopped("damaged", "INT").exit_code, 130);
  replace_file(path("damaged") + "/checkpoint.safetensors", "nothing");
  const auto result = run_graft({"train", "--resume", path("damaged")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("--overwrite"));
  EXPECT_THAT(result.err, ::testing::Not(HasSubstr("fetch")));
}

TEST_F(ResumeProgram, AStoppedRunIsReplacedOnlyOnRequest) {
  ASSERT_EQ(stopped("stopped", "INT").exit_code, 130);
  const auto second = run_graft(with_out("stopped"));
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr("graft train --resume " + path("stopped")));
  EXPECT_TRUE(disk().info(path("stopped") + "/checkpoint.safetensors"));
  const auto complete = run_graft(with_out("alone"));
  EXPECT_EQ(complete.exit_code, 1);
  EXPECT_THAT(complete.err, HasSubstr("holds a complete training"));
  EXPECT_EQ(run_graft({"train", "--resume", path("stopped"), "--overwrite"}).exit_code, 2);
}

// Its config.json records the data before the first checkpoint.
TEST_F(ResumeProgram, ARunWithoutACheckpointResumesOnlyWithItsOwnData) {
  ASSERT_EQ(stopped("early", "KILL").exit_code, 137);
  const RunFolder run(path("early"));
  if (disk().info(run.checkpoint())) disk().remove(run.checkpoint());
  const TemporaryFolder other;
  write_data_set(other);
  other.write("train/red/another.ppm", generated_picture(0, 99));
  const auto refused = run_graft({"train", other.path().string(), "--resume", path("early")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("was started on other pictures or other labels"));
  const auto resumed = run_graft({"train", "--resume", path("early")});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  expect_as_alone("early");
}

TEST_F(ResumeProgram, TheModelDependsOnlyOnTheTraining) {
  const TemporaryFolder elsewhere;
  write_data_set(elsewhere);
  auto arguments = with_out("moved data");
  arguments[1] = elsewhere.path().string();
  ASSERT_EQ(run_graft(arguments).exit_code, 0);
  EXPECT_TRUE(read_text(path("moved data") + "/model.safetensors") ==
              read_text(path("alone") + "/model.safetensors"));
}

// A table named from its own folder has no folder in its path.
TEST_F(ResumeProgram, ATableIsTheSameFromAnyFolder) {
  const TemporaryFolder folder;
  write_pictures(folder, "pictures", {"blue", "green"}, 6, 3);
  std::string rows = "path,label\n";
  for (const char* label : {"blue", "green"}) {
    for (const DirectoryEntry& each : disk().list(folder.path() / "pictures" / label))
      rows += std::string("pictures/") + label + "/" + each.name + "," + label + "\n";
  }
  const std::string table = folder.write("labels.csv", rows).string();
  const std::string run = path("of a table");
  auto arguments = with_out("of a table");
  arguments[1] = "labels.csv";
  arguments.insert(arguments.begin(), GRAFT_PROGRAM);
  arguments.insert(arguments.end(), {"--time-limit", "0.001"});
  ASSERT_EQ(run_command(arguments, {}, folder.path().string()).exit_code, 0);
  const auto by_path = run_graft({"train", table, "--resume", run});
  EXPECT_THAT(by_path.out, HasSubstr("Epoch 2/3")) << by_path.err;
  const auto recorded = run_graft({"train", "--resume", run, "--time-limit", "0"});
  EXPECT_THAT(recorded.out, HasSubstr("Epoch 3/3")) << recorded.err;
}

TEST_F(ResumeProgram, OtherPicturesAreRefusedWithTheDifference) {
  ASSERT_EQ(stopped("moved", "INT").exit_code, 130);
  const TemporaryFolder other;
  write_data_set(other);
  other.write("train/red/more.ppm", generated_picture(2, 77));
  const auto more = run_graft({"train", other.path().string(), "--resume", path("moved")});
  EXPECT_EQ(more.exit_code, 1);
  EXPECT_THAT(more.err, AllOf(HasSubstr((other.path() / "train").string() + ": its pictures are not those"),
                              HasSubstr("red 8 → 9")));
  const TemporaryFolder classes;
  write_data_set(classes, {"blue", "green", "yellow"});
  const auto others = run_graft({"train", classes.path().string(), "--resume", path("moved")});
  EXPECT_EQ(others.exit_code, 1);
  EXPECT_THAT(others.err, AllOf(HasSubstr("yellow"), HasSubstr("name its own data (DATA)"),
                                HasSubstr("--overwrite"), Not(HasSubstr("fetch"))));
  // The same pictures in another folder are accepted.
  const TemporaryFolder copy;
  write_data_set(copy);
  EXPECT_EQ(run_graft({"train", copy.path().string(), "--resume", path("moved")}).exit_code, 0);
  expect_as_alone("moved");
}

TEST_F(ResumeProgram, OptionsThatAffectTheResultCannotChange) {
  const auto changed = run_graft({"train", "--resume", path("alone") + "-not", "--lr", "1"});
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.err, HasSubstr("alone-not: does not exist"));
  ASSERT_EQ(stopped("changed", "INT").exit_code, 130);
  const auto rate = run_graft({"train", "--resume", path("changed"), "--lr", "1"});
  EXPECT_EQ(rate.exit_code, 2);
  EXPECT_THAT(rate.err, AllOf(HasSubstr("--lr: cannot be changed in a run that is resumed"),
                              HasSubstr("--weights " + path("changed") + "/model.safetensors")));
  EXPECT_THAT(run_graft({"train", "--resume", path("changed"), "--skip-bad"}).err,
              HasSubstr("--skip-bad: cannot be changed"));
  EXPECT_EQ(run_graft({"train", "--resume", path("changed"), "--out", "x"}).exit_code, 2);
}

TEST_F(ResumeProgram, ARunsConfigMakesTheSameRunAndFlagsOverrideIt) {
  const auto again = run_graft({"train", folder_->path().string(), "--config", path("alone") + "/config.json",
                                "--out", path("again"), "--epochs", "1"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const auto history = read_history(path("again") + "/metrics.jsonl");
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].train_loss, read_history(path("alone") + "/metrics.jsonl")[0].train_loss);
}

TEST_F(ResumeProgram, ABrokenConfigNamesLineAndOption) {
  const auto with = [&](const std::string& text) {
    const auto file = folder_->write("c.json", text);
    return run_graft({"train", folder_->path().string(), "--config", file.string(), "--out", path("c")});
  };
  EXPECT_THAT(with("{\n\"epochs\": 3,\n\"lrr\": 1}").err,
              HasSubstr("c.json:3: \"lrr\" is an unknown option"));
  EXPECT_THAT(with("{\"lrr\": 1}").err, HasSubstr("did you mean \"lr\"?"));
  EXPECT_THAT(with("{\n\n\"batch-size\": 0}").err,
              HasSubstr("c.json:3: --batch-size: 0 is outside 1 to 65536"));
  EXPECT_THAT(with("{\"epochs\": \"three\"}").err, HasSubstr("\"three\" is not a whole number"));
  EXPECT_THAT(with("{\n\"epochs\": 3,,\n}").err, HasSubstr("c.json:2: is not JSON"));
  EXPECT_THAT(with("[1]").err, HasSubstr("is not a JSON object"));
  EXPECT_EQ(with("").exit_code, 2);
  EXPECT_THAT(with("{\"epochs\": 1e999}").err, AllOf(HasSubstr("c.json:1: cannot be read: number overflow"),
                                                     Not(HasSubstr("json.exception"))));
  EXPECT_THAT(with("{\"epochs\": 1,\n\"epochs\": 2}").err, HasSubstr("c.json:2: has \"epochs\" twice"));
  EXPECT_THAT(with("{\n\"batch_size\": 1,\n\"batch-size\": 2}").err,
              HasSubstr("c.json:3: \"batch-size\" is given twice"));
  const auto preset = with("{\n\"preset\": \"x\"}");
  EXPECT_EQ(preset.exit_code, 2);
  EXPECT_THAT(preset.err, HasSubstr("c.json:2: --preset: \"x\" is not one of"));
  EXPECT_THAT(with("{\"mixup\": 0.2,\n\"batch-size\": 1}").err,
              HasSubstr("c.json:1: --mixup: needs batches of two pictures or more"));
  EXPECT_EQ(run_graft({"train", path("."), "--config", path("none.json")}).exit_code, 1);
}

// The request is valid; the file is not.
TEST_F(ResumeProgram, ADamagedRecordIsNotAUsageError) {
  fs::copy(path("alone"), path("misrecorded"), fs::copy_options::recursive);
  fs::remove(path("misrecorded/summary.json"));
  for (const char* text :
       {"{\"format\": ", "{\"format\": \"graft-run\"}", "{\"format\": \"graft-run\", \"data\": 3}",
        "{\"format\": \"graft-run\", \"format_version\": 99}",
        "{\"format\": \"graft-run\", \"options\": {\"lr\": \"x\"}}", "[1]", "{\"lr\": 1e999}"}) {
    folder_->write("misrecorded/config.json", text);
    const auto resumed = run_graft({"train", "--resume", path("misrecorded")});
    EXPECT_EQ(resumed.exit_code, 1) << text;
    EXPECT_THAT(resumed.err, AllOf(HasSubstr("misrecorded/config.json"), Not(HasSubstr("json.exception"))));
  }
  folder_->write("misrecorded/summary.json", "{\"ending\": 3}");
  const auto resumed = run_graft({"train", "--resume", path("misrecorded")});
  EXPECT_EQ(resumed.exit_code, 1);
  EXPECT_THAT(resumed.err, HasSubstr("summary.json: is damaged: type must be string, but is number"));
}

TEST_F(ResumeProgram, PatienceAndTimeEndEarlyAndTimeCanBeGivenAgain) {
  const auto patient = run_graft({"train", "--input-size", "64", folder_->path().string(), "--preset",
                                  "finetune", "--weights", "none", "--patience", "1", "--epochs", "50",
                                  "--lr", "1e-12", "--out", path("patient"), "--json"});
  ASSERT_EQ(patient.exit_code, 0) << patient.err;
  EXPECT_EQ(json::parse(patient.out).at("ending"), "patience");
  EXPECT_LT(json::parse(patient.out).at("epochs").get<int>(), 50);

  auto arguments = with_out("in haste");
  arguments.insert(arguments.end(), {"--time-limit", "0.001", "--json"});
  const auto hasty = run_graft(arguments);
  EXPECT_EQ(json::parse(hasty.out).at("ending"), "time limit");
  EXPECT_EQ(json::parse(hasty.out).at("epochs"), 1);
  EXPECT_THAT(hasty.err, AllOf(HasSubstr("Time limit reached after 1 epoch\n"),
                               HasSubstr("continue with: graft train --resume '" + path("in haste") + "'"),
                               Not(HasSubstr("complete"))));
  const std::string moved = path("moved pictures");
  std::filesystem::create_directory_symlink(folder_->path(), moved);
  const auto second = run_graft({"train", moved, "--resume", path("in haste")});
  EXPECT_THAT(second.out,
              HasSubstr("continue with: graft train '" + moved + "' --resume '" + path("in haste") + "'"));
  EXPECT_THAT(second.out, AllOf(HasSubstr("Epoch 2/3"), HasSubstr("Time limit reached after 2 epochs")));
  const auto on = run_graft({"train", "--resume", path("in haste"), "--time-limit", "0"});
  ASSERT_EQ(on.exit_code, 0) << on.err;
  expect_as_alone("in haste");
}

}  // namespace
}  // namespace graft::test
