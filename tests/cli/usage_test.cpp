// What the program says of itself, and what it says of a command line that makes no sense.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<std::string> verbs = {"check",  "train",   "eval",      "predict", "show",
                                        "report", "compare", "export",    "models",  "fetch",
                                        "bench",  "info",    "completion"};

TEST(Usage, CompletionsKnowVerbsOptionsAndValues) {
  const auto script = run_graft({"completion", "bash"});
  ASSERT_EQ(script.exit_code, 0);
  const auto complete = [&](const std::string& words, int at) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.bash", script.out);
    return run_command({"bash", "-c",
                        "source \"$1\"; COMP_WORDS=($2); COMP_CWORD=$3; _graft; echo \"${COMPREPLY[@]}\"",
                        "-", file.string(), words, std::to_string(at)})
        .out;
  };
  EXPECT_EQ(complete("graft exp", 1), "export\n");
  EXPECT_EQ(complete("graft train --sched", 2), "--schedule\n");
  EXPECT_EQ(complete("graft train --schedule co", 3), "cosine constant\n");
  EXPECT_THAT(run_graft({"completion", "fish"}).out,
              HasSubstr("-l schedule -x -a 'step cosine constant one-cycle'"));
  EXPECT_THAT(run_graft({"completion", "zsh"}).out, HasSubstr("bashcompinit"));
  EXPECT_EQ(run_graft({"completion", "tcsh"}).exit_code, 2);
}

TEST(Usage, VersionAndHelpGoToStandardOutput) {
  const auto version = run_graft({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("graft "));
  const auto help = run_graft({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const std::string& verb : verbs) EXPECT_THAT(help.out, HasSubstr("  " + verb));
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
  EXPECT_THAT(train, HasSubstr("[0.001]"));
}

void expect_wrong_usage(const std::vector<std::string>& arguments, const std::string& words) {
  const auto result = run_graft(arguments);
  EXPECT_EQ(result.exit_code, 2) << words;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("graft: "));
  EXPECT_THAT(result.err, HasSubstr(words));
}

TEST(Usage, WrongUsageExitsWithTwoAndSuggests) {
  expect_wrong_usage({}, "--help");
  expect_wrong_usage({"trian"}, "unknown verb trian; did you mean \"train\"?");
  expect_wrong_usage({"train"}, "DATA");
  expect_wrong_usage({"train", "x", "--epoch", "3"}, "unknown option --epoch; did you mean \"--epochs\"?");
  expect_wrong_usage({"train", "x", "--epochs", "0"}, "--epochs: 0 leaves nothing to do");
  expect_wrong_usage({"train", "x", "--lr", "fast"}, "--lr: \"fast\" is not a number");
  expect_wrong_usage({"train", "x", "--preset", "finetuen"}, "did you mean \"finetune\"?");
  expect_wrong_usage({"train", "x", "--model", "resent18"}, "did you mean \"resnet18\"?");
  expect_wrong_usage({"train", "x", "--frozen-bn", "hold"},
                     "--frozen-bn: \"hold\" is not one of update, eval");
  expect_wrong_usage({"train", "x", "--device", "gpu"}, "--device: \"gpu\" is not a device");
  expect_wrong_usage({"check"}, "DATA");
  expect_wrong_usage({"check", "x", "--near-distance", "16"}, "--near-distance: 16 is outside 0 to 15");
  expect_wrong_usage({"check", "x", "--near-distence", "4"}, "did you mean \"--near-distance\"?");
  expect_wrong_usage({"predict", "--model", "resnet18"}, "PATH");
  expect_wrong_usage({"fetch", "hymenopter"}, "did you mean \"hymenoptera\"?");
  expect_wrong_usage({"export", "x", "--format", "onnx", "--out", "y"}, "--format");
}

TEST(Usage, ModelsAreListedWithWhatTheyNeed) {
  const auto json = nlohmann::json::parse(run_graft({"models", "--json"}).out);
  std::vector<std::string> names;
  for (const auto& model : json) names.push_back(model.at("name"));
  for (const char* name : {"resnet18", "resnet152", "wide_resnet50_2", "resnext101_32x8d",
                           "efficientnet_lite0", "efficientnet_lite4"}) {
    EXPECT_THAT(names, ::testing::Contains(name));
  }
  EXPECT_EQ(json[0].at("weights").at("file"), "resnet18-f37072fd.pth");
  EXPECT_THAT(run_graft({"models"}).out, HasSubstr("resnet18"));
}

TEST(Usage, InfoTellsWhatTheProgramIsMadeOf) {
  const auto info = run_graft({"info"}, {"TORCH_HOME=/some/where"});
  EXPECT_EQ(info.exit_code, 0);
  EXPECT_THAT(info.out, HasSubstr("libtorch"));
  EXPECT_THAT(info.out, HasSubstr("/some/where/hub/checkpoints"));
}

}  // namespace
}  // namespace graft::test
