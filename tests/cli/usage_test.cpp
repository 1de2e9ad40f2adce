// Help and version of the program, and errors for invalid command lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "graft/core/text.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<std::string> verbs = {"check",      "train",  "eval",   "predict", "show",  "report",
                                        "compare",    "export", "models", "fetch",   "bench", "info",
                                        "completion", "man",    "help",   "version"};

// The program's script for a shell, which it prints once.
const std::string& completion_script(const std::string& shell) {
  static std::map<std::string, std::string> scripts;
  const auto [found, is_new] = scripts.emplace(shell, "");
  if (is_new) {
    const auto script = run_graft({"completion", shell});
    EXPECT_EQ(script.exit_code, 0);
    found->second = script.out;
  }
  return found->second;
}

// The completions of a shell with the script; "skip" if it is not installed.
std::string completed(const std::string& shell, const std::string& words, const std::string& folder = ".") {
  const TemporaryFolder scripts;
  const std::string file = scripts.write("c", completion_script(shell)).string();
  const std::string of_function =
      "COMP_WORDS=($words); case $words in *' ') COMP_WORDS+=('') ;; esac\n"
      "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _graft\n"
      // zsh itself filters by the prefix
      "for w in \"${COMPREPLY[@]}\"; do case $w in \"${COMP_WORDS[$COMP_CWORD]}\"*) echo \"$w\" ;; esac; "
      "done";
  std::vector<std::string> command;
  if (shell == "bash") {
    command = {"bash", "-c", "source \"$1\"; words=$2; " + of_function, "-", file, words};
  } else if (shell == "zsh") {
    command = {
        "zsh", "-f",
        "-c",  "source \"$1\"; emulate -L sh; setopt ksharrays; words=$2; setopt shwordsplit; " + of_function,
        "-",   file,
        words};
  } else {
    command = {"fish", "--no-config",
               "-c",   "source $argv[1]; complete -C $argv[2] | string split -f1 \\t | string join ' '",
               file,   words};
  }
  const auto answer = run_command(command, {"HOME=" + scripts.path().string()}, folder);
  if (answer.exit_code == 127) return "skip";
  EXPECT_EQ(answer.err, "") << shell << ": " << words;
  std::istringstream text(answer.out);
  std::vector<std::string> offered;
  for (std::string word; text >> word;) offered.push_back(word);
  std::sort(offered.begin(), offered.end());
  return join(offered, " ");
}

class Completion : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (completed(GetParam(), "graft exp") == "skip") GTEST_SKIP() << GetParam() << " is not installed";
  }
  std::string after(const std::string& words, const std::string& folder = ".") const {
    return completed(GetParam(), words, folder);
  }
};

TEST_P(Completion, CompletesVerbsAndOptions) {
  EXPECT_EQ(after("graft exp"), "export");
  EXPECT_EQ(after("graft train --sched"), "--schedule");
  EXPECT_EQ(after("graft help che"), "check");
  EXPECT_EQ(after("graft fetch hym"), "hymenoptera");
  EXPECT_EQ(after("graft completion z"), "zsh");
}

TEST_P(Completion, CompletesValues) {
  EXPECT_EQ(after("graft train x --preset f"), "fast feature-extract finetune");
  EXPECT_EQ(after("graft train x --schedule co"), "constant cosine");
  EXPECT_EQ(after("graft train x --model vgg11"), "vgg11 vgg11_bn");
  EXPECT_EQ(after("graft predict --model densenet12"), "densenet121");
  EXPECT_EQ(after("graft export x --format s"), "safetensors");
  EXPECT_EQ(after("graft eval x --device c"), "cpu cuda");
  EXPECT_EQ(after("graft train x --weights d"), "default");
  EXPECT_EQ(after("graft train x --epochs "), "");
  EXPECT_EQ(after("graft train x --no-augment --pre"), "--precision --prefetch --preset");
}

TEST_P(Completion, ContinuesAfterTheCommaOfAList) {
  EXPECT_EQ(after("graft compare x --models vgg11_"), "vgg11_bn");
  EXPECT_EQ(after("graft compare x --models resnet18,vgg11_"), "resnet18,vgg11_bn");
  EXPECT_EQ(after("graft compare x --models resnet34,resnet18,efficientnet_lite0"),
            "resnet34,resnet18,efficientnet_lite0");
}

TEST_P(Completion, CompletesFilesAndFolders) {
  const TemporaryFolder folder;
  folder.write("net.pth", "");
  folder.write("nets/one.jpg", "");
  const std::string here = folder.path().string();
  const std::string slash =
      std::string(GetParam()) == "fish" ? "/" : "";  // the other shells add it themselves
  EXPECT_EQ(after("graft train x --weights n", here), "net.pth nets" + slash + " none");
  EXPECT_EQ(after("graft train x --out n", here), "nets" + slash);
  EXPECT_EQ(after("graft train n", here), "net.pth nets" + slash);
  folder.write("vgg11_.pth", "");
  EXPECT_EQ(after("graft models vgg11_", here), "vgg11_bn");
}

