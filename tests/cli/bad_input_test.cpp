// For every bad input the program reports the problem, its place and advice, exits with 1, and loses nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class BadInput : public ::testing::Test {
 protected:
  BadInput() { write_data_set(folder_); }
  std::string path(const std::string& name = "") const { return (folder_.path() / name).string(); }
  ProgramResult train(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        "train",    "--input-size", "64",         path(), "--model",  "efficientnet_lite0",
        "--preset", "finetune",     "--weights",  "none", "--epochs", "1",
        "--out",    path("run"),    "--overwrite"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  }
  // Expects exit code 1 and these words on one line of standard error.
  static void expect_failure(const ProgramResult& result, const std::vector<std::string>& words) {
    EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
    const std::string line = result.err.substr(result.err.rfind("graft: "));
    for (const std::string& word : words) EXPECT_THAT(line, HasSubstr(word));
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
  }

  TemporaryFolder folder_;
};

std::string small_jpeg() {
  Image image(32, 32);
  std::fill(image.data(), image.data() + image.size_bytes(), std::uint8_t{128});
  return encode_jpeg(image.view());
}

// A JPEG with a header of 65500 × 65500 and no data.
std::string enormous_jpeg() {
  std::string bytes = small_jpeg();
  const auto frame = bytes.find("\xFF\xC0");
  for (const std::size_t at : {frame + 5, frame + 7}) {
    bytes[at] = static_cast<char>(0xFF);
    bytes[at + 1] = static_cast<char>(0xDC);
  }
  return bytes;
}

TEST_F(BadInput, FoldersWithoutADataset) {
  expect_failure(run_graft({"train", path("none"), "--weights", "none"}), {path("none"), "check the path"});
  expect_failure(run_graft({"train", path("train/red"), "--weights", "none"}), {path("train/red")});
  const TemporaryFolder one;
  write_data_set(one, {"red"});
  expect_failure(run_graft({"train", one.path().string(), "--weights", "none"}), {"one class"});
  expect_failure(run_graft({"eval", path("none"), path()}), {path("none")});
}

// A message names the wrong argument, not the one that is read first.
TEST_F(BadInput, ConfusedArguments) {
  ASSERT_EQ(train().exit_code, 0);
  const std::string picture = path("val/red/101.ppm"), run = path("run"),
                    model = path("run/model.safetensors");
  expect_failure(run_graft({"predict", path("nope"), path("nothing.jpg")}),
                 {path("nope") + ": no such run folder or model file"});
  expect_failure(run_graft({"predict", path("rum"), picture}), {"did you mean \"" + run + "\"?"});
  expect_failure(run_graft({"predict", picture}), {picture + ": is a picture, but a model is needed"});
  expect_failure(run_graft({"export", picture, "--format", "pth", "--out", path("x.pth")}),
                 {picture + ": is a picture, but a model is needed"});
  expect_failure(run_graft({"predict", path("val"), picture}), {path("val") + ": is not a run folder"});
  expect_failure(run_graft({"eval", run, picture}), {picture + ": is a single picture, not a dataset"});
  for (const char* verb : {"train", "check", "find-lr", "bench"})
    expect_failure(run_graft({verb, run}), {run + ": is a run, not a dataset", "--resume " + run});
  expect_failure(run_graft({"compare", run}), {run + ": is a run", "graft report " + run});
  // A model file beside pictures does not make their folder a run.
  std::filesystem::copy(run + "/model.safetensors", path("model.safetensors"));
  EXPECT_THAT(run_graft({"compare", path(), "--models", "resnet18=/nowhere"}).err, HasSubstr("/nowhere"));
  std::filesystem::remove(path("model.safetensors"));
  EXPECT_THAT(run_graft({"compare", run, run}).err,
              AllOf(HasSubstr("unexpected argument " + run), HasSubstr("graft report RUN RUN")));
  expect_failure(run_graft({"train", model}), {model + ": is a weights file", "--weights " + model});
  for (const std::string& no_run : {path("val"), picture, path("nope")})
    expect_failure(run_graft({"report", no_run}), {"graft: " + no_run + ": "});
}

