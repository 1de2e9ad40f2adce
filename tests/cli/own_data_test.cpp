// Custom datasets in every operation that accepts data, compared with a table of the same pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graft/check/check.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/dataset.h"
#include "graft/device/torch.h"
#include "graft/models/registry.h"
#include "graft/report/report.h"
#include "graft/run/run_tables.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/predict_pictures.h"
#include "graft/session/run.h"
#include "graft/session/search.h"
#include "graft/session/sheets.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::uint8_t> picture(int color, int number) {
  const std::string bytes = test::generated_picture(color, number, 40 + number % 7, 50 - number % 11);
  return {bytes.begin(), bytes.end()};
}

// Pictures of three colours in memory with targets of one kind; val has more of the same kind.
class OwnDataTest : public ::testing::TestWithParam<LabelKind> {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny_own"); }

  static Target target(int color, int number) {
    if (GetParam() == LabelKind::number) return color * 10 + number * 0.25;
    if (GetParam() == LabelKind::single) return color % 2;
    return color == 0 ? ClassSet{} : color == 1 ? ClassSet{1} : ClassSet{1, 0};
  }
  static std::vector<std::string> classes() {
    return GetParam() == LabelKind::number ? std::vector<std::string>{"warmth"}
                                           : std::vector<std::string>{"blue", "red"};
  }
  static std::shared_ptr<MemoryDataset> pictures(const std::string& part, int first, int count) {
    auto dataset = std::make_shared<MemoryDataset>();
    for (int number = first; number < first + count; ++number) {
      for (int color = 0; color < 3; ++color)
        dataset->add(picture(color, number), target(color, number),
                     part + " " + std::to_string(number) + "-" + std::to_string(color));
    }
    return dataset;
  }
  static OwnData own() {
    return {
        .train = pictures("train", 0, 4), .val = pictures("val", 4, 2), .classes = classes(), .name = "mine"};
  }

  // The same pictures as files, with a table of their labels.
  std::string table() const {
    const DataSource source(own());
    std::string text =
        "path," + std::string(GetParam() == LabelKind::number ? "warmth" : "label") + ",split\n";
    const TrainingData data = open_data_set(source);
    for (const auto& [folder, part] : {std::pair(&data.train, "train"), std::pair(&data.val, "val")}) {
      const auto names = folder->label_names();
      for (const Sample& sample : folder->samples) {
        const auto bytes = read_picture(sample);
        files_.write(sample.path + ".ppm", std::string(bytes.begin(), bytes.end()));
        text += sample.path + ".ppm," + names[static_cast<std::size_t>(sample.label)] + "," + part + "\n";
      }
    }
    return files_.write("labels.csv", text).string();
  }

  static Recipe recipe(const std::string& name = "finetune", int epochs = 2) {
    Recipe recipe = preset(name);
    recipe.model = "tiny_own";
    recipe.weights = "none";
    recipe.epochs = epochs;
    recipe.precision = Precision::fp32;
    recipe.loader.workers = 0;
    recipe.loader.batch_size = 4;
    return recipe;
  }
  fs::path run(const char* name) const { return runs_.path() / name; }

  test::TemporaryFolder files_, runs_;
};

TEST_P(OwnDataTest, AnUnreadableSampleIsAnErrorWithAdviceForPrograms) {
  const auto train = pictures("train", 0, 4);
  train->add({'n', 'o'}, target(0, 4), "broken");
  const OwnData broken{.train = train, .val = pictures("val", 5, 2), .classes = classes(), .name = "mine"};
  EXPECT_THAT(
      test::error_of(
          [&] { graft::Run::create(run("broken"), {.data = broken, .recipe = recipe()}).train(); }),
      AllOf(HasSubstr("broken: "), HasSubstr("check_data_set() lists them"), Not(HasSubstr("graft check"))));
}

