// Output files: what they may replace, and failures to write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/run/run_lock.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Outputs : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    write_data_set(*folder_);
    trained_ = run_graft(train_to(run()));
  }
  static void TearDownTestSuite() { folder_.reset(); }
  void SetUp() override { ASSERT_EQ(trained_.exit_code, 0) << trained_.err; }

  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static std::string run() { return path("run"); }
  static std::string picture() { return path("val/red/100.ppm"); }
  static std::vector<std::string> train_to(const std::string& out) {
    return {"train",       "--input-size",
            "64",          folder_->path().string(),
            "--model",     "mobilenetv3_small_050",
            "--weights",   "none",
            "--epochs",    "1",
            "--precision", "fp32",
            "--threads",   "1",
            "--out",       out};
  }
  static ProgramResult predict(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"predict", run(), picture()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  }
  // Runs the program with the given redirection of standard output.
  static ProgramResult with_output(const std::string& redirection,
                                   const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {"bash", "-c", "\"$0\" \"$@\" " + redirection, GRAFT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command);
  }
  static void expect_refused(const ProgramResult& result, const std::string& words) {
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.err, HasSubstr(words));
    EXPECT_THAT(result.err, Not(HasSubstr(".tmp")));
  }

  static std::unique_ptr<TemporaryFolder> folder_;
  static ProgramResult trained_;
};
std::unique_ptr<TemporaryFolder> Outputs::folder_;
ProgramResult Outputs::trained_;

TEST_F(Outputs, AFullStandardOutputFailsEveryVerb) {
  for (const std::vector<std::string>& verb :
       std::vector<std::vector<std::string>>{{"models", "--json"},
                                             {"info"},
                                             {"--help"},
                                             {"--version"},
                                             {"train", "--help"},
                                             {"man"},
                                             {"completion", "bash"},
                                             {"eval", run(), path("val")},
                                             {"predict", run(), picture(), "--jsonl"},
                                             {"predict", run(), picture(), "--csv", "-"}}) {
    const auto result = with_output(">/dev/full", verb);
    EXPECT_EQ(result.exit_code, 1) << verb[0];
    EXPECT_THAT(result.err, HasSubstr("standard output: cannot write: No space left on device")) << verb[0];
    EXPECT_EQ(with_output(">&-", verb).exit_code, 1) << verb[0];
  }
}

TEST_F(Outputs, AClosedPipeIsNotAnError) {
  const auto result = with_output("| true", {"predict", run(), path("val"), "--jsonl"});
  EXPECT_EQ(result.exit_code, 0);  // the exit code of `true`
  EXPECT_EQ(result.err, "");
}

TEST_F(Outputs, TrainingContinuesWithoutStandardOutput) {
  const auto result = with_output(">/dev/full", train_to(path("unheard")));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("standard output: cannot write: No space left on device"));
  EXPECT_TRUE(disk().info(path("unheard/report.html")));
  EXPECT_TRUE(disk().info(path("unheard/summary.json")));
}

TEST_F(Outputs, ATableIsTheOnlyTextOnStandardOutput) {
  for (const char* to : {"-", "/dev/stdout"}) {
    const auto result = predict({"--csv", to});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith("path,rank,index,class,probability,known,unknown_score\n"));
    EXPECT_THAT(result.out, Not(HasSubstr("Predicted")));
    EXPECT_THAT(result.err, HasSubstr("Predicted"));
  }
  expect_refused(predict({"--csv", "-", "--jsonl"}), "standard output: cannot take both");
  expect_refused(predict({"--csv", "-", "--grid", "-"}), "standard output: cannot take both");
}

TEST_F(Outputs, APipeIsWrittenDirectlyAndALinkIsKept) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const auto result = run_command({"bash", "-c", "cat \"$0\" & \"$@\" >/dev/null; wait", path("pipe"),
                                   GRAFT_PROGRAM, "predict", run(), picture(), "--csv", path("pipe")});
  EXPECT_THAT(result.out, StartsWith("path,rank"));
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
  fs::create_symlink("linked.csv", path("link.csv"));
  ASSERT_EQ(predict({"--csv", path("link.csv")}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(path("link.csv")));
  EXPECT_THAT(read_text(path("linked.csv")), StartsWith("path,rank"));
}

