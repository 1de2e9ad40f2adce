#include "graft/session/check_with_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/feature_map.h"
#include "graft/session/run.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Finding* finding_named(const CheckReport& report, const std::string& name) {
  for (const Finding& finding : report.findings) {
    if (finding.name == name) return &finding;
  }
  return nullptr;
}

// Twelve blue and twelve red pictures, of which one red picture is labelled blue.
class CheckWithModelTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny-check"); }
  CheckWithModelTest() {
    test::write_pictures(pictures_, "", {"blue", "red"}, 12);
    pictures_.write("blue/odd.ppm", test::generated_picture(1, 40));
  }

  ModelCheckRequest request(const std::string& judge = "tiny-check") const {
    ModelCheckRequest request{pictures_.path().string(), {judge}};
    if (judge == "tiny-check") request.model.weights = "none";
    request.options.near = false;
    request.recipe.feature_cache = "off";
    request.recipe.loader.workers = 0;
    return request;
  }
  CheckReport check(const ModelCheckRequest& request) {
    return check_with_model(request, outputs_,
                            {{}, [this](const std::string& text) { warnings_.push_back(text); }});
  }
  std::string path(const char* name) const { return (out_.path() / name).string(); }

  test::TemporaryFolder pictures_, out_;
  OutputFiles outputs_;
  std::vector<std::string> warnings_;
};

TEST_F(CheckWithModelTest, FindsTheWrongLabelByHeadsOnTheFeaturesOfANetwork) {
  const CheckReport report = check(request());
  const Finding* wrong = finding_named(report, "wrong_labels");
  ASSERT_NE(wrong, nullptr);
  EXPECT_EQ(wrong->severity, Severity::note);
  ASSERT_EQ(wrong->items.size(), 1U);
  EXPECT_THAT(paths_of(wrong->items.front(), report), ElementsAre(EndsWith("blue/odd.ppm")));
  EXPECT_THAT(wrong->items.front().detail, HasSubstr("labelled \"blue\", probably \"red\""));
  EXPECT_THAT(report.label_judge, HasSubstr("features of tiny-check"));
  EXPECT_THAT(to_text(report), HasSubstr("labels judged by heads"));
  EXPECT_THAT(to_json(report), HasSubstr("\"labels_judged_by\":"));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(CheckWithModelTest, TheTableOfProposedLabelsIsADatasetAndTheSheetAPicture) {
  outputs_.add("csv", path("proposed.csv"), OutputType::table, {proposed_header});
  outputs_.add("grid", path("suspects.png"), OutputType::picture);
  check(request());
  const TrainingData data = open_data_set(path("proposed.csv"));
  EXPECT_EQ(data.train.count_per_class()[0] + data.val.count_per_class()[0], 12);
  EXPECT_EQ(data.train.count_per_class()[1] + data.val.count_per_class()[1], 13);
  EXPECT_THAT(data.warnings, IsEmpty());
  EXPECT_THAT(read_text(path("proposed.csv")), HasSubstr("/blue/odd.ppm,red,blue,0."));
  EXPECT_THAT(read_text(path("suspects.png")), HasSubstr("PNG"));
}

TEST_F(CheckWithModelTest, TheTableKeepsAValidationPartOfTheData) {
  const test::TemporaryFolder parts;
  test::write_data_set(parts);
  outputs_.add("csv", path("proposed.csv"), OutputType::table, {proposed_split_header, proposed_header});
  outputs_.add("grid", path("suspects.png"), OutputType::picture);
  ModelCheckRequest of_parts = request();
  of_parts.data = parts.path().string();
  EXPECT_EQ(finding_named(check(of_parts), "wrong_labels"), nullptr);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("no label is probably wrong")));
  EXPECT_FALSE(disk().info(path("suspects.png")));
  const TrainingData data = open_data_set(path("proposed.csv"));
  EXPECT_EQ(data.train.samples.size(), 24U);
  EXPECT_EQ(data.val.samples.size(), 12U);
  EXPECT_FALSE(data.split);
}

TEST_F(CheckWithModelTest, ACrossValidatedRunJudgesByWhatItRecorded) {
  TrainRequest training{pictures_.path().string()};
  training.recipe = preset("probe");
  training.recipe.model = "tiny-check";
  training.recipe.weights = "none";
  training.recipe.feature_cache = "off";
  training.recipe.loader.workers = 0;
  training.recipe.data.folds = 4;
  const std::string run = path("run");
  Run::create(run, training).train();
  const CheckReport report = check(request(run));
  EXPECT_EQ(report.label_judge, "the out-of-fold predictions of " + run);
  const Finding* wrong = finding_named(report, "wrong_labels");
  ASSERT_NE(wrong, nullptr);
  EXPECT_THAT(paths_of(wrong->items.front(), report), ElementsAre(EndsWith("blue/odd.ppm")));
  const std::string page = read_text(RunFolder(run).report());
  EXPECT_THAT(page, HasSubstr("<section id=\"wrong-labels\""));
  EXPECT_THAT(page, HasSubstr("1 of 25 labels are probably wrong"));

  EXPECT_EQ(read_feature_map(RunFolder(run).feature_map()).size(), 25U);
  EXPECT_THAT(page, HasSubstr("<section id=\"map\""));

  pictures_.write("red/late.ppm", test::generated_picture(1, 41));
  check(request(run));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("1 picture not judged")));

  ModelCheckRequest elsewhere = request(run);
  const test::TemporaryFolder others;
  test::write_pictures(others, "", {"blue", "red"}, 6);
  elsewhere.data = others.path().string();
  EXPECT_THAT(check(elsewhere).label_judge, HasSubstr("heads fitted to the features"));
}

TEST_F(CheckWithModelTest, NumbersAreNotJudged) {
  std::string table = "path,age\n";
  for (int i = 0; i < 12; ++i) table += "red/" + std::to_string(i) + ".ppm," + std::to_string(i) + ".5\n";
  ModelCheckRequest numbers = request();
  numbers.data = pictures_.write("ages.csv", table).string();
  numbers.options.data.labels = LabelKind::number;
  EXPECT_EQ(check(numbers).label_judge, "");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("numbers")));
  outputs_.add("csv", path("proposed.csv"), OutputType::table, {proposed_header});
  EXPECT_THAT(test::error_of([&] { check(numbers); }), HasSubstr("`csv`: needs classes"));
}

TEST_F(CheckWithModelTest, DataThatCannotBeTrainedOnAreCheckedWithoutTheModel) {
  const test::TemporaryFolder one_class;
  test::write_pictures(one_class, "", {"blue"}, 3);
  ModelCheckRequest refused = request();
  refused.data = one_class.path().string();
  const CheckReport report = check(refused);
  EXPECT_GT(report.count(Severity::problem), 0);
  EXPECT_EQ(report.label_judge, "");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("the model is not used")));
  EXPECT_THROW(check({pictures_.path().string(), {}}), UsageError);
}

}  // namespace
}  // namespace graft