INSTANTIATE_TEST_SUITE_P(Shells, Completion, ::testing::Values("bash", "zsh", "fish"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Usage, SwitchesAreCompletedWithoutAValue) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = run_graft({"completion", shell}).out;
    for (const char* flag : {"train|--json|", "train|--quiet|", "train|--help|", "train|--freeze|",
                             "train|--no-freeze|", "predict|--jsonl|"})
      EXPECT_THAT(script, HasSubstr(flag + std::string("switch||"))) << shell;
    EXPECT_THAT(script, HasSubstr("train|--epochs|values||")) << shell;
  }
}

TEST(Usage, VersionAndHelpGoToStandardOutput) {
  const auto version = run_graft({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("graft "));
  for (const char* same : {"version", "-v"}) EXPECT_EQ(run_graft({same}).out, version.out);
  const auto help = run_graft({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const std::string& verb : verbs) EXPECT_THAT(help.out, HasSubstr("  " + verb));
  EXPECT_EQ(run_graft({"-h"}).out, help.out);
  const auto lines = [](const std::string& text) { return text.substr(0, text.find_last_not_of('\n')); };
  EXPECT_EQ(lines(run_graft({"help"}).out), lines(help.out));
  EXPECT_EQ(lines(run_graft({"help", "train"}).out), lines(run_graft({"train", "--help"}).out));
}

TEST(Usage, EveryVerbHasHelpThatShowsDefaults) {
  for (const std::string& verb : verbs) {
    const auto help = run_graft({verb, "--help"});
    EXPECT_EQ(help.exit_code, 0) << verb;
    EXPECT_THAT(help.out, HasSubstr("--quiet")) << verb;
  }
  const auto train = run_graft({"train", "--help"}).out;
  for (const char* flag :
       {"--model",      "--weights",  "--preset",       "--out",          "--epochs",    "--batch-size",
        "--lr",         "--momentum", "--weight-decay", "--step-size",    "--gamma",     "--workers",
        "--seed",       "--device",   "--threads",      "--val-fraction", "--frozen-bn", "--no-augment",
        "--no-shuffle", "--json",     "--exif",         "--skip-bad"}) {
    EXPECT_THAT(train, HasSubstr(flag));
  }
  EXPECT_THAT(train, HasSubstr("--lr NUMBER [0.002]"));
}

// The values of one preset are not confused with those of another.
TEST(Usage, HelpShowsTheValuesOfAllPresets) {
  const auto train = run_graft({"train", "--help"}).out;
  EXPECT_THAT(train, HasSubstr("--preset {finetune,feature-extract,probe,fast,best,auto} [fast]"));
  EXPECT_THAT(train, HasSubstr("--epochs N [3]"));
  EXPECT_THAT(train, HasSubstr("(finetune, feature-extract: 25; probe, auto: 0; best: 15)"));
  const auto bench = run_graft({"bench", "--help"}).out;
  EXPECT_THAT(bench, HasSubstr("[finetune]"));
  EXPECT_THAT(bench, HasSubstr("--epochs N [3]"));
  EXPECT_THAT(bench, HasSubstr("--weights {default,none}|NAME|FILE|RUN|URL [none]"));
}

void expect_wrong_usage(const std::vector<std::string>& arguments, const std::string& words) {
  const auto result = run_graft(arguments);
  EXPECT_EQ(result.exit_code, 2) << words;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("graft: "));
  EXPECT_THAT(result.err, HasSubstr(words));
}

TEST(Usage, WrongUsageExitsWithTwoAndSuggests) {
  expect_wrong_usage({}, "graft help VERB");
  expect_wrong_usage({"-q"}, "--help");
  expect_wrong_usage({"zzz"}, "zzz: is an unknown verb; the verbs are check, train, ");
  expect_wrong_usage({"help", "trian"}, "did you mean \"train\"?");
  expect_wrong_usage({"trian"}, "trian: is an unknown verb; did you mean \"train\"?");
  expect_wrong_usage({"evaluate"}, "evaluate: is an unknown verb; did you mean \"eval\"?");
  expect_wrong_usage({"trian", "--help"}, "trian: is an unknown verb; did you mean \"train\"?");
  expect_wrong_usage({"-q", "zzz", "-h"}, "zzz: is an unknown verb");
  expect_wrong_usage({"train"}, "DATA");
  expect_wrong_usage({"train", "x", "--epoch", "3"}, "unknown option --epoch; did you mean \"--epochs\"?");
  expect_wrong_usage({"train", "x", "--preset", "finetune", "--epochs", "0"},
                     "--epochs: 0 leaves nothing to do");
  expect_wrong_usage({"train", ".", "--preset", "finetune", "--lr", "0"},
                     "--lr: 0 does not change any weight");
  expect_wrong_usage({"train", "x", "--lr", "fast"}, "--lr: \"fast\" is not a number");
  expect_wrong_usage({"train", "x", "--preset", "finetuen"}, "did you mean \"finetune\"?");
  expect_wrong_usage({"train", "x", "--model", "resent18"}, "did you mean \"resnet18\"?");
  expect_wrong_usage({"train", "x", "--frozen-bn", "hold"},
                     "--frozen-bn: \"hold\" is not one of update, eval");
  expect_wrong_usage({"train", "x", "--device", "gpu"}, "--device: \"gpu\" is not a device");
  expect_wrong_usage({"check"}, "DATA is missing");
  expect_wrong_usage({"check", "x", "--near-distance", "16"}, "--near-distance: 16 is outside 0 to 15");
  expect_wrong_usage({"check", "x", "--near-distence", "4"}, "did you mean \"--near-distance\"?");
  expect_wrong_usage({"predict", "--model", "resnet18"}, "PATH");
  expect_wrong_usage({"fetch", "hymenopter"}, "did you mean \"hymenoptera\"?");
  expect_wrong_usage({"export", "x", "--format", "tflite", "--out", "y"},
                     "--format: \"tflite\" is not one of safetensors, pth");
  expect_wrong_usage({"completion", "tcsh"}, "SHELL: \"tcsh\" is not one of bash, zsh, fish");
  expect_wrong_usage({"compare", "x", "--models", "resnet18,foo"}, "--models: \"foo\" is an unknown model");
  expect_wrong_usage({"predict", "x", "y", "--top-k", "0"}, "--top-k: 0 is outside 1 to 1000000");
  expect_wrong_usage({"predict", "x", "y", "--top-k", "x"}, "--top-k: \"x\" is not a whole number");
  expect_wrong_usage({"predict", "x", "y", "--threshold", "2"}, "--threshold: 2 is outside 0 to 1");
  expect_wrong_usage({"show", "x", "--out", "y", "--count", "0"}, "--count: 0 is outside 1 to 10000");
  expect_wrong_usage({"train", "x", "y"}, "unexpected argument y");
}

TEST(Usage, AMissingValueIsNotTakenFromTheNextOption) {
  expect_wrong_usage({"train", "x", "--epochs"}, "--epochs: its value is missing");
  expect_wrong_usage({"train", "--epochs=", "x"}, "--epochs: its value is missing after \"=\"");
  expect_wrong_usage({"train", "x", "--out", "--json"}, "--out: its value is missing before --json");
  expect_wrong_usage({"predict", "x", "a.jpg", "--csv", ""}, "--csv: its value is empty");
  expect_wrong_usage({"eval", "", "x"}, "argument 2: is empty");
  expect_wrong_usage({"eval", "x", "y", "--json=foo"}, "--json: is a switch and takes no value");
  expect_wrong_usage({"train", "x", "--epochs", "-3"}, "--epochs: -3 is outside 0 to 1000000");
  expect_wrong_usage({"train", "x", "--lr", "0,01"}, "--lr: \"0,01\" is not a number; write 0.01");
}

TEST(Usage, OptionsWithoutEffectAreErrorsOrWarnings) {
  expect_wrong_usage({"fetch", "resnet18", "--to", "x"}, "--to: is where data sets go, and none is named");
  expect_wrong_usage({"predict", "run", "-q.jpg"},
                     "-q.jpg: is an unknown option; a file of that name is written ./-q.jpg");
  expect_wrong_usage({"bench", ".", "--rows", "evaluate,evaluate"}, "--rows: \"evaluate\" is named twice");
  expect_wrong_usage({"train", ".", "--random-erase", "0.2", "--no-augment"},
                     "--no-augment: without random crops and flips the other augmentations have no effect");
  const TemporaryFolder folder;
  write_data_set(folder);
  EXPECT_THAT(run_graft({"check", folder.path().string(), "--labels", "multi"}).err,
              HasSubstr("--labels: acts only on a table of labels"));
  expect_wrong_usage(
      {"show", folder.path().string(), "--out", "x.png", "--model", "resnet18", "--no-shuffle"},
      "--no-shuffle: acts only without --model");
}

TEST(Usage, AListHasNoEmptyNames) {
  for (const char* names : {",", "resnet18,", ",resnet18", "resnet18,,resnet34"}) {
    expect_wrong_usage({"compare", "x", "--models", names},
                       std::string("--models: \"") + names + "\" has a comma without a name on each side");
  }
  expect_wrong_usage({"bench", "x", "--rows=index,"}, "--rows: \"index,\" has a comma");
}

TEST(Usage, AMisplacedModelIsAnErrorWithAdvice) {
  const TemporaryFolder folder;
  folder.write("run/config.json", "{}");
  const std::string run = (folder.path() / "run").string(), other = folder.path().string();
  for (const auto& [first, second] : {std::pair(other, run), std::pair(run, other)}) {
    expect_wrong_usage({"show", first, second, "--out", "y.png"},
                       "unexpected argument " + second + "; --model " + run + " titles the pictures");
    expect_wrong_usage({"train", first, second}, "--weights " + run + " starts from its weights");
    expect_wrong_usage({"compare", first, second}, "graft report RUN RUN compares runs");
  }
}

TEST(Usage, ALearningRateNeedsEpochs) {
  const TemporaryFolder folder;
  expect_wrong_usage({"find-lr", folder.path().string(), "--preset", "probe"},
                     "--preset: probe has no epochs, so the learning rate has no effect");
  for (const auto& flags : {std::vector<std::string>{"--frozen-bn", "update"}, {"--no-freeze"}}) {
    std::vector<std::string> arguments = {"train", folder.path().string(), "--preset", "probe"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    expect_wrong_usage(arguments, "acts only in training epochs, and --epochs is 0");
  }
}

TEST(Usage, AFileOfOptionsHasOnlyOptions) {
  const TemporaryFolder folder;
  for (const auto& [key, flag] : {std::pair("out", "--out"),
                                  {"resume", "graft train --resume"},
                                  {"overwrite", "--overwrite"},
                                  {"json", "--json"},
                                  {"config", "--config"},
                                  {"data", "DATA"}}) {
    const auto file =
        folder.write("c.json", std::string("{\"epochs\": 3,\n\"") + key + "\": \"x\"}").string();
    expect_wrong_usage({"train", "x", "--config", file}, std::string("c.json:2: \"") + key +
                                                             "\" is not allowed in an options file; pass it "
                                                             "separately: " +
                                                             flag);
  }
  const auto plot = folder.write("c.json", "{\"plot\": \"x\"}").string();
  expect_wrong_usage({"find-lr", "x", "--config", plot}, "pass it separately: --plot");
  const auto bad = folder.write("c.json", "{\"model\": \"resent18\"}").string();
  expect_wrong_usage({"find-lr", folder.path().string(), "--config", bad},
                     "c.json:1: --model: \"resent18\" is an unknown model");
}

// MKL would end the process before main() starts.
TEST(Usage, ARemovedCurrentFolderIsAOneLineError) {
  for (const char* verb : {"--help", "models", "train /tmp"}) {
    const TemporaryFolder folder;
    const auto result = run_command(
        {"bash", "-c",
         std::string("mkdir gone && cd gone && rmdir ../gone && exec ") + GRAFT_PROGRAM + " " + verb},
        {}, folder.path().string());
    EXPECT_EQ(result.exit_code, 1) << verb;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "graft: the present folder has been removed; change to another one (cd)\n");
  }
}

TEST(Usage, AnOptionBeforeTheVerbIsAnErrorWithAdvice) {
  expect_wrong_usage({"--json", "eval", "x", "y"},
                     "--json: stands before the verb; put it after: graft eval");
  expect_wrong_usage({"-q", "train", "x"}, "-q: stands before the verb");
}

// As with most programs, so that what an alias sets can be overridden.
TEST(Usage, TheLastOfARepeatedOptionCounts) {
  expect_wrong_usage({"train", "x", "--model", "resnet18", "--model", "foo"}, "\"foo\" is an unknown model");
  expect_wrong_usage({"train", "x", "--device", "gpu", "--model", "foo", "--model", "resnet18"}, "--device");
}

TEST(Usage, ModelsAreListedWithWhatTheyNeed) {
  const auto answer = nlohmann::json::parse(run_graft({"models", "--json"}).out);
  std::vector<std::string> names;
  for (const auto& model : answer) names.push_back(model.at("name"));
  for (const char* name : {"resnet18", "resnet152", "wide_resnet50_2", "resnext101_32x8d",
                           "efficientnet_lite0", "efficientnet_lite4"}) {
    EXPECT_THAT(names, ::testing::Contains(name));
  }
  EXPECT_EQ(answer[0].at("weights").at("file"), "resnet18-f37072fd.pth");
  EXPECT_THAT(run_graft({"models"}).out, HasSubstr("resnet18"));
}

TEST(Usage, InfoShowsTheVersions) {
  const auto info = run_graft({"info"}, {"TORCH_HOME=/some/where"});
  EXPECT_EQ(info.exit_code, 0);
  EXPECT_THAT(info.out, HasSubstr("libtorch"));
  EXPECT_THAT(info.out, HasSubstr("/some/where/hub/checkpoints"));
}

}  // namespace
}  // namespace graft::test