// As with `docker -v out.csv:/out.csv`.
TEST_F(Outputs, AFileThatIsAMountPointIsWritten) {
  folder_->write("mounted.csv", "");
  folder_->write("point.csv", "");
  const auto mounted = [&](const std::string& command) {
    const std::string script =
        "mount --bind " + path("mounted.csv") + " " + path("point.csv") + " && exec " + command;
    return run_command({"unshare", "--map-root-user", "--mount", "bash", "-c", script, GRAFT_PROGRAM, run(),
                        picture(), path("point.csv")});
  };
  if (mounted("true").exit_code != 0) GTEST_SKIP() << "this user may not mount anything";
  const auto result = mounted("\"$0\" predict \"$1\" \"$2\" --csv \"$3\"");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(read_text(path("mounted.csv")), StartsWith("path,rank"));
  EXPECT_EQ(read_text(path("point.csv")), "");
}

TEST_F(Outputs, InputFilesAreNeverReplaced) {
  const std::string before = read_text(picture());
  expect_refused(predict({"--csv", picture(), "--overwrite"}), "is a file that this command reads");
  EXPECT_EQ(read_text(picture()), before);
  const std::string model = run() + "/model.safetensors", weights = read_text(model);
  expect_refused(run_graft({"export", run(), "--format", "pth", "--out", model, "--overwrite"}),
                 "is a file of the run");
  expect_refused(run_graft({"export", model, "--format", "safetensors", "--out", model}), model);
  EXPECT_TRUE(read_text(model) == weights);
}

// Also in parts that the verb does not open.
TEST_F(Outputs, NoPictureOfTheDataSetIsReplaced) {
  const TemporaryFolder data;
  write_data_set(data);
  write_pictures(data, "test", {"blue", "green", "red"}, 1, 200);
  const auto at = [&](const std::string& name) { return (data.path() / name).string(); };
  std::string table = "path,label,split\n";
  for (const char* part : {"train", "val", "test"}) {
    for (const char* label : {"blue", "red"}) {
      const fs::path folder = fs::path(part) / label;
      const fs::path picture = fs::directory_iterator(data.path() / folder)->path();
      fs::rename(picture, data.path() / folder / "a.png");
      table += (folder / "a.png").string() + "," + label + "," + part + "\n";
    }
  }
  data.write("labels.csv", table);
  for (const std::string& source : {data.path().string(), at("labels.csv")}) {
    for (const char* picture : {"train/red/a.png", "val/red/a.png", "test/red/a.png"}) {
      const std::string before = read_text(at(picture));
      for (const std::vector<std::string>& verb :
           std::vector<std::vector<std::string>>{{"show", source, "--out", at(picture)},
                                                 {"show", source, "--model", run(), "--out", at(picture)},
                                                 {"find-lr", "--input-size", "64", source, "--weights",
                                                  "none", "--steps", "20", "--plot", at(picture)}}) {
        auto arguments = verb;
        arguments.push_back("--overwrite");
        expect_refused(run_graft(arguments), "is a file that this command reads");
      }
      EXPECT_EQ(read_text(at(picture)), before);
    }
  }
}

TEST_F(Outputs, ASheetCountsSkippedPictures) {
  const TemporaryFolder data;
  write_data_set(data, {"blue", "red"});
  data.write("train/red/0.ppm", "P6 cut short");
  const auto shown = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "show", data.path().string(), "--skip-bad", "--out", path("s.png"), "--count", "16"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  };
  const auto some = shown({});
  EXPECT_EQ(some.exit_code, 0) << some.err;
  EXPECT_THAT(some.err, HasSubstr("warning: skipped 1 picture that could not be read ("));
  for (int i = 0; i < 4; ++i) data.write("val/red/" + std::to_string(100 + i) + ".ppm", "P6 cut short");
  const auto none = shown({"--model", run()});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no picture of \"red\" can be read"));
  for (int i = 0; i < 8; ++i) data.write("train/red/" + std::to_string(i) + ".ppm", "P6 cut short");
  EXPECT_THAT(shown({}).err, HasSubstr("no picture of \"red\" can be read"));
}

