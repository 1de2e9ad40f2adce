// Every verb uses the preprocess of the model file, and a network with outputs that are not finite gives no
// predictions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "graft/core/csv.h"
#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"
#include "tests/support/test_data.h"

namespace graft::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Answers : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    write_data_set(*folder_);
    trained_ = run_graft({"train", "--input-size", "64", data(), "--weights", "none", "--preset", "probe",
                          "--feature-cache", "off", "--exif", "--alpha", "#0f0", "--out", run()});
  }
  static void TearDownTestSuite() { folder_.reset(); }
  void SetUp() override { ASSERT_EQ(trained_.exit_code, 0) << trained_.err; }

  static std::string data() { return folder_->path().string(); }
  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static std::string run() { return path("run"); }
  static std::string turned() { return golden("images/files/exif_6.jpg").string(); }
  static std::string transparent() { return golden("images/files/rgba8.png").string(); }

  static std::string predicted(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"predict", run(), turned(), transparent(), "--jsonl"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run_graft(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  // The run's model with every value of one tensor changed.
  template <class Change>
  static std::string spoiled(const std::string& tensor, const Change& change) {
    StateDict state = read_weights(run() + "/model.safetensors");
    std::vector<float> values;
    for (NamedTensor& each : state.tensors) {
      if (each.name != tensor) continue;
      values.resize(each.tensor.bytes.size() / sizeof(float));
      std::memcpy(values.data(), each.tensor.bytes.data(), each.tensor.bytes.size());
      for (float& value : values) value = change(value);
      each.tensor.bytes = {reinterpret_cast<const std::uint8_t*>(values.data()),
                           values.size() * sizeof(float)};
    }
    EXPECT_FALSE(values.empty());
    write_safetensors(path("spoiled.safetensors"), state.tensors, state.metadata);
    return path("spoiled.safetensors");
  }

  // Every verb that predicts.
  static void expect_no_answer(const std::string& model, const std::string& blame, bool export_too) {
    const auto expect = [&](const std::vector<std::string>& arguments) {
      const ProgramResult result = run_graft(arguments);
      EXPECT_EQ(result.exit_code, 1) << arguments[0] << ": " << result.out;
      EXPECT_THAT(result.err, HasSubstr(blame)) << arguments[0];
      EXPECT_THAT(result.out, Not(HasSubstr("nan"))) << arguments[0];
      EXPECT_THAT(result.out, Not(HasSubstr("Predicted"))) << arguments[0];
    };
    const std::string picture = path("val/red/100.ppm");
    expect({"predict", model, picture});
    expect({"predict", model, picture, "--tta", "flip", "--jsonl"});
    expect({"predict", model, picture, "--explain", path("e.png")});
    expect({"eval", model, data()});
    expect({"eval", model, data(), "--json"});
    expect({"show", data(), "--model", model, "--out", path("s.png")});
    expect({"train", "--input-size", "64", data(), "--weights", model, "--preset", "probe", "--feature-cache",
            "off", "--out", path("again"), "--overwrite"});
    expect({"train", "--input-size", "64", data(), "--weights", model, "--preset", "feature-extract",
            "--epochs", "1", "--out", path("again"), "--overwrite"});
    for (const char* format : {"pth", "safetensors"}) {
      if (export_too) expect({"export", model, "--format", format, "--out", path("exported")});
    }
    EXPECT_FALSE(disk().info(path("exported")));
  }

  static std::unique_ptr<TemporaryFolder> folder_;
  static ProgramResult trained_;
};
std::unique_ptr<TemporaryFolder> Answers::folder_;
ProgramResult Answers::trained_;

TEST_F(Answers, ThePreprocessIsStoredInTheModel) {
  const auto metadata = read_weights(run() + "/model.safetensors").metadata;
  const json preprocess = json::parse(metadata.at("preprocess"));
  EXPECT_EQ(preprocess.at("exif"), true);
  EXPECT_EQ(preprocess.at("alpha"), "#0f0");
  const std::string own = predicted({});
  EXPECT_EQ(predicted({"--exif", "--alpha", "lime"}), own);
  EXPECT_NE(predicted({"--no-exif"}), own);
  EXPECT_NE(predicted({"--alpha", "drop"}), own);
}

TEST_F(Answers, SheetsShowTheNetworksInput) {
  const auto sheet = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"predict", run(),         turned(),    transparent(),
                                          "--grid",  path("g.png"), "--explain", path("e.png")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(run_graft(arguments).exit_code, 0);
    return read_text(path("g.png")) + read_text(path("e.png"));
  };
  const std::string own = sheet({});
  EXPECT_EQ(sheet({"--exif", "--alpha", "#00ff00"}), own);
  EXPECT_NE(sheet({"--no-exif"}), own);
  EXPECT_NE(sheet({"--alpha", "black"}), own);
}