// The samples of a table are in the order of its labels, and so are those of the Datasets here.
TEST_P(OwnDataTest, GivesTheModelOfATableOfTheSamePictures) {
  const std::string labels = table();
  for (const char* preset_name : {"finetune", "probe"}) {
    Recipe recipe = this->recipe(preset_name, preset_name == std::string("probe") ? 0 : 2);
    recipe.data.labels = GetParam();
    const fs::path of_table = run(preset_name), of_own = run((std::string(preset_name) + "_own").c_str());
    graft::Run::create(of_table, {.data = labels, .recipe = recipe}).train();
    const TrainingData data = open_data_set(labels, recipe.data);
    const OwnData same{
        .train = dataset_of(data.train), .val = dataset_of(data.val), .classes = data.train.classes};
    graft::Run::create(of_own, {.data = same, .recipe = recipe}).train();
    EXPECT_EQ(read_text(RunFolder(of_own).model()), read_text(RunFolder(of_table).model())) << preset_name;
    EXPECT_EQ(read_text(RunFolder(of_own).predictions_csv()),
              read_text(RunFolder(of_table).predictions_csv()));
  }
}

TEST_P(OwnDataTest, IsTrainedStoppedResumedEvaluatedAndReported) {
  graft::Run::create(run("whole"), {.data = own(), .recipe = recipe()}).train();
  std::stop_source stop;
  int steps = 0;
  RunObserver observer;
  observer.step_end = [&](const StepEnd&) {
    if (++steps == 4) stop.request_stop();
  };
  observer.stop = stop.get_token();
  EXPECT_EQ(graft::Run::create(run("own"), {.data = own(), .recipe = recipe()}, observer).train().ending,
            Ending::stopped);
  const auto resumed = [&](const DataSource& data) {
    return test::error_of([&] { graft::Run::resume(run("own"), {.data = data}); });
  };
  EXPECT_THAT(resumed({}), HasSubstr("`data`: is missing: the run was trained on a program's own data"));
  EXPECT_THAT(resumed(files_.path()), HasSubstr("`data`: is a path"));
  OwnData other = own();
  other.train = pictures("train", 1, 4);
  EXPECT_THAT(resumed(other), HasSubstr("not those that the run was trained on"));
  OwnData renamed = own();
  renamed.name = "others";
  const TrainResult result = graft::Run::resume(run("own"), {.data = renamed}).train();
  test::expect_same_runs(RunFolder(run("own")), RunFolder(run("whole")));

  const EvaluationReport report = evaluate_model({.model = run("own").string(), .data = own()});
  EXPECT_EQ(report.part, EvaluationPart::val);
  EXPECT_EQ(report.outcomes.size(), 6U);
  EXPECT_NEAR(report.metrics.front().value, result.best_value(), 1e-4);
  EXPECT_EQ(evaluate_model({.model = run("own").string(), .data = own(), .split = EvaluationPart::all})
                .outcomes.size(),
            18U);
  EXPECT_THAT(test::error_of([&] { evaluate_model({.model = run("own").string()}); }),
              HasSubstr("`data`: is missing"));

  // The pictures of the report are saved for reports after the program has ended.
  const std::string page = read_text(RunFolder(run("own")).report());
  EXPECT_THAT(page, AllOf(HasSubstr("data:image/jpeg;base64,"), Not(HasSubstr("No picture: "))));
  const auto kept = read_shown_pictures(RunFolder(run("own")).shown_pictures());
  EXPECT_EQ(kept.size(), 6U);
  const auto first =
      std::find_if(kept.begin(), kept.end(), [](const auto& each) { return each.path == "val 4-0"; });
  ASSERT_NE(first, kept.end());
  EXPECT_EQ(first->full_height, 44);
  write_report(RunFolder(run("own")));
  EXPECT_THAT(read_text(RunFolder(run("own")).report()),
              AllOf(HasSubstr(first->jpeg), Not(HasSubstr("No picture: "))));
  disk().remove(RunFolder(run("own")).shown_pictures());
  write_report(RunFolder(run("own")));
  EXPECT_THAT(read_text(RunFolder(run("own")).report()),
              HasSubstr("No picture: it was in the memory of the training program"));
}