// The words identify the wrong argument.
TEST_F(BadInput, FilesThatAreNotModelsAndNotPictures) {
  ASSERT_EQ(train().exit_code, 0);
  const std::string run = path("run"), picture = path("val/red/101.ppm");
  const std::string table = folder_.write("t.csv", "path,label\n").string();
  const auto of_table = run_graft({"predict", run, table});
  EXPECT_EQ(of_table.exit_code, 2);
  EXPECT_THAT(of_table.err, AllOf(HasSubstr(table + ": is a table, and predict takes pictures"),
                                  HasSubstr("graft eval MODEL " + table)));
  const auto missing = run_graft({"predict", run, path("none.csv")});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("there is no such file or folder; check the path"));
  const auto of_name = run_graft({"predict", "efficientnet_lite0", picture});
  EXPECT_EQ(of_name.exit_code, 2);
  EXPECT_THAT(of_name.err, HasSubstr("graft predict --model efficientnet_lite0 PATH..."));
  expect_failure(run_graft({"eval", "efficientnet_lite0", path()}),
                 {"efficientnet_lite0: is the name of a network", "give a run folder"});
  expect_failure(run_graft({"train", path(), "--weights", folder_.write("x.jpg", small_jpeg()).string()}),
                 {"x.jpg: is a JPEG picture, not weights"});
  EXPECT_THAT(run_graft({"predict", "--help"}).out, HasSubstr("MODEL PATH...\n"));
  EXPECT_THAT(run_graft({"predict", run, path("val/red") + "/"}).out, HasSubstr(picture + ": "));
}

TEST_F(BadInput, AnOptionWithTheDataAsItsValueIsNamed) {
  for (const auto& [verb, flag] : {std::pair("train", "--model"), std::pair("train", "--out"),
                                   std::pair("find-lr", "--model"), std::pair("compare", "--models")}) {
    const auto result = run_graft({verb, flag, path()});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("DATA"), HasSubstr("is missing; " + std::string(flag) + " took " + path())));
  }
}

TEST_F(BadInput, AMissingModelIsSearchedAmongTheRuns) {
  ASSERT_EQ(train().exit_code, 0);
  fs::create_directories(path("runs"));
  fs::rename(path("run"), path("runs/pets"));
  folder_.write("pets.pth", "");
  for (const char* name : {"pets", "pest"}) {
    const auto result = run_command({GRAFT_PROGRAM, "export", name, "--format", "pth", "--out", "x.pth"}, {},
                                    folder_.path().string());
    expect_failure(result, {"did you mean \"runs/pets\"?"});
  }
}

// Training never turns a user's folder of pictures into a run.
TEST_F(BadInput, OutMustNotBeAFolderOfPictures) {
  const TemporaryFolder other;
  other.write("photos/1.jpg", small_jpeg());
  other.write("data/train/ants/1.jpg", small_jpeg());
  other.write("notes/read.me", "");
  other.write("notes/.cache/1.jpg", small_jpeg());
  fs::create_directories(other.path() / "empty");
  const auto train_to = [&](const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"train",     "--input-size",
                                          "64",        path(),
                                          "--model",   "efficientnet_lite0",
                                          "--preset",  "finetune",
                                          "--weights", "none",
                                          "--epochs",  "1",
                                          "--out",     (other.path() / name).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  };
  for (const char* name : {"photos", "data", "data/train", "data/train/ants"}) {
    for (const auto& more : {std::vector<std::string>{}, std::vector<std::string>{"--overwrite"}}) {
      const auto before = disk().list(other.path() / name).size();
      expect_failure(train_to(name, more),
                     {(other.path() / name).string() + ": is not a run and holds pictures (", "1.jpg)",
                      "choose another folder"});
      EXPECT_EQ(disk().list(other.path() / name).size(), before);
    }
  }
  for (const char* name : {"empty", "notes"}) EXPECT_EQ(train_to(name).exit_code, 0);
}

