// graft check with output for people and scripts, and tables of labels in train and eval.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class CheckProgram : public ::testing::Test {
 protected:
  CheckProgram() { write_data_set(folder_); }
  std::string path(const std::string& name = "") const { return (folder_.path() / name).string(); }
  // Pictures of one class of this dataset are similar by design.
  ProgramResult check(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"check", path(), "--no-near"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  }

  TemporaryFolder folder_;
};

TEST_F(CheckProgram, OnlyNotesExitWithZero) {
  const auto result = check();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out,
              HasSubstr("note        36  pictures with a side smaller than the network's input (small)\n"));
  EXPECT_THAT(result.out, HasSubstr("    … and 31 more (--all)\n  → they are enlarged"));
  EXPECT_THAT(result.out,
              EndsWith("24 training pictures and 12 to validate on, 3 classes: 0 kinds of problem, "
                       "2 kinds of note\n"));
  EXPECT_THAT(check({"--all"}).out, Not(HasSubstr("more (--all)")));
  EXPECT_EQ(check({"--input-size", "30", "--few-pictures", "0"}).out,
            "24 training pictures and 12 to validate on, 3 classes: 0 kinds of problem, 0 kinds of note\n");
}

TEST_F(CheckProgram, WhatNeedsAModelIsRefusedWithoutOne) {
  for (const std::vector<std::string>& alone : std::vector<std::vector<std::string>>{
           {"--csv", "a.csv"}, {"--grid", "a.png"}, {"--device", "cpu"}, {"--overwrite"}}) {
    const auto result = check(alone);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(alone.front() + ": acts only with --model"));
  }
  const auto unknown = check({"--model", "resnet19"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("resnet18"));
}

TEST_F(CheckProgram, AProblemExitsWithOneAndComesFirst) {
  folder_.write("train/red/cut.jpg", "");
  fs::copy_file(path("train/red/0.ppm"), path("val/red/copy.ppm"));
  const auto result = check();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(
      result.out.find("problem      1  pictures that cannot be read (unreadable)\n    " +
                      path("train/red/cut.jpg") + ": is empty; replace it by a good copy, or remove it\n"),
      0U)
      << result.out;
  EXPECT_THAT(result.out,
              HasSubstr("problem      1  the same file in training and validation (copies_leaked)\n    " +
                        path("train/red/0.ppm") + "\n      = " + path("val/red/copy.ppm") + "\n"));
}

TEST_F(CheckProgram, JsonIsOneObject) {
  folder_.write("train/red/cut.jpg", "");
  const auto result = check({"--json"});
  EXPECT_EQ(result.exit_code, 1);
  const auto report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report.at("train"), 25);
  EXPECT_EQ(report.at("val"), 12);
  EXPECT_EQ(report.at("problems"), 1);
  const auto& first = report.at("findings").at(0);
  EXPECT_EQ(first.at("name"), "unreadable");
  EXPECT_EQ(first.at("severity"), "problem");
  EXPECT_EQ(first.at("count"), 1);
  EXPECT_EQ(first.at("items").at(0).at("paths").at(0), path("train/red/cut.jpg"));
}

TEST_F(CheckProgram, DataThatCannotBeOpenedAreAnError) {
  const auto result = run_graft({"check", path("none")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "graft: " + path("none") + ": there is no such folder; check the path\n");
}

TEST_F(CheckProgram, ATestPartAloneHasNoTrainingPictures) {
  TemporaryFolder folder;
  write_pictures(folder, "test", {"ants", "bees"}, 2, 3);
  const auto checked = run_graft({"check", folder.path().string(), "--no-near"});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_THAT(checked.out,
              AllOf(HasSubstr("holds test/ but no train/"),
                    HasSubstr("0 training pictures, 0 to validate on and 4 to test, 2 classes")));
}

TEST_F(CheckProgram, ATableTrainsLikeItsFolder) {
  std::string table = "path,label,split\r\n";
  for (const char* part : {"val", "train"}) {
    for (const char* name : {"red", "blue", "green"}) {
      for (const auto& entry : fs::directory_iterator(folder_.path() / part / name)) {
        table += fs::relative(entry.path(), folder_.path()).string() + "," + name + "," + part + "\r\n";
      }
    }
  }
  const std::string labels = folder_.write("labels.csv", table).string();
  const auto train = [&](const std::string& data, const std::string& out) {
    const auto result = run_graft(
        {"train",    "--input-size", "64",          data,           "--preset", "finetune",  "--weights",
         "none",     "--epochs",     "1",           "--batch-size", "8",        "--threads", "1",
         "--device", "cpu",          "--precision", "fp32",         "--out",    path(out),   "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out);
  };
  const auto of_table = train(labels, "run_table"), of_folder = train(path(), "run_folder");
  EXPECT_EQ(of_table.at("best_val_acc"), of_folder.at("best_val_acc"));
  const auto eval = run_graft({"eval", path("run_table"), labels, "--json"});
  EXPECT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_EQ(nlohmann::json::parse(eval.out).at("count"), 12);
  folder_.write("labels.csv", "path,label\nnone.ppm,red\n");
  const auto bad = run_graft({"eval", path("run_table"), labels});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("1 of its pictures is missing: "), HasSubstr("none.ppm (line 2)")));
}

}  // namespace
}  // namespace graft::test