// The missing folder is created when the file is written.
TEST_F(Outputs, APathThroughAMissingFolderNamesTheSameFile) {
  const std::string before = read_text(picture());
  expect_refused(predict({"--csv", path("none/../val/red/100.ppm"), "--overwrite"}),
                 "is a file that this command reads");
  EXPECT_EQ(read_text(picture()), before);
  const auto notes = folder_->write("notes.csv", "x,y\n1,2\n");
  expect_refused(predict({"--csv", path("none/../notes.csv")}), "--overwrite");
  EXPECT_EQ(predict({"--csv", path("none/../new.csv")}).exit_code, 0);
  EXPECT_TRUE(disk().info(path("new.csv")));
}

TEST_F(Outputs, OtherFilesAreReplacedOnlyOnRequest) {
  for (const auto& [name, bytes] : {std::pair("own.png", "\x89PNG\r\n\x1a\nsomebody's"),
                                    std::pair("own.jpg", "\xff\xd8\xff\xe0somebody's")}) {
    folder_->write(name, bytes);
    expect_refused(predict({"--grid", path(name)}), "is not a picture that graft has written");
    EXPECT_EQ(read_text(path(name)), bytes);
    EXPECT_EQ(predict({"--grid", path(name), "--overwrite"}).exit_code, 0);
    EXPECT_EQ(predict({"--grid", path(name)}).exit_code, 0) << "graft's own";
  }
  const auto exported = [](const std::string& format, const std::string& name) {
    return run_graft({"export", run(), "--format", format, "--out", path(name)});
  };
  folder_->write("own.pth", "PK\x03\x04 archive/data.pkl");
  folder_->write("own.safetensors", std::string("\x10\0\0\0\0\0\0\0{}", 10));
  for (const auto& [format, name] :
       {std::pair("pth", "own.pth"), std::pair("safetensors", "own.safetensors")}) {
    expect_refused(exported(format, name), "that graft has written");
    ASSERT_EQ(exported(format, std::string("new_") + name).exit_code, 0);
    EXPECT_EQ(exported(format, std::string("new_") + name).exit_code, 0) << "graft's own";
  }
  expect_refused(predict({"--overwrite"}), "none is named");
}

TEST_F(Outputs, AnotherKindOfFileIsReplacedOnlyOnRequest) {
  const auto notes = folder_->write("labels.csv", "path,label\na.jpg,ants\n");
  expect_refused(predict({"--csv", notes.string()}), "--overwrite");
  EXPECT_EQ(read_text(notes), "path,label\na.jpg,ants\n");
  EXPECT_EQ(predict({"--csv", notes.string(), "--overwrite"}).exit_code, 0);
  EXPECT_EQ(predict({"--csv", notes.string()}).exit_code, 0) << "the same kind is replaced";
  const auto empty = folder_->write("empty.csv", "");
  EXPECT_EQ(predict({"--csv", empty.string()}).exit_code, 0);
  expect_refused(predict({"--grid", path("x.png"), "--explain", path("./x.png")}), "name the same file");
  expect_refused(predict({"--csv", path("val")}), "is a folder");
}

TEST_F(Outputs, TheExtensionSelectsThePictureFormat) {
  ASSERT_EQ(predict({"--grid", path("sheet.jpg"), "--explain", path("sheet.png")}).exit_code, 0);
  EXPECT_THAT(read_text(path("sheet.jpg")), StartsWith("\xff\xd8\xff"));
  EXPECT_THAT(read_text(path("sheet.png")), StartsWith("\x89PNG"));
  const auto other = predict({"--grid", path("sheet.gif")});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("ends neither in .png nor in .jpg or .jpeg"));
  EXPECT_THAT(predict({"--grid", "-"}).out, StartsWith("\x89PNG"));
}