// examples/predict_threads.cpp: the lines of graft predict.
TEST_F(Answers, EightThreadsOfAProgramPredictTheSame) {
  std::vector<std::string> arguments = {run()};
  for (const DirectoryEntry& picture : disk().list(path("train/red")))
    arguments.push_back(path("train/red/" + picture.name));
  ASSERT_EQ(arguments.size(), 9U);
  std::vector<std::string> verb = {"predict"}, program = {GRAFT_BINARY_DIR "/examples/predict_threads"};
  verb.insert(verb.end(), arguments.begin(), arguments.end());
  program.insert(program.end(), arguments.begin(), arguments.end());
  std::string expected = run_graft(verb).out;
  for (std::size_t at; (at = expected.find("Predicted: ")) != std::string::npos;) expected.erase(at, 11);
  const ProgramResult result = run_command(program);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, expected);
  program[2] = path("none.ppm");
  const ProgramResult failed = run_command(program);
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.err, HasSubstr("none.ppm"));
}

TEST_F(Answers, AnAlphaThatIsNotAColourIsAUsageError) {
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{"train", data(), "--weights", "none", "--out", path("no")},
        {"predict", run(), transparent()},
        {"eval", run(), data()},
        {"show", data(), "--out", path("no.png")},
        {"check", data()}}) {
    std::vector<std::string> arguments = verb;
    arguments.insert(arguments.end(), {"--alpha", "whit"});
    const ProgramResult result = run_graft(arguments);
    EXPECT_EQ(result.exit_code, 2) << verb[0];
    EXPECT_THAT(result.err,
                HasSubstr("--alpha: \"whit\" is neither drop nor a colour; did you mean \"white\"?"));
  }
}

TEST_F(Answers, ANegativeVarianceIsAnError) {
  expect_no_answer(spoiled("layer1.0.bn1.running_var", [](float) { return -1.0F; }),
                   "spoiled.safetensors: does not fit resnet18 (1 tensor with a negative variance: "
                   "layer1.0.bn1.running_var)",
                   true);
}

TEST_F(Answers, AnOverflowIsAnError) {
  const std::string model =
      spoiled("layer2.0.conv1.weight", [](float value) { return value > 0 ? 3e38F : -3e38F; });
  const ProgramResult one = run_graft({"predict", model, path("val/red/100.ppm")});
  EXPECT_EQ(one.exit_code, 1);
  EXPECT_THAT(one.err,
              HasSubstr(path("val/red/100.ppm") +
                        ": the network gives values that are not finite numbers, from layer2.0.conv1 on"));
  expect_no_answer(model, "not finite", false);
}

// As in predictions_val.csv: the text parses to the same number.
TEST_F(Answers, TheTableHasTheProbabilitiesThatJsonHas) {
  const json first = json::parse(predicted({"--csv", path("out.csv")}).substr(0, predicted({}).find('\n')));
  std::vector<double> in_table;
  read_csv_rows(path("out.csv"), {"path", "rank", "index", "class", "probability", "known", "unknown_score"},
                [&](const std::vector<std::string>& fields, const std::string& where) {
                  in_table.push_back(csv_value(fields[4], "probability", where));
                });
  for (std::size_t i = 0; i < first.at("top").size(); ++i)
    EXPECT_EQ(in_table.at(i), first.at("top")[i].at("probability").get<double>()) << i;
}

TEST_F(Answers, UnreadablePicturesOfAFolderAreReported) {
  folder_->write("own/a.ppm", generated_picture(0, 1));
  std::filesystem::create_symlink("nowhere", path("own/b.jpg"));
  const ProgramResult result = run_graft({"predict", run(), path("own")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("own/a.ppm: Predicted: "));
  EXPECT_THAT(result.err, HasSubstr("own/b.jpg: is a broken link"));
}

}  // namespace
}  // namespace graft::test
