// The probe and the bench with the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>

#include "graft/core/files.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ProbeProgram : public ::testing::Test {
 protected:
  ProbeProgram() { write_data_set(folder_); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  ProgramResult probe(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"train",       "--input-size",
                                          "64",          folder_.path().string(),
                                          "--weights",   "none",
                                          "--model",     "mobilenetv3_small_050",
                                          "--preset",    "probe",
                                          "--out",       path("run"),
                                          "--overwrite", "--feature-cache",
                                          path("cache")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  }

  TemporaryFolder folder_;
};

TEST_F(ProbeProgram, WritesAnOrdinaryModelAndKeepsItsFeatures) {
  const ProgramResult first = probe();
  ASSERT_EQ(first.exit_code, 0) << first.err;
  for (const char* words : {"logistic regression on 1 view of each picture",
                            "Probe\n----------\ntrain Loss: ", "Best val Acc: "}) {
    EXPECT_THAT(first.out, HasSubstr(words));
  }
  EXPECT_EQ(disk().list(path("cache")).size(), 1U);
  const json config = json::parse(read_text(path("run/config.json")));
  EXPECT_EQ(config.at("options").at("head_start"), "probe");
  EXPECT_THAT(config.at("resolved").at("precision").get<std::string>(), HasSubstr("frozen"));
  const ProgramResult again = probe({"--json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const json result = json::parse(again.out);
  EXPECT_GT(result.at("probe").at("l2").get<double>(), 0);
  EXPECT_EQ(result.at("epochs"), 0);
  EXPECT_EQ(result.at("best_epoch"), 0);
  const json record = json::parse(read_text(path("run/metrics.jsonl")));
  EXPECT_EQ(record.at("epoch"), 0);
  EXPECT_EQ(record.at("probe"), true);
  EXPECT_TRUE(record.at("lr").is_null());
  EXPECT_THAT(read_text(path("run/model_card.md")), HasSubstr("| epoch of these weights | probe |"));
  const ProgramResult eval = run_graft({"eval", path("run"), folder_.path().string(), "--json"});
  ASSERT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_EQ(json::parse(eval.out).at("accuracy"), result.at("best_val_acc"));
}

TEST_F(ProbeProgram, EpochsAfterItCountFromOne) {
  const ProgramResult result = probe({"--epochs", "2", "--batch-size", "8"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* words : {"Probe\n----------\n", "Epoch 1/2\n", "Epoch 2/2\n"})
    EXPECT_THAT(result.out, HasSubstr(words));
  EXPECT_EQ(json::parse(read_text(path("run/summary.json"))).at("epochs"), 2);
  EXPECT_THAT(read_text(path("run/results.csv")), HasSubstr("\n1,"));
  EXPECT_EQ(read_text(path("run/results.csv")).find("\n0,"), std::string::npos);
}

TEST_F(ProbeProgram, AFeatureCacheThatCannotBeWrittenIsAWarning) {
  folder_.write("cache", "a file, not a folder");
  const ProgramResult result = probe();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("warning: the probe's features are not cached"), HasSubstr(path("cache"))));
  EXPECT_TRUE(disk().info(path("run/model.safetensors")));
}

TEST_F(ProbeProgram, AFeatureCacheNeedsItsOwnFolder) {
  const std::string data = path("train"), cache = path("train/features");
  for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
           {"train", data, "--weights", "none", "--preset", "probe", "--out", path("run")},
           {"find-lr", data, "--weights", "none", "--preset", "fast", "--plot", path("lr.png")},
           {"compare", data, "--models", "efficientnet_lite0=none"}}) {
    auto arguments = verb;
    arguments.insert(arguments.end(), {"--feature-cache", cache});
    const ProgramResult result = run_graft(arguments);
    EXPECT_EQ(result.exit_code, 2) << verb[0];
    EXPECT_THAT(result.err, AllOf(HasSubstr("--feature-cache: "), HasSubstr("lies in the dataset " + data)));
    EXPECT_FALSE(disk().info(cache)) << verb[0];
  }
  const ProgramResult inside = run_graft({"train", data, "--weights", "none", "--preset", "probe", "--out",
                                          path("run"), "--feature-cache", path("run/features")});
  EXPECT_EQ(inside.exit_code, 2);
  EXPECT_THAT(inside.err, HasSubstr("lies in the run"));
  // Beside images/, which would no longer be the only folder.
  std::filesystem::create_directory(path("nested"));
  std::filesystem::rename(data, path("nested/images"));
  const ProgramResult nested = run_graft({"train", path("nested"), "--weights", "none", "--preset", "probe",
                                          "--out", path("run"), "--feature-cache", path("nested/cache")});
  EXPECT_EQ(nested.exit_code, 2);
  EXPECT_THAT(nested.err, HasSubstr("lies in the dataset"));
}

TEST_F(ProbeProgram, NoEpochsWithoutAProbeIsAUsageError) {
  const ProgramResult result = run_graft({"train", folder_.path().string(), "--preset", "finetune",
                                          "--weights", "none", "--epochs", "0", "--out", path("run")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--epochs: 0 leaves nothing to do"));
}

TEST_F(ProbeProgram, BenchMeasuresEachRow) {
  const ProgramResult result = run_graft({"bench", folder_.path().string(), "--json", "--epochs", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) {
    const json row = json::parse(line);
    rows.push_back(row.at("row"));
    ASSERT_EQ(row.at("epochs").size(), 2U) << line;
    EXPECT_GT(row.at("epochs")[1].at("images").get<int>(), 0) << line;
    EXPECT_GT(row.at("epochs")[1].at("seconds").get<double>(), 0) << line;
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"index", "pipeline-train", "pipeline-val", "network", "evaluate",
                                            "train"}));
}

// The input is that of the weights, as in training.
TEST_F(ProbeProgram, BenchMeasuresTheInputOfTheWeights) {
  const std::string data = folder_.path().string();
  const auto trained =
      run_graft({"train", data, "--model", "mobilenetv3_small_050", "--weights", "none", "--preset",
                 "feature-extract", "--input-size", "64", "--epochs", "1", "--out", path("small")});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  for (const auto& [option, value, size] :
       {std::tuple("--weights", path("small"), 64), std::tuple("--workers", std::string("1"), 224)}) {
    const auto measured = run_graft({"bench", data, "--model", "mobilenetv3_small_050", option, value,
                                     "--rows", "pipeline-val", "--epochs", "1", "--json"});
    ASSERT_EQ(measured.exit_code, 0) << measured.err;
    EXPECT_EQ(json::parse(measured.out).at("input_size"), size);
  }
}

TEST_F(ProbeProgram, BenchChecksTheNamesOfRows) {
  const ProgramResult result = run_graft({"bench", folder_.path().string(), "--rows", "pipelin-val"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean \"pipeline-val\"?"));
}

}  // namespace
}  // namespace graft::test