// A Python that can import torch; empty if there is none.
std::string python_with_torch() {
  for (const char* python : {GRAFT_SOURCE_DIR "/.venv/bin/python", "python3"}) {
    if (run_command({python, "-c", "import torch"}).exit_code == 0) return python;
  }
  return "";
}

TEST_F(Outputs, TorchReadsAnExport) {
  const std::string python = python_with_torch(), exported = path("for_torch.pth");
  ASSERT_EQ(run_graft({"export", run(), "--format", "pth", "--out", exported}).exit_code, 0);
  if (python.empty()) GTEST_SKIP() << "neither .venv/bin/python nor python3 imports torch";
  const auto result = run_command(
      {python, GRAFT_SOURCE_DIR "/tests/cli/same_weights.py", exported, run() + "/model.safetensors"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(Outputs, AnExtensionOfAnotherFormatIsAUsageError) {
  const auto exported = [](const std::string& format, const std::string& name) {
    return run_graft({"export", run(), "--format", format, "--out", path(name)});
  };
  const auto pth = exported("pth", "e.safetensors"), safetensors = exported("safetensors", "e.PTH");
  EXPECT_EQ(pth.exit_code, 2);
  EXPECT_THAT(pth.err, HasSubstr("has the extension of a safetensors file, and a .pth file is written"));
  EXPECT_FALSE(fs::exists(path("e.safetensors")));
  EXPECT_EQ(safetensors.exit_code, 2);
  EXPECT_THAT(safetensors.err,
              HasSubstr("has the extension of a .pth file, and a safetensors file is written"));
  EXPECT_EQ(exported("pth", "e.weights").exit_code, 0);
  EXPECT_EQ(exported("pth", "e.pt").exit_code, 0);
  const auto table = predict({"--csv", path("p.png")});
  EXPECT_EQ(table.exit_code, 2);
  EXPECT_THAT(table.err, HasSubstr("has the extension of a picture, and a table is written"));
  for (const std::vector<std::string>& to_folder :
       {std::vector<std::string>{"export", run(), "--format", "timm", "--out", path("a.pth")},
        {"report", run(), "--png", path("a.png")},
        {"train", folder_->path().string(), "--out", path("a.CSV")}}) {
    const auto refused = run_graft(to_folder);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr(", and a folder is written; choose a name without it"));
    EXPECT_FALSE(std::filesystem::exists(to_folder.back()));
  }
}

TEST_F(Outputs, AnOnnxFileIsReplacedOnlyByAnother) {
  const auto exported = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"export", run(), "--format", "onnx"});
    return run_graft(more);
  };
  const auto first = exported({"--out", path("e.onnx")});
  if (first.exit_code != 0 && first.err.find("without ONNX's libraries") != std::string::npos)
    GTEST_SKIP() << "built without ONNX's libraries";
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(exported({"--out", path("e.onnx"), "--with-preprocess"}).exit_code, 0);
  folder_->write("other.onnx", "x");
  expect_refused(exported({"--out", path("other.onnx")}), "is not an ONNX file that graft has written");
  EXPECT_EQ(exported({"--out", path("other.onnx"), "--overwrite", "--half"}).exit_code, 0);
  EXPECT_LT(fs::file_size(path("other.onnx")), 0.6 * fs::file_size(path("e.onnx")));
  expect_refused(exported({"--out", path("e.pth")}),
                 "has the extension of a .pth file, and an ONNX file is written");
  expect_refused(exported({"--out", path("f.onnx"), "--names", "timm"}),
                 "--names: acts only with --format pth");
  expect_refused(run_graft({"export", run(), "--format", "pth", "--half", "--out", path("f.pth")}),
                 "--half: acts only with --format onnx");
  const std::string data = folder_->path().string();
  const auto int8 = exported({"--out", path("other.onnx"), "--int8", data, "--max-drop", "100"});
  EXPECT_EQ(int8.exit_code, 0) << int8.err;
  EXPECT_THAT(int8.out, HasSubstr("layers in float32: none"));
  EXPECT_LT(fs::file_size(path("other.onnx")), 0.35 * fs::file_size(path("e.onnx")));
  EXPECT_THAT(read_text(path("other.onnx")), HasSubstr("in float32"));  // the metadata
  expect_refused(exported({"--out", path("other.onnx"), "--int8", data, "--half"}),
                 "--half: does not go with --int8");
  expect_refused(exported({"--out", path("other.onnx"), "--max-drop", "2"}),
                 "--max-drop: acts only with --int8");
  expect_refused(exported({"--out", path("g.onnx"), "--int8", path("missing")}), "missing");
}