TEST_F(BadInput, ARunThatABadPictureStoppedStartsAgainInItsFolder) {
  const std::string bad = folder_.write("train/red/0.jpg", "").string();
  const auto train_to_new = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train",    "--input-size", "64",   path(),     "--preset",
                                          "finetune", "--weights",    "none", "--epochs", "1",
                                          "--out",    path("new")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  };
  const auto failed = train_to_new({});
  expect_failure(failed,
                 {bad + ": is empty", "--skip-bad leaves such pictures out", "graft check lists them"});
  EXPECT_EQ(failed.err.find(bad), failed.err.rfind(bad)) << failed.err;  // reported once
  expect_failure(run_graft({"train", "--resume", path("new")}), {bad + ": is empty"});
  const auto changed = run_graft({"train", "--resume", path("new"), "--skip-bad"});
  EXPECT_EQ(changed.exit_code, 2);
  EXPECT_THAT(changed.err, AllOf(HasSubstr("--skip-bad: cannot be changed"),
                                 HasSubstr("or start a new run\n"), Not(HasSubstr("model.safetensors"))));
  EXPECT_THAT(run_graft({"check", path("new")}).err, Not(HasSubstr("--weights")));
  const auto skipping = train_to_new({"--skip-bad"});
  EXPECT_EQ(skipping.exit_code, 0) << skipping.err;
  const auto measured = run_graft({"eval", path("new"), "--skip-bad", "--split", "train", "--json"});
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  const auto result = nlohmann::json::parse(measured.out);
  EXPECT_EQ(result.at("skipped"), 1);
  EXPECT_EQ(result.at("trained_on"), result.at("count"));
  const auto compared =
      run_graft({"compare", path(), "--input-size", "64", "--models", "mobilenetv3_small_050=none",
                 "--feature-cache", "off", "--skip-bad", "--json"});
  EXPECT_THAT(compared.err,
              HasSubstr("mobilenetv3_small_050=none: skipped 1 picture that could not be read"));
  EXPECT_THAT(compared.out, HasSubstr("\"skipped\":1"));
  const auto searched =
      run_graft({"find-lr", path(), "--input-size", "64", "--model", "mobilenetv3_small_050", "--weights",
                 "none", "--preset", "finetune", "--steps", "16", "--skip-bad"});
  EXPECT_THAT(searched.err, HasSubstr("skipped 1 picture that could not be read"));
  EXPECT_THAT(searched.err, HasSubstr(", so the suggested rate is not reliable; "));
  expect_failure(train_to_new({"--skip-bad"}), {"holds a complete training"});
}

TEST_F(BadInput, AnInputBelowOnePositionOfTheNetworkIsAWarning) {
  const auto small =
      run_graft({"train", path(), "--input-size", "16", "--model", "mobilenetv3_small_050", "--weights",
                 "none", "--preset", "probe", "--feature-cache", "off", "--out", path("small")});
  EXPECT_EQ(small.exit_code, 0) << small.err;
  EXPECT_THAT(small.err,
              HasSubstr("the input has 16 pixels on each side, and the network reduces 32 to one: it hardly "
                        "sees the picture; use a larger --input-size"));
}

TEST_F(BadInput, SwappedArgumentsAreShownInTheCorrectOrder) {
  ASSERT_EQ(train().exit_code, 0);
  const std::string run = path("run");
  const auto evaluated = run_graft({"eval", path(), run});
  EXPECT_EQ(evaluated.exit_code, 2);
  EXPECT_THAT(evaluated.err, HasSubstr("graft eval " + run + " " + path()));
  const auto predicted = run_graft({"predict", path("val/red/101.ppm"), run});
  EXPECT_EQ(predicted.exit_code, 2);
  EXPECT_THAT(predicted.err, HasSubstr("graft predict " + run + " " + path("val/red/101.ppm")));
  EXPECT_THAT(run_graft({"predict", run, run}).err, HasSubstr(run + ": is a model, not a picture"));
}

TEST_F(BadInput, PicturesBesideAModelFileArePredicted) {
  ASSERT_EQ(train().exit_code, 0);
  fs::copy_file(path("run/model.safetensors"), path("val/red/model.safetensors"));
  const auto predicted = run_graft({"predict", path("run"), path("val/red")});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_THAT(predicted.out, HasSubstr("101.ppm: Predicted: "));
}

TEST_F(BadInput, AnEmptyClassIsNamed) {
  fs::create_directories(path("train/yellow"));
  expect_failure(train(), {"yellow"});
}

TEST_F(BadInput, AClassMissingFromValShiftsNothing) {
  fs::remove_all(path("val/blue"));
  const auto trained = train();
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, AllOf(HasSubstr("warning: "), HasSubstr("blue")));
  const auto evaluated = run_graft({"eval", path("run"), path()});
  EXPECT_THAT(evaluated.out, AllOf(HasSubstr("8 pictures"), HasSubstr("green"), HasSubstr("red")));
}