// A file with the name of a sample is not its picture.
TEST_P(OwnDataTest, IgnoresFilesWithItsNames) {
  auto named = std::make_shared<MemoryDataset>(), val = std::make_shared<MemoryDataset>();
  const fs::path file = files_.write("not_a_picture", "text");
  for (int number = 0; number < 2; ++number) {
    for (int color = 0; color < 3; ++color) {
      const bool first = number == 0 && color == 1;
      named->add(picture(color, number), target(color, number),
                 first ? file.string() : std::to_string(number) + "-" + std::to_string(color));
      val->add(picture(color, number), target(color, number),
               first ? file.string() : "v" + std::to_string(number) + "-" + std::to_string(color));
    }
  }
  const OwnData data{.train = named, .val = val, .classes = classes(), .name = files_.path().string()};
  graft::Run::create(run("named"), {.data = data, .recipe = recipe("finetune", 1)}).train();
  EXPECT_THAT(read_text(RunFolder(run("named")).report()), Not(HasSubstr("No picture: ")));
  std::vector<std::string> warnings;
  Observer observer;
  observer.warning = [&](const std::string& warning) { warnings.push_back(warning); };
  EXPECT_EQ(evaluate_model({.model = run("named").string(), .data = data}, observer).outcomes.size(), 6U);
  EXPECT_THAT(warnings, testing::IsEmpty());
}

// Validation pictures that the run split off are found again.
TEST_P(OwnDataTest, ItsHeldOutPicturesAreEvaluated) {
  const OwnData whole{.train = pictures("all", 0, 6), .classes = classes()};
  graft::Run run = graft::Run::create(this->run("split"), {.data = whole, .recipe = recipe("finetune", 1)});
  const std::size_t held_out = run.data().val.samples.size();
  const TrainResult result = run.train();
  EXPECT_TRUE(run.data().split);
  const EvaluationReport report = evaluate_model({.model = this->run("split").string(), .data = whole});
  EXPECT_EQ(report.part, EvaluationPart::val);
  EXPECT_EQ(report.outcomes.size(), held_out);
  EXPECT_NEAR(report.metrics.front().value, result.best_value(), 1e-4);
  EXPECT_THAT(report.words, HasSubstr("that the run held out"));
}

TEST_P(OwnDataTest, IsAcceptedByEveryOperation) {
  const CheckReport checked = check_data_set(own(), {.few_pictures = 0});
  EXPECT_EQ(checked.pictures.size(), 18U);
  const Comparison comparison =
      compare_models({.data = own(), .candidates = {{"tiny_own", "none"}}, .recipe = recipe("probe", 0)});
  ASSERT_EQ(comparison.models.size(), 1U);
  EXPECT_EQ(comparison.models[0].problem, "");
  EXPECT_FALSE(search_lr({.data = own(), .recipe = recipe(), .options = {.steps = 16}}).points.empty());
  const Image batch = draw_data_sheet({.data = own(), .recipe = recipe(), .count = 4});
  EXPECT_GT(batch.width(), 0);

  graft::Run::create(run("a"), {.data = own(), .recipe = recipe("finetune", 1)}).train();
  const Image sheet = draw_prediction_sheet({.data = own(), .model = {run("a").string()}, .count = 4});
  EXPECT_GT(sheet.width(), 0);
  std::vector<std::string> names;
  PredictRequest request;
  request.model = {run("a").string()};
  request.own_pictures = pictures("new", 8, 1);
  request.explain = true;
  request.draw = true;
  predict_pictures(request, {}, [&](const PictureAnswer& answer) {
    names.push_back(answer.prediction.path);
    EXPECT_TRUE(answer.explained);
    EXPECT_EQ(answer.seen->height(), 16);
  });
  EXPECT_THAT(names, ElementsAre("new 8-0", "new 8-1", "new 8-2"));
  request.pictures = {"a.jpg"};
  EXPECT_THAT(test::error_of([&] { predict_pictures(request, {}, [](const PictureAnswer&) {}); }),
              HasSubstr("`own_pictures`: and `pictures` exclude each other"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, OwnDataTest,
                         ::testing::Values(LabelKind::single, LabelKind::multi, LabelKind::number),
                         [](const auto& kind) { return std::string(to_string(kind.param)); });

}  // namespace
}  // namespace graft