// The library does not have the network.
TEST_F(Outputs, ARefusedExportNamesWhatWorksAndLeavesNothing) {
  const std::string model = path("shuffle");
  ASSERT_EQ(
      run_graft({"train", "--input-size", "64", folder_->path().string(), "--model", "shufflenet_v2_x0_5",
                 "--weights", "none", "--preset", "probe", "--feature-cache", "off", "--out", model})
          .exit_code,
      0);
  const std::string network = " has no network that computes as shufflenet_v2_x0_5; ";
  for (const auto& [format, names, words] :
       {std::tuple("timm", "own", "--format: timm" + network + "export pth or safetensors"),
        std::tuple("pth", "timm", "--names: timm" + network + "use own or torchvision"),
        std::tuple("safetensors", "transformers",
                   "--names: transformers" + network + "use own or torchvision")}) {
    const ProgramResult refused =
        run_graft({"export", model, "--format", format, "--names", names, "--out", path("new/deeper/out")});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_EQ(refused.err, "graft: " + words + "\n");
    EXPECT_FALSE(fs::exists(path("new")));
  }
  const ProgramResult other =
      run_graft({"export", run(), "--format", "pth", "--names", "torchvision", "--out", path("x.pth")});
  EXPECT_THAT(
      other.err,
      HasSubstr("torchvision has no network that computes as mobilenetv3_small_050; use own or timm"));
}

TEST_F(Outputs, UserFilesAreNotReplacedAsARun) {
  folder_->write("own/classes.txt", "mine");
  auto arguments = train_to(path("own"));
  arguments.push_back("--overwrite");
  expect_refused(run_graft(arguments), "classes.txt");
  EXPECT_EQ(read_text(path("own/classes.txt")), "mine");
  EXPECT_EQ(disk().list(path("own")).size(), 1U);
}