TEST_F(BadInput, AFolderNamedLikeAPictureIsAFolder) {
  folder_.write("train/red/more.jpg/1.ppm", generated_picture(2, 1));
  const auto trained = train();
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("25 training"));
}

TEST_F(BadInput, APictureThatCannotBeReadIsNamedOrSkippedAndCounted) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"gif", "GIF89a and so on"},          {"empty", ""},
      {"cut", small_jpeg().substr(0, 400)}, {"text", "not a picture"},
      {"enormous", enormous_jpeg()},
  };
  for (const auto& [name, bytes] : files) {
    const fs::path file = folder_.write("train/red/" + name + ".jpg", bytes);
    expect_failure(train(), {file.string()});
    const auto skipping = train({"--skip-bad"});
    EXPECT_EQ(skipping.exit_code, 0) << skipping.err;
    EXPECT_THAT(skipping.err, HasSubstr("skipped 1 picture that could not be read"));
    fs::remove(file);
  }
}

TEST_F(BadInput, AValidationPartWithoutAReadablePictureIsNamed) {
  for (const auto& entry : fs::recursive_directory_iterator(path("val"))) {
    if (entry.is_regular_file()) folder_.write(fs::relative(entry.path(), path()).string(), "not a picture");
  }
  expect_failure(train({"--skip-bad"}),
                 {path("val") + ": none of its validation pictures could be read: " + path("val/")});
  expect_failure(train({"--skip-bad", "--preset", "probe", "--epochs", "0", "--feature-cache", "off"}),
                 {path("val") + ": none of its validation pictures could be read: " + path("val/")});
}

TEST_F(BadInput, CompareAndBenchCheckAllWeightsFirst) {
  const std::string missing = path("no.safetensors");
  const auto compared = run_graft({"compare", path(), "--models",
                                   "efficientnet_lite0=none,resnet18=" + missing, "--feature-cache", "off"});
  expect_failure(compared, {missing});
  EXPECT_EQ(compared.out, "");
  EXPECT_THAT(compared.err, Not(HasSubstr("probe")));
  const auto measured = run_graft({"bench", path(), "--weights", missing, "--json"});
  expect_failure(measured, {missing});
  EXPECT_EQ(measured.out, "");
}

TEST_F(BadInput, TheProblemOfAPictureIsReported) {
  folder_.write("train/red/a.jpg", "GIF89a");
  expect_failure(train(), {"GIF", "convert"});
  folder_.write("train/red/a.jpg", enormous_jpeg());
  expect_failure(train(), {"65500", "--max-pixels"});
}

TEST_F(BadInput, PredictUsesTheGoodPicturesAndNamesTheBad) {
  ASSERT_EQ(train().exit_code, 0);
  folder_.write("own/a.jpg", "GIF89a");
  folder_.write("own/b.ppm", generated_picture(1, 1));
  const auto predicted = run_graft({"predict", path("run"), path("own")});
  EXPECT_EQ(predicted.exit_code, 1);
  EXPECT_THAT(predicted.out, AllOf(HasSubstr("b.ppm: Predicted: "), ::testing::Not(HasSubstr("a.jpg"))));
  EXPECT_THAT(predicted.err, HasSubstr("own/a.jpg"));
  expect_failure(run_graft({"predict", path("run"), path("nothing.jpg")}), {path("nothing.jpg")});
}

TEST_F(BadInput, WeightsThatDoNotFitAreRefusedWithTheReason) {
  ASSERT_EQ(train({"--model", "resnet18"}).exit_code, 0);
  ASSERT_EQ(run_graft({"export", path("run"), "--format", "pth", "--out", path("18.pth")}).exit_code, 0);
  const auto with = [&](const std::string& model, const std::string& weights) {
    return run_graft({"train", "--input-size", "64", path(), "--preset", "finetune", "--model", model,
                      "--weights", weights, "--epochs", "1", "--out", path("other")});
  };
  expect_failure(with("resnet34", path("18.pth")), {"18.pth", "layer1.2"});
  expect_failure(with("resnet18", path("none.pth")), {path("none.pth"), "check the path"});
  expect_failure(with("resnet18", folder_.write("text.pth", "hello").string()), {"text.pth"});
  // cos\nsystem\n(S'touch …'\ntR. : a pickle that runs a command.
  const std::string proof = path("executed");
  const std::string evil = "cos\nsystem\n(S'touch " + proof + "'\ntR.";
  expect_failure(with("resnet18", folder_.write("evil.pth", evil).string()), {"evil.pth", "os.system"});
  EXPECT_FALSE(fs::exists(proof));
  EXPECT_FALSE(fs::exists(path("other")));
}

TEST_F(BadInput, AModelFileMustNameItsModel) {
  ASSERT_EQ(train().exit_code, 0);
  ASSERT_EQ(run_graft({"export", path("run"), "--format", "pth", "--out", path("18.pth")}).exit_code, 0);
  expect_failure(run_graft({"eval", path("18.pth"), path()}), {"18.pth", "--weights"});
  const std::string model = read_text(path("run/model.safetensors"));
  folder_.write("half.safetensors", model.substr(0, model.size() / 2));
  expect_failure(run_graft({"eval", path("half.safetensors"), path()}), {"half.safetensors"});
}

TEST_F(BadInput, AFullDiskKeepsTheOldModel) {
  ASSERT_EQ(train().exit_code, 0);
  const std::string before = read_text(path("run/model.safetensors"));
  // A file size limit of 1 MB acts like a full disk for a model of 45 MB.
  const auto limited = run_command({"bash", "-c", "ulimit -f 1024; exec \"$0\" \"$@\"", GRAFT_PROGRAM,
                                    "train", path(), "--preset", "finetune", "--weights", "none", "--epochs",
                                    "1", "--seed", "7", "--out", path("run"), "--overwrite"});
  expect_failure(limited, {"model.safetensors", "cannot write"});
  EXPECT_EQ(read_text(path("run/model.safetensors")), before);
  for (const auto& entry : fs::directory_iterator(path("run"))) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("tmp")));
  }
}

TEST_F(BadInput, AFolderThatCannotBeWrittenIsNamed) {
  folder_.write("file", "");
  expect_failure(run_graft({"train", path(), "--preset", "finetune", "--weights", "none", "--epochs", "1",
                            "--out", path("file/run")}),
                 {path("file/run")});
  expect_failure(run_graft({"show", path(), "--out", path("file/place.png")}), {path("file")});
  EXPECT_EQ(run_graft({"show", path(), "--out", path("new/place.png")}).exit_code, 0);
  EXPECT_TRUE(fs::exists(path("new/place.png")));
}

TEST_F(BadInput, AMissingDeviceIsReported) {
  expect_failure(train({"--device", "cuda:99"}), {"--device cuda:99", "is not available", "--device cpu"});
}

// The folder would then have one more class.
TEST_F(BadInput, ARunAmongTheClassFoldersIsRefused) {
  for (const std::string& out : {path("train/run"), path("train") + "/red/../run", path("val/red/run")}) {
    const auto result =
        run_graft({"train", path(), "--preset", "finetune", "--weights", "none", "--out", out});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, AllOf(HasSubstr("--out"), HasSubstr("lies among the class folders")));
    EXPECT_FALSE(fs::exists(out));
  }
  // The dataset is in the only folder; a second one would make it unclear.
  const TemporaryFolder above;
  fs::copy(path(), above.path() / "pets", fs::copy_options::recursive);
  const auto beside = run_graft({"train", above.path().string(), "--preset", "finetune", "--weights", "none",
                                 "--out", (above.path() / "run").string()});
  EXPECT_EQ(beside.exit_code, 2);
  EXPECT_THAT(beside.err, HasSubstr("beside the only folder that contains the dataset"));
  const std::vector<std::string> command = {GRAFT_PROGRAM, "train", ".", "--weights", "none"};
  std::vector<std::string> with_out = command;
  with_out.insert(with_out.end(), {"--out", "run"});
  const auto named = run_command(with_out, {}, path("train"));
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_THAT(named.err, HasSubstr("run lies among the class folders"));
  const auto unnamed = run_command(command, {}, path("train"));
  EXPECT_EQ(unnamed.exit_code, 2);
  EXPECT_THAT(unnamed.err,
              AllOf(HasSubstr("--out: is not given, and the run would be made in " + path("train/runs")),
                    HasSubstr("name a folder outside " + path("train"))));
}

}  // namespace
}  // namespace graft::test