TEST_F(Outputs, TwoRunsUseTwoFolders) {
  const TemporaryFolder place;
  auto arguments = train_to("");
  arguments.resize(arguments.size() - 2);
  std::vector<std::string> command = {"bash", "-c", "\"$0\" \"$@\" & \"$0\" \"$@\"; wait $!", GRAFT_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto result = run_command(command, {}, place.path().string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* name : {"runs/train/summary.json", "runs/train2/summary.json"})
    EXPECT_TRUE(disk().info(place.path() / name)) << name;
}

TEST_F(Outputs, NamesAreEscapedForTheTerminal) {
  const std::string odd = path("x\x1b[31m\ny\xe9.ppm");
  fs::copy_file(picture(), odd);
  const auto people = run_graft({"predict", run(), odd});
  EXPECT_THAT(people.out, HasSubstr("x\\x1b[31m\\x0ay\\xe9.ppm: Predicted"));
  EXPECT_THAT(run_graft({"\x1b[31m"}).err, HasSubstr("\\x1b[31m: is an unknown verb"));
  const auto answer = nlohmann::json::parse(run_graft({"predict", run(), odd, "--jsonl"}).out);
  EXPECT_THAT(answer.at("path_bytes").get<std::string>(), HasSubstr("x%1B%5B31m%0Ay%E9.ppm"));
  fs::copy(run(), path("run\xe9"), fs::copy_options::recursive);
  const auto report = nlohmann::json::parse(
      run_graft({"report", run(), path("run\xe9"), "--out", path("\xe9.html"), "--json"}).out);
  EXPECT_EQ(report.at("runs_bytes"), (std::vector<std::string>{run(), path("run%E9")}));
  EXPECT_EQ(report.at("html_bytes"), path("%E9.html"));
  const auto plain = nlohmann::json::parse(run_graft({"predict", run(), picture(), "--jsonl"}).out);
  EXPECT_FALSE(plain.contains("path_bytes"));
  EXPECT_THAT(run_graft({"predict", run(), odd, "--csv", "-"}).out, HasSubstr(odd))
      << "a table has the bytes";
}

TEST_F(Outputs, ARunInProgressIsNotReportedAsStopped) {
  auto arguments = train_to(run());
  expect_refused(run_graft(arguments), "holds a complete training");
  const RunLock lock{RunFolder(run())};
  expect_refused(run_graft(arguments), "is being written by process");
  arguments.push_back("--overwrite");
  expect_refused(run_graft(arguments), "is being written by process");
  EXPECT_TRUE(disk().info(run() + "/summary.json"));
}

TEST_F(Outputs, FoldersCannotBeStandardOutput) {
  expect_refused(run_graft(train_to("-")), "--out: a run is a folder");
  expect_refused(run_graft({"report", run(), "--out", path("page")}),
                 "--out: \"" + path("page") + "\" ends neither in .html nor in .htm");
  EXPECT_FALSE(disk().info(path("page")));
  expect_refused(run_graft({"report", run(), "--png", "-"}), "--png: is a folder of several charts");
}

TEST_F(Outputs, OptionsWithoutEffectAreRefusedByEveryVerb) {
  const std::string data = folder_->path().string(), sheet = path("acts.png");
  for (const auto& [arguments, words] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"show", data, "--out", sheet, "--weights", "x.pth"}, "--weights: acts only with --model"},
           {{"show", data, "--out", sheet, "--device", "cpu"}, "--device: acts only with --model"},
           {{"show", data, "--out", sheet, "--rand-ops", "3"}, "--rand-ops: acts only with"},
           {{"show", data, "--out", sheet, "--model", run(), "--no-augment"},
            "--no-augment: acts only without"},
           {{"show", data, "--out", sheet, "--model", run(), "--weights", "x.pth"}, "has its own weights"},
           {{"predict", "--model", run(), "--weights", "x.pth", picture()}, "has its own weights"},
           {{"show", data, "--out", sheet, "--model", run(), "--weights", "default"}, "has its own weights"},
           {{"predict", "--model", run(), "--weights", "default", picture()}, "has its own weights"},
           {{"find-lr", data, "--weights", "none", "--val-fraction", "0.3"}, "--val-fraction: acts only"},
           {{"bench", data, "--rows", "index", "--beta1", "0.5"}, "--beta1: acts only with"},
           {{"bench", data, "--rows", "index,pipeline-val", "--random-erase", "0.5"},
            "--random-erase: has no effect on any of the measured rows"},
           {{"bench", data, "--rows", "evaluate", "--cache", "off"},
            "--cache: has no effect on any of the measured rows"},
           {{"compare", data, "--models", "resnet18=none", "--split-seed", "1"},
            "--split-seed: acts only"}}) {
    const auto result = run_graft(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments[0];
    EXPECT_THAT(result.err, HasSubstr(words));
  }
  const auto read = run_graft({"bench",
                               data,
                               "--rows",
                               "pipeline-train",
                               "--epochs",
                               "1",
                               "--batch-size",
                               "2",
                               "--workers",
                               "1",
                               "--prefetch",
                               "1",
                               "--skip-bad",
                               "--fit",
                               "pad",
                               "--exif",
                               "--alpha",
                               "white",
                               "--max-pixels",
                               "1000000",
                               "--decode",
                               "fast",
                               "--cache",
                               "off",
                               "--no-shuffle",
                               "--min-scale",
                               "0.5",
                               "--auto-augment",
                               "rand",
                               "--rand-ops",
                               "1",
                               "--rand-magnitude",
                               "3",
                               "--seed",
                               "1",
                               "--jitter-brightness",
                               "0.1",
                               "--jitter-contrast",
                               "0.1",
                               "--jitter-saturation",
                               "0.1",
                               "--jitter-hue",
                               "0.1",
                               "--random-erase",
                               "0.1",
                               "--layout",
                               "planar",
                               "--model",
                               "resnet18"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_THAT(run_graft({"check", data, "--val-fraction", "0.3"}).err,
              HasSubstr("warning: --val-fraction: acts only"));
}

// It would become a picture of the dataset.
TEST_F(Outputs, APictureIsNotWrittenAmongTheClassFolders) {
  const std::string in_class = path("train/red/sheet.png"), of_val = path("val/red/sub/sheet.png"),
                    new_class = path("train/new/sheet.jpg");
  for (const std::string& place : {in_class, of_val, new_class}) {
    for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
             {"show", folder_->path().string(), "--out", place},
             {"find-lr", folder_->path().string(), "--weights", "none", "--plot", place},
             {"predict", run(), picture(), "--grid", place},
             {"predict", run(), picture(), "--explain", place}}) {
      const ProgramResult result = run_graft(verb);
      EXPECT_EQ(result.exit_code, 2) << verb[0] << " " << place;
      EXPECT_THAT(result.err, HasSubstr("lies among the class folders")) << verb[0];
      EXPECT_FALSE(disk().info(place)) << verb[0];
    }
  }
  EXPECT_FALSE(disk().info(path("train/new")));
  expect_refused(run_graft({"report", run(), "--png", path("train/red")}), "--png: ");
  expect_refused(predict({"--grid", path("own/../val/red/sheet.png")}), "lies among the class folders");
  // A table or weights are no pictures, but their new folder would be a class.
  for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
           {"predict", run(), picture(), "--csv", path("train/new/a.csv")},
           {"find-lr", folder_->path().string(), "--weights", "none", "--csv", path("train/new/a.csv")},
           {"export", run(), "--format", "pth", "--out", path("val/new/deeper/a.pth")}}) {
    const ProgramResult result = run_graft(verb);
    EXPECT_EQ(result.exit_code, 2) << verb[0];
    EXPECT_THAT(result.err, AllOf(HasSubstr("needs the new folder"), HasSubstr("would become a class")))
        << verb[0];
  }
  EXPECT_FALSE(disk().info(path("train/new")));
  EXPECT_FALSE(disk().info(path("val/new")));
  EXPECT_EQ(predict({"--csv", path("train/red/answers.csv")}).exit_code, 0);
  // Neither a class folder nor one of its pictures.
  EXPECT_EQ(run_graft({"show", folder_->path().string(), "--out", path("beside/sheet.png")}).exit_code, 0);
  EXPECT_EQ(predict({"--grid", path("train/.drafts/sheet.png")}).exit_code, 0);
}

TEST_F(Outputs, APictureIsNotWrittenIntoAFolderOfInputs) {
  folder_->write("mine/a.ppm", generated_picture(0, 1));
  const std::string sheet = path("mine/sheet.png");
  expect_refused(run_graft({"predict", run(), path("mine"), "--grid", sheet}),
                 "and would become one of its pictures");
  EXPECT_FALSE(disk().info(sheet));
  EXPECT_EQ(run_graft({"predict", run(), path("mine/a.ppm"), "--grid", sheet}).exit_code, 0);
}

}  // namespace
}  // namespace graft::test
