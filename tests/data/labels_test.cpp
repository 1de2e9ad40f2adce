// Tables of labels: open_data_set and open_evaluation_folder with a .csv file.
#include "graft/data/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>

#include "graft/core/error.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class LabelTables : public ::testing::Test {
 protected:
  // Pictures 0.jpg … 9.jpg, empty.
  LabelTables() {
    for (int i = 0; i < 10; ++i) folder_.write(std::to_string(i) + ".jpg", "");
  }
  fs::path table(const std::string& text) const { return folder_.write("labels.csv", text); }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  // The message without the folder.
  std::string message_of(const std::string& text) const {
    const std::string message = test::error_of([&] { open_data_set(table(text)); });
    const std::string before = folder_.path().string() + "/";
    return message.starts_with(before) ? message.substr(before.size()) : message;
  }

  test::TemporaryFolder folder_;
};

std::vector<std::string> names_of(const Folder& folder) {
  std::vector<std::string> names;
  for (const Sample& sample : folder.samples) {
    names.push_back(fs::path(sample.path).filename().string() + " " +
                    folder.classes[static_cast<std::size_t>(sample.label)]);
  }
  return names;
}

TEST_F(LabelTables, TheSplitColumnMakesTheParts) {
  const TrainingData data = open_data_set(
      table("split,label,who,path\nval,b,x,3.jpg\ntrain,b,y,1.jpg\ntrain,a,z,2.jpg\nval,b,,0.jpg\n"));
  EXPECT_THAT(data.train.classes, ElementsAre("a", "b"));
  EXPECT_THAT(names_of(data.train), ElementsAre("2.jpg a", "1.jpg b"));
  EXPECT_THAT(names_of(data.val), ElementsAre("0.jpg b", "3.jpg b"));
  EXPECT_EQ(data.train.samples.front().path, path("2.jpg"));
  EXPECT_FALSE(data.split);
  EXPECT_THAT(data.warnings, ElementsAre(path("labels.csv") + " (validation part): no pictures of \"a\""));
}

TEST_F(LabelTables, WithoutItTheSplitIsThatOfTheSameFolders) {
  std::string rows = "path,label\n";
  for (const char* name : {"b", "a"}) {
    for (int i = 29; i >= 0; --i) {
      const std::string picture = std::string(name) + "/" + std::to_string(i) + ".jpg";
      folder_.write("tree/" + picture, "");
      rows += picture + "," + name + "\n";
    }
  }
  const TrainingData of_table = open_data_set(folder_.write("tree/labels.csv", rows));
  const TrainingData of_folders = open_data_set(folder_.path() / "tree");
  EXPECT_TRUE(of_table.split);
  EXPECT_EQ(names_of(of_table.val), names_of(of_folders.val));
  EXPECT_EQ(names_of(of_table.train), names_of(of_folders.train));
  EXPECT_EQ(of_table.val.samples.size(), 12U);
}

TEST_F(LabelTables, PathsMayBeAbsoluteOrLeadOutOfTheFolder) {
  const test::TemporaryFolder other;
  const std::string far = other.write("far.jpg", "").string();
  const TrainingData data = open_data_set(
      folder_.write("sub/t.CSV", "path,label\n../1.jpg,a\n" + far + ",a\n../2.jpg,b\n../3.jpg,b\n"));
  EXPECT_EQ(data.train.samples.size() + data.val.samples.size(), 4U);
}

// Names below the table decide the split, by which an evaluation recognises a run's own data.
TEST_F(LabelTables, WholePathsBelowATableNamedFromTheCurrentFolderAreThoseOfTheOtherRows) {
  std::string rows = "path,label\n";
  for (int i = 0; i < 10; ++i) rows += path(std::to_string(i) + ".jpg") + (i % 2 == 0 ? ",a\n" : ",b\n");
  const TrainingData whole = open_data_set(table(rows));
  const fs::path near = fs::relative(table(rows));
  const TrainingData relative = open_data_set(near);
  EXPECT_EQ(relative.train.samples.front().path,
            (near.parent_path() / fs::path(whole.train.samples.front().path).filename()).string());
  EXPECT_EQ(names_of(relative.train), names_of(whole.train));
  EXPECT_EQ(names_of(relative.val), names_of(whole.val));
}

TEST_F(LabelTables, SpreadsheetsOutputIsRead) {
  folder_.write("a, \"b\".jpg", "");
  const TrainingData data =
      open_data_set(table("\xEF\xBB\xBFpath,label\r\n\"a, \"\"b\"\".jpg\",\"x, y\"\r\n"
                          "1.jpg,\"x, y\"\r\n2.jpg,ü\r\n3.jpg,ü\r\n\r\n"));
  EXPECT_THAT(data.train.classes, ElementsAre("x, y", "ü"));
}

TEST_F(LabelTables, AnErrorNamesTheLine) {
  EXPECT_EQ(message_of("path,label\n1.jpg,a\n2.jpg,\n"),
            "labels.csv:3: the label is empty; fill it in or remove the row");
  EXPECT_THAT(message_of("path,label\n,a\n"), StartsWith("labels.csv:2: the path is empty;"));
  EXPECT_THAT(message_of("path,label\n1.jpg\n"),
              StartsWith("labels.csv:2: ends before the column \"label\";"));
  EXPECT_THAT(message_of("path,label\n1.jpg,\"a\nb\"\n"),
              StartsWith("labels.csv:2: the label holds a line end"));
  EXPECT_EQ(message_of("path,label,split\n1.jpg,bees, wild,train\n"),
            "labels.csv:2: has 4 fields, and the header has 3; put a field that holds a comma in quotes");
  EXPECT_THAT(message_of("path,label\n1.jpg,\xFF\n"), StartsWith("labels.csv:2: the label is not UTF-8;"));
  EXPECT_THAT(message_of("path,label,split\n1.jpg,a,tset\n"),
              StartsWith("labels.csv:2: the split \"tset\" is not train, val or test;"));
  EXPECT_THAT(message_of("path,label,split\n1.jpg,a,train\n2.jpg,bee,train\n3.jpg,been,val\n"),
              StartsWith("labels.csv:4: train has no class \"been\"; did you mean \"bee\"?"));
}

TEST_F(LabelTables, AnInvalidHeaderIsAnError) {
  EXPECT_THAT(message_of(""), StartsWith("labels.csv: is empty;"));
  EXPECT_THAT(message_of("\xEF\xBB\xBF"), StartsWith("labels.csv: is empty;"));
  EXPECT_THAT(message_of("1.jpg,a\n2.jpg,b\n"), StartsWith("labels.csv:1: has no column \"path\", but "));
  EXPECT_THAT(message_of("path,ants,bees\n"),
              StartsWith("labels.csv:1: has no column \"label\", but \"path\", \"ants\", \"bees\"; write"));
  EXPECT_THAT(message_of("file,image,label\n"),
              StartsWith("labels.csv:1: the columns \"file\" and \"image\" may both be the path;"));
  EXPECT_THAT(message_of("path,label,path\n"), StartsWith("labels.csv:1: has two columns \"path\""));
  EXPECT_THAT(message_of("path,label\n"), StartsWith("labels.csv: names no pictures;"));
  EXPECT_THAT(message_of("\xFF\xFEp\0a\0"s), StartsWith("labels.csv: is UTF-16"));
  EXPECT_THAT(message_of("path,label\n1.jpg,\"a\n"), StartsWith("labels.csv:2: opens a quote"));
}

TEST_F(LabelTables, OnePictureHasOneLabelAndOnePart) {
  EXPECT_EQ(message_of("path,label\n1.jpg,a\n2.jpg,b\n./1.jpg,b\n"),
            "labels.csv:4: " + path("./1.jpg") +
                " is \"b\" here and \"a\" in line 2; keep one of the rows, or name both classes with \"|\" "
                "between them");
  // Also if the table has a relative path and the picture an absolute one.
  const auto relative = fs::proximate(table("path,label\n1.jpg,a\n2.jpg,b\n" + path("1.jpg") + ",b\n"));
  EXPECT_THAT(test::error_of([&] { open_data_set(relative); }),
              HasSubstr("1.jpg is \"b\" here and \"a\" in line 2"));
  EXPECT_THAT(message_of("path,label,split\n1.jpg,a,train\n1.jpg,a,val\n"),
              HasSubstr("is in val and in train (line 2)"));
  fs::create_symlink("1.jpg", path("link.jpg"));
  EXPECT_EQ(message_of("path,label,split\n1.jpg,a,train\nlink.jpg,a,val\n"),
            "labels.csv:3: " + path("link.jpg") + ", the same file as " + path("1.jpg") +
                ", is in val and in train (line 2); keep one of the rows");
  const TrainingData data =
      open_data_set(table("path,label\n1.jpg,a\n2.jpg,b\n3.jpg,a\n4.jpg,b\n2.jpg,b\n1.jpg,a\n"));
  EXPECT_EQ(data.train.samples.size() + data.val.samples.size(), 4U);
  EXPECT_THAT(data.warnings, ElementsAre(path("labels.csv") + ": 2 rows repeat an earlier one (line 6, …)"));
}

TEST_F(LabelTables, MissingPicturesAreOneError) {
  ASSERT_EQ(::mkfifo(path("pipe.jpg").c_str(), 0600), 0);
  fs::create_directory(folder_.path() / "folder.jpg");
  EXPECT_EQ(message_of("path,label\n1.jpg,a\nx.jpg,a\npipe.jpg,b\nfolder.jpg,b\n"),
            "labels.csv: 3 of its pictures are missing: " + path("x.jpg") + " (line 3), " + path("pipe.jpg") +
                " (line 4), " + path("folder.jpg") +
                " (line 5, a folder); paths are relative to the table's folder");
  std::string many = "path,label\n";
  for (int i = 0; i < 1000; ++i) many += "none" + std::to_string(i) + ".jpg,a\n";
  EXPECT_THAT(message_of(many), HasSubstr("(line 6), … and 995 more;"));
}

TEST_F(LabelTables, InsufficientDataIsAnError) {
  EXPECT_THAT(message_of("path,label\n1.jpg,a\n2.jpg,a\n"),
              StartsWith("labels.csv: holds one class only, \"a\";"));
  EXPECT_THAT(message_of("path,label\n1.jpg,a\n2.jpg,b\n"),
              StartsWith("labels.csv: has one picture per class,"));
  EXPECT_THAT(message_of("path,label,split\n1.jpg,a,train\n2.jpg,b,train\n"),
              StartsWith("labels.csv: has one picture per class,"));
  EXPECT_EQ(message_of("path,label,split\n1.jpg,a,val\n2.jpg,b,test\n"),
            "labels.csv: no row has the split \"train\"; mark the rows to train on");
  EXPECT_THAT(test::error_of([&] { open_data_set(folder_.path() / "none.csv"); }),
              HasSubstr("none.csv: there is no such file; check the path"));
}

TEST_F(LabelTables, AFolderOfThatNameIsAFolder) {
  fs::create_directories(folder_.path() / "data.csv");
  EXPECT_FALSE(is_label_table(folder_.path() / "data.csv"));
  EXPECT_TRUE(is_label_table("missing.CSV"));
  EXPECT_FALSE(is_label_table(folder_.path()));
  EXPECT_FALSE(is_label_table("csv"));
}

TEST_F(LabelTables, EvaluationUsesTheValidationRowsOrAll) {
  std::vector<std::string> warnings;
  const fs::path both = table("path,label,split\n1.jpg,b,train\n2.jpg,b,val\n3.jpg,c,val\n");
  EXPECT_THAT(names_of(open_evaluation_folder(both, {"a", "b", "c"}, warnings)),
              ElementsAre("2.jpg b", "3.jpg c"));
  EXPECT_THAT(warnings, ElementsAre(path("labels.csv") + ": no pictures of \"a\""));
  warnings.clear();
  const Folder all = open_evaluation_folder(table("path,label\n2.jpg,c\n1.jpg,b\n"), {}, warnings);
  EXPECT_THAT(names_of(all), ElementsAre("1.jpg b", "2.jpg c"));
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_THAT(test::error_of([&] {
                open_evaluation_folder(table("path,label\n1.jpg,ant\n"), {"ants", "bees"}, warnings);
              }),
              HasSubstr("labels.csv:2: the model has no class \"ant\"; did you mean \"ants\"?"));
}

std::vector<std::string> labelled(const Folder& folder) {
  const auto labels = folder.label_names();
  std::vector<std::string> names;
  for (const Sample& sample : folder.samples) {
    names.push_back(fs::path(sample.path).filename().string() + " " +
                    labels[static_cast<std::size_t>(sample.label)]);
  }
  return names;
}

TEST_F(LabelTables, ABarMakesThemMultiLabel) {
  const TrainingData data = open_data_set(table(
      "path,label,split\n0.jpg,b|a,train\n1.jpg,c,train\n2.jpg,,train\n3.jpg,a|b,val\n4.jpg,c|a,val\n"));
  EXPECT_THAT(data.train.classes, ElementsAre("a", "b", "c"));
  EXPECT_THAT(labelled(data.train), testing::UnorderedElementsAre("0.jpg a|b", "1.jpg c", "2.jpg "));
  EXPECT_THAT(labelled(data.val), testing::UnorderedElementsAre("3.jpg a|b", "4.jpg a|c"));
  EXPECT_EQ(data.train.class_sets, data.val.class_sets);
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(1, 1, 1));
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(2, 1, 1));
}

TEST_F(LabelTables, TheKindOfLabelsCanBeSet) {
  const auto bars = table("path,label\n0.jpg,a|b\n1.jpg,c\n2.jpg,a|b\n3.jpg,c\n");
  EXPECT_THAT(open_data_set(bars, {.labels = LabelKind::single}).train.classes, ElementsAre("a|b", "c"));
  const auto plain = table("path,label\n0.jpg,a\n1.jpg,b\n2.jpg,a\n3.jpg,b\n");
  EXPECT_EQ(open_data_set(plain).train.kind(), LabelKind::single);
  EXPECT_EQ(open_data_set(plain, {.labels = LabelKind::multi}).train.kind(), LabelKind::multi);
}

TEST_F(LabelTables, MultiLabelSplitsKeepEveryClassInTraining) {
  const TrainingData data = open_data_set(table(
      "path,label\n0.jpg,a|b\n1.jpg,a|b\n2.jpg,a|b\n3.jpg,a|b\n4.jpg,a|b\n5.jpg,c\n6.jpg,a|c\n7.jpg,\n"));
  EXPECT_TRUE(data.split);
  EXPECT_THAT(labelled(data.val), ElementsAre(testing::EndsWith(" a|b")));
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(5, 4, 2));
}

TEST_F(LabelTables, WrongMultiLabelRowsAreNamed) {
  for (const char* label : {"a||b", "a|b|", "|a", "a| |b"}) {
    EXPECT_EQ(message_of("path,label\n0.jpg,a|b\n1.jpg," + std::string(label) + "\n"),
              "labels.csv:3: the label \"" + std::string(label) +
                  "\" has an empty class before or after a \"|\"; remove the superfluous \"|\"");
  }
  EXPECT_THAT(message_of("path,label\n0.jpg,a|b\n0.jpg,a\n"),
              HasSubstr("is \"a\" here and \"a|b\" in line 2"));
}

// The order of the classes in a label is irrelevant.
TEST_F(LabelTables, OneSetInTwoOrdersIsOneLabel) {
  const TrainingData data =
      open_data_set(table("path,label\n0.jpg,a|b\n1.jpg,b|a|b\n2.jpg,a|b\n0.jpg,b|a\n"));
  EXPECT_EQ(data.train.class_sets, (ClassSets{{0, 1}}));
  EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("1 row repeats")));
}

TEST_F(LabelTables, EvaluationFollowsTheModelsClasses) {
  std::vector<std::string> warnings;
  const auto bars = table("path,label\n0.jpg,a|b\n1.jpg,c\n");
  const Folder folder = open_evaluation_folder(bars, {"c", "b", "a"}, warnings, LabelKind::multi);
  EXPECT_THAT(labelled(folder), testing::UnorderedElementsAre("0.jpg b|a", "1.jpg c"));
  EXPECT_THAT(test::error_of([&] {
                open_evaluation_folder(bars, {"a", "b"}, warnings, LabelKind::multi);
              }),
              HasSubstr("labels.csv:3: the model has no class \"c\""));
}

TEST_F(LabelTables, OtherSeparatorsOfClassesAreWarnedAbout) {
  for (const char* both : {"ants;wild", "\"ants, wild\"", "ants/wild"}) {
    const TrainingData data = open_data_set(
        table(("path,label\n0.jpg,ants\n1.jpg," + std::string(both) + "\n2.jpg,ants\n3.jpg," + both + "\n")
                  .c_str()));
    EXPECT_EQ(data.train.classes.size(), 2U);
    EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("put \"|\" between classes")));
  }
  EXPECT_TRUE(open_data_set(table("path,label\n0.jpg,a;b\n1.jpg,c\n2.jpg,a;b\n3.jpg,c\n")).warnings.empty());
}

// A table with several classes per picture, evaluated with a model of one class per picture.
TEST_F(LabelTables, BarsAreRefusedForSingleLabels) {
  std::vector<std::string> warnings;
  const auto said = [&](const char* text) {
    return test::error_of([&] {
      open_evaluation_folder(table(text), {"a", "b"}, warnings, LabelKind::single);
    });
  };
  EXPECT_THAT(said("path,label\n0.jpg,a|b\n1.jpg,\n"), HasSubstr("each picture must have one class"));
  EXPECT_THAT(said("path,label\n0.jpg,a|b\n1.jpg,b\n"), HasSubstr("each picture must have one class"));
  EXPECT_THAT(said("path,label\n0.jpg,a\n1.jpg,\n"), HasSubstr("fill it in or remove the row"));
}

// Each of these is equivalent to plain commas and the standard names.
TEST_F(LabelTables, OtherProgramsTablesAreRead) {
  for (const std::string text :
       {"Path,LABEL,Split\n1.jpg,a,train\n2.jpg,b,train\n3.jpg,a,val\n",
        "path;label;split\n1.jpg;a;train\n2.jpg;b;train\n3.jpg;a;val\n",
        "path\tlabel\tsplit\n1.jpg\ta\ttrain\n2.jpg\tb\ttrain\n3.jpg\ta\tval\n",
        "sep=;\r\npath;label;split\r\n1.jpg;a;train\r\n2.jpg;b;train\r\n3.jpg;a;val\r\n",
        "# by hand, \"quoted\npath,label,split\n1.jpg,a,train\n2.jpg,b,train\n3.jpg,a,val\n",
        "path, label, split\n1.jpg, a, train\n2.jpg, b, train\n3.jpg, a, val\n",
        "filename,class,split\n1.jpg,a,Training\n2.jpg,b,TRAIN\n3.jpg,a,Validation\n",
        ",path,label,split\n0,1.jpg,a,train\n1,2.jpg,b,train\n2,3.jpg,a,valid\n",
        "path,label,is_valid\n1.jpg,a,False\n2.jpg,b,False\n3.jpg,a,True\n",
        "path,label,split\n1.jpg,a,train,\n2.jpg,b,train, \n3.jpg,a,val,,\n",
        "path,label,split\n.\\1.jpg,a,train\n.\\2.jpg,b,train\n.\\3.jpg,a,val\n"}) {
    const TrainingData data = open_data_set(table(text));
    EXPECT_THAT(names_of(data.train), ElementsAre("1.jpg a", "2.jpg b")) << text;
    EXPECT_THAT(names_of(data.val), ElementsAre("3.jpg a")) << text;
  }
}

TEST_F(LabelTables, InterpretationsAreWarnedAbout) {
  const auto said = [&](const std::string& text) { return open_data_set(table(text)).warnings; };
  EXPECT_THAT(
      said("image,target,subset\n1.jpg,a,x\n2.jpg,b,y\n3.jpg,a,z\n4.jpg,b,z\n"),
      ElementsAre(path("labels.csv") + ":1: path is read from the column \"image\", label is read from "
                                       "the column \"target\"",
                  HasSubstr("the column \"subset\" is not read; name it \"split\"")));
  EXPECT_THAT(said("path,label,kfold\n1.jpg,a,0\n2.jpg,b,1\n3.jpg,a,0\n4.jpg,b,1\n"),
              ElementsAre(HasSubstr("the column \"kfold\" is not read; name it \"split\"")));
  EXPECT_THAT(said("path,label\n1.jpg,a\n2.jpg, b\n3.jpg,a\xC2\xA0\n4.jpg,b\n"),
              ElementsAre(path("labels.csv") + ": blanks around 2 labels are removed (line 3, …)"));
  EXPECT_THAT(said("path,label\n1.jpg,a\n2.jpg,A\n3.jpg,a\n4.jpg,A\n"),
              ElementsAre(HasSubstr("\"A\" and \"a\" differ only in case")));
  EXPECT_THAT(said("path,label,is_train\n1.jpg,a,1\n2.jpg,b,1\n3.jpg,a,0\n4.jpg,b,0\n"),
              ElementsAre(HasSubstr("the column \"is_train\" is not read; name it \"split\"")));
  EXPECT_THAT(
      said("path,label\n1.jpg,a\n2.jpg,NaN\n3.jpg,a\n4.jpg,NaN\n"),
      ElementsAre(path("labels.csv") + ": the label \"NaN\" (line 3, …) is read as a class; remove the "
                                       "rows if it marks missing labels"));
}

TEST_F(LabelTables, TestRowsAreNotTrainedOnAndCanBeEvaluated) {
  const fs::path three =
      table("path,label,split\n1.jpg,a,train\n2.jpg,b,train\n3.jpg,a,val\n4.jpg,b,test\n5.jpg,c,test\n");
  const TrainingData data = open_data_set(three);
  EXPECT_THAT(data.train.classes, ElementsAre("a", "b"));
  EXPECT_EQ(data.train.samples.size() + data.val.samples.size(), 3U);
  EXPECT_THAT(data.warnings,
              testing::Contains(testing::AllOf(HasSubstr("the rows of the split \"test\" are not used: "),
                                               HasSubstr("labels.csv:6: train has no class \"c\""))));
  EXPECT_TRUE(data.test.samples.empty());
  std::vector<std::string> warnings;
  const auto part = [&](EvaluationPart asked) {
    return open_evaluation_folder(three, {"a", "b", "c"}, warnings, LabelKind::single, asked);
  };
  EXPECT_THAT(names_of(part(EvaluationPart::automatic)), ElementsAre("3.jpg a"));
  EXPECT_EQ(part(EvaluationPart::automatic).part, EvaluationPart::val);
  EXPECT_THAT(names_of(part(EvaluationPart::test)), ElementsAre("4.jpg b", "5.jpg c"));
  EXPECT_THAT(names_of(part(EvaluationPart::train)), ElementsAre("1.jpg a", "2.jpg b"));
  EXPECT_EQ(part(EvaluationPart::all).samples.size(), 5U);
}

// As for a folder of train/ and test/.
TEST_F(LabelTables, WithoutValidationRowsTheyAreSplitOffTheTrainingRows) {
  const std::string train =
      "path,label,split\n0.jpg,a,train\n1.jpg,b,train\n2.jpg,a,train\n3.jpg,b,train\n4.jpg,a,train\n";
  const fs::path with_test = table(train + "5.jpg,a,test\n6.jpg,b,test\n");
  const TrainingData data = open_data_set(with_test);
  EXPECT_TRUE(data.split);
  EXPECT_EQ(data.train.samples.size(), 3U);
  EXPECT_EQ(data.val.samples.size(), 2U);
  for (const Folder* part : {&data.train, &data.val}) {
    for (const Sample& sample : part->samples) EXPECT_LT(fs::path(sample.path).filename(), "5.jpg");
  }
  EXPECT_EQ(data.test.samples.size(), 2U);
  EXPECT_THAT(data.warnings, ElementsAre(path("labels.csv") +
                                         ": no row has the split \"val\"; validation pictures are split "
                                         "off those of \"train\""));
  std::vector<std::string> warnings;
  const auto evaluated = [&](EvaluationPart part) {
    return open_evaluation_folder(with_test, {"a", "b"}, warnings, LabelKind::single, part);
  };
  EXPECT_THAT(names_of(evaluated(EvaluationPart::test)), ElementsAre("5.jpg a", "6.jpg b"));
  EXPECT_EQ(evaluated(EvaluationPart::automatic).part, EvaluationPart::test);
  EXPECT_THAT(test::error_of([&] { evaluated(EvaluationPart::val); }),
              HasSubstr("no row has the split \"val\"; use another `split`"));

  const fs::path train_only = table(train);
  EXPECT_EQ(open_data_set(train_only).val.samples.size(), 2U);
  EXPECT_THAT(test::error_of([&] {
                open_evaluation_folder(train_only, {"a", "b"}, warnings);
              }),
              HasSubstr("all its rows have the split \"train\"; name a table of other pictures"));
}

TEST_F(LabelTables, AnUnusedSplitIsRecognisedByItsValues) {
  const auto said = [&](const std::string& name, const std::string& first, const std::string& second) {
    return open_data_set(table("path,label," + name + "\n0.jpg,a," + first + "\n1.jpg,b," + second +
                               "\n2.jpg,a,\n3.jpg,b," + first + "\n"))
        .warnings;
  };
  for (const char* name : {"data_split", "data set", "dataset", "type", "mode", "stage", "Train/Test"}) {
    EXPECT_THAT(
        said(name, "train", "Val"),
        ElementsAre(path("labels.csv") + ":1: the column \"" + name +
                    "\" is not read; name it \"split\" if it assigns pictures to train, val or test"));
  }
  EXPECT_THAT(said("type", "TESTING", " dev "), ElementsAre(HasSubstr("the column \"type\" is not read")));
  EXPECT_THAT(said("type", "train", "train"), ElementsAre(HasSubstr("the column \"type\" is not read")));
  EXPECT_THAT(said("type", "train", "tram"), IsEmpty());
  EXPECT_THAT(said("type", "", ""), IsEmpty());
}

TEST_F(LabelTables, AFlagThatContradictsTheSplitIsAnError) {
  const auto message = [&](const std::string& flag, const std::string& split, const std::string& value) {
    return message_of("path,label,split," + flag + "\n0.jpg,a,train,\n1.jpg,b,train,\n2.jpg,a," + split +
                      "," + value + "\n3.jpg,a,val,\n4.jpg,b,val,\n");
  };
  EXPECT_EQ(
      message("is_valid", "train", "True"),
      "labels.csv:4: \"is_valid\" is True, but \"split\" is train; correct the row, or remove the wrong "
      "column");
  for (const auto& [flag, split, value] :
       {std::array{"is_valid", "val", "0"}, std::array{"is_val", "train", "1"},
        std::array{"is_train", "train", "False"}, std::array{"Is_Train", "val", "true"},
        std::array{"is_train", "test", "1"}, std::array{"is_test", "train", "1"},
        std::array{"is_test", "test", "0"}})
    EXPECT_THAT(message(flag, split, value), StartsWith("labels.csv:4: ")) << flag << " " << split;
  for (const auto& [flag, split, value] :
       {std::array{"is_valid", "val", "1"}, std::array{"is_valid", "train", "False"},
        std::array{"is_valid", "test", "1"}, std::array{"is_valid", "test", "0"},
        std::array{"is_train", "val", "0"}, std::array{"is_test", "val", "false"},
        std::array{"is_train", "val", "maybe"}})
    EXPECT_EQ(message(flag, split, value), "") << flag << " " << split;
  // is_valid is the split if there is no other.
  EXPECT_THAT(message_of("path,label,is_valid,is_train\n0.jpg,a,0,1\n1.jpg,b,0,0\n"),
              StartsWith("labels.csv:3: \"is_train\" is 0, but \"is_valid\" is 0;"));
}

TEST_F(LabelTables, TheExactNamePrecedesOthers) {
  const auto said = [&](const std::string& header, const std::string& rows) {
    return open_data_set(table(header + "\n" + rows)).warnings;
  };
  const std::string start = path("labels.csv") + ":1: the column ";
  EXPECT_THAT(said("category,label,path", "x,a,0.jpg\nx,b,1.jpg\ny,a,2.jpg\ny,b,3.jpg\n"),
              ElementsAre(start + "\"category\" is not read; label is read from the column \"label\""));
  EXPECT_THAT(said("path,label,class", "0.jpg,a,a\n1.jpg,b,\n2.jpg,a, a\n3.jpg,b,b\n"), IsEmpty());
  EXPECT_THAT(said("path,filename,label", "0.jpg,9.jpg,a\n1.jpg,8.jpg,b\n2.jpg,7.jpg,a\n3.jpg,6.jpg,b\n"),
              ElementsAre(start + "\"filename\" is not read; path is read from the column \"path\""));
  EXPECT_THAT(said("path,image_id,file,label",
                   "./0.jpg,0,0.jpg,a\n1.jpg,1,x\\1.jpg,b\n2.jpg,2,/y/2.jpg,a\n3.jpg,3,3.JPG,b\n"),
              IsEmpty());
  EXPECT_THAT(
      said("path,label,split,subset",
           "0.jpg,a,train,val\n1.jpg,b,train,train\n2.jpg,a,val,val\n3.jpg,b,"
           "val,train\n"),
      ElementsAre(start + "\"subset\" is not read; the split is read from the column \"split\", which "
                          "assigns other parts"));
  EXPECT_THAT(said("path,label,split,subset",
                   "0.jpg,a,train,Train\n1.jpg,b,train,train\n2.jpg,a,val,valid\n"
                   "3.jpg,b,val,val\n"),
              IsEmpty());
}

TEST_F(LabelTables, ListsOfOtherProgramsAreWarnedAbout) {
  for (const std::string list : {"['ants', 'bees']", "['ants' 'bees']", "[\"\"ants\"\", \"\"bees\"\"]",
                                 "[ants, bees]", "{'ants', 'bees'}", "('ants', 'bees')"}) {
    const std::string rows = "path,label\n0.jpg,a\n1.jpg,\"" + list + "\"\n2.jpg,a\n3.jpg,\"" + list + "\"\n";
    for (const LabelKind kind : {LabelKind::automatic, LabelKind::multi}) {
      EXPECT_THAT(open_data_set(table(rows), {.labels = kind}).warnings,
                  ElementsAre(HasSubstr("(line 3) is read as one class; write ants|bees if it is a list of "
                                        "classes")))
          << list;
    }
  }
  EXPECT_THAT(message_of("path,label,split\n0.jpg,a,train\n1.jpg,b,train\n2.jpg,\"['a', 'b']\",val\n"),
              HasSubstr("train has no class \"['a', 'b']\"; write a|b if it is a list of classes"));
  for (const char* word : {"(ants)", "[]", "['']", "{x}", "[a", "it's"}) {
    EXPECT_EQ(list_as_bars(word), "");
  }
  // Also other separators, if the table is multi-label.
  EXPECT_THAT(open_data_set(table("path,label\n0.jpg,a\n1.jpg,a;b\n2.jpg,a\n3.jpg,a;b\n"),
                            {.labels = LabelKind::multi})
                  .warnings,
              ElementsAre(HasSubstr("\"a;b\" (line 3) is read as one class; put \"|\" between classes")));
}

// macOS writes é as two characters.
TEST_F(LabelTables, UnicodeFormsAreToldApart) {
  EXPECT_EQ(
      message_of("path,label,split\n0.jpg,caf\u00e9,train\n1.jpg,b,train\n2.jpg,cafe\u0301,val\n"),
      "labels.csv:4: train has no class \"cafe\u0301\"; it has \"caf\\u00e9\", and this is "
      "\"cafe\\u0301\": the same letters as composed and as decomposed characters; use one form for both");
  EXPECT_THAT(
      open_data_set(table("path,label\n0.jpg,caf\u00e9\n1.jpg,cafe\u0301\n2.jpg,caf\u00e9\n3.jpg,"
                          "cafe\u0301\n"))
          .warnings,
      ElementsAre(path("labels.csv") +
                  ": the classes \"cafe\\u0301\" and \"caf\\u00e9\" have the same letters, as composed "
                  "and as decomposed characters; they are two classes"));
  EXPECT_THAT(
      open_data_set(table("path,label\n0.jpg,caf\u00e9\n1.jpg,cafe\n2.jpg,caf\u00e9\n3.jpg,cafe\n")).warnings,
      IsEmpty());
  folder_.write("\u00e9.jpg", "");
  EXPECT_THAT(message_of("path,label\ne\u0301.jpg,a\n"),
              HasSubstr("the folder has \"\\u00e9.jpg\", and the table \"e\\u0301.jpg\""));
}

TEST_F(LabelTables, TheSeparatorOfATableOfNumbersIsFound) {
  const auto classes = [&](const std::string& text) {
    return open_data_set(table(text), {.labels = LabelKind::number}).train.classes;
  };
  EXPECT_THAT(classes("path;age\n0.jpg;1\n1.jpg;2\n2.jpg;3\n3.jpg;4\n"), ElementsAre("age"));
  EXPECT_THAT(classes("split\tage\tpath\ntrain\t1\t0.jpg\ntrain\t2\t1.jpg\nval\t3\t2.jpg\n"),
              ElementsAre("age"));
  EXPECT_THAT(message_of("path;tags\n1.jpg;red\n"), HasSubstr("name the column \"tags\" \"label\""));
}

TEST_F(LabelTables, MissingPicturesHaveAdvice) {
  const auto advice = [&](const std::string& picture) {
    const std::string message = message_of("path,label\n" + picture + ",a\n");
    return message.substr(message.find("; ") + 2);
  };
  EXPECT_THAT(advice("https://example.org/1.jpg"), StartsWith("write paths, not URLs"));
  EXPECT_THAT(advice("C:\\data\\x.jpg"), StartsWith("these are paths of a Windows machine"));
  EXPECT_THAT(advice("C:\\\\data\\\\x.jpg"), StartsWith("these are paths of a Windows machine"));
  EXPECT_THAT(advice("~/x.jpg"), StartsWith("\"~\" is not expanded"));
  EXPECT_THAT(advice("'1.jpg'"), StartsWith("quote fields by \""));
  EXPECT_EQ(advice("1"), "write the names with their ending, \"1.jpg\"");
}

TEST_F(LabelTables, NumbersAsClassesHaveAdvice) {
  EXPECT_THAT(message_of("path,label,split\n1.jpg,1.5,train\n2.jpg,2.5,train\n3.jpg,3.5,val\n"),
              AllOf(StartsWith("labels.csv:4: train has no class \"3.5\""), HasSubstr("`labels` number")));
  EXPECT_THAT(message_of("path,label,split\n1.jpg,10,train\n2.jpg,11,train\n3.jpg,12,val\n"),
              HasSubstr("`labels` number"));
  EXPECT_EQ(message_of("path,label\n1.jpg,10\n2.jpg,11\n3.jpg,12\n"),
            "labels.csv: the labels look like numbers, and no two pictures have the same; predict them with "
            "`labels` number");
  // Words are not numbers, and a request for classes is explicit.
  EXPECT_THAT(message_of("path,label,split\n1.jpg,1,train\n2.jpg,b,train\n3.jpg,c,val\n"),
              Not(HasSubstr("`labels` number")));
  DataOptions single;
  single.labels = LabelKind::single;
  EXPECT_THAT(test::error_of([&] {
                open_data_set(table("path,label,split\n1.jpg,10,train\n2.jpg,11,train\n3.jpg,12,val\n"),
                              single);
              }),
              Not(HasSubstr("`labels` number")));
}

TEST_F(LabelTables, ATableOfAnotherKindThanTheModelIsRefused) {
  std::vector<std::string> warnings;
  const auto evaluated = [&](const std::string& text, const std::vector<std::string>& classes,
                             LabelKind kind) {
    return test::error_of([&] { open_evaluation_folder(table(text), classes, warnings, kind); });
  };
  EXPECT_EQ(evaluated("path,label\n1.jpg,1.5\n2.jpg,2\n", {"ants", "bees"}, LabelKind::single),
            path("labels.csv") +
                ": its column \"label\" holds numbers, and the model predicts classes: ants, bees; name a "
                "table of these classes");
  EXPECT_THAT(evaluated("path,label\n1.jpg,1\n2.jpg,7\n", {"1", "2"}, LabelKind::single),
              HasSubstr("the model has no class \"7\""));
  EXPECT_EQ(evaluated("path,label\n1.jpg,ants\n2.jpg,bees\n", {"warmth"}, LabelKind::number),
            path("labels.csv") +
                ": its column \"label\" holds no numbers, but \"ants\", and the model predicts the number "
                "\"warmth\"; name a table with a column of numbers");
}

// Not "holds no numbers": the values are numbers in another notation.
TEST_F(LabelTables, NumbersInAnotherNotationAreShown) {
  DataOptions options;
  options.labels = LabelKind::number;
  for (const std::string label :
       {"\"12,5\"", "50%", "-3 kg", "+7€", "\",5\"", "1_000", "$5", "~5", "<5", "(5)", "\u22125", "€ 5"}) {
    const std::string bare = label.starts_with('"') ? label.substr(1, label.size() - 2) : label;
    EXPECT_THAT(test::error_of([&] {
                  open_data_set(table("path,label\n1.jpg," + label + "\n2.jpg," + label + "\n"), options);
                }),
                HasSubstr("labels.csv:2: the label \"" + bare + "\" is not a number; write it as 1234.5"));
  }
}

TEST_F(LabelTables, TheColumnOfANumberHasAName) {
  const auto trained = [&](const std::string& header) {
    DataOptions options;
    options.labels = LabelKind::number;
    return test::error_of(
        [&] { open_data_set(table(header + "\n1.jpg,1\n2.jpg,2\n3.jpg,3\n4.jpg,4\n"), options); });
  };
  EXPECT_THAT(trained("path, "), HasSubstr("has no column \"label\""));
  EXPECT_EQ(trained("path,age"), "");
  EXPECT_EQ(trained("path," + std::string(255, 'x')), "");
  EXPECT_EQ(trained("path," + std::string(300, 'x')),
            path("labels.csv") + ":1: the name of the column \"" + std::string(100, 'x') +
                "…\" has 300 bytes; give it a name of at most 255 bytes");
  EXPECT_THAT(trained("path,\xFF"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(trained("path,a\x01z"), HasSubstr("control character"));
  // The row numbers, which pandas writes without a name, are not candidates.
  DataOptions options;
  options.labels = LabelKind::number;
  const TrainingData data =
      open_data_set(table(",path,age\n0,1.jpg,10\n1,2.jpg,20\n2,3.jpg,30\n3,4.jpg,40\n"), options);
  EXPECT_THAT(data.train.classes, ElementsAre("age"));
}

// Also for graft check, which opens tables as training does.
TEST_F(LabelTables, NumbersThatFloat32CannotDistinguishAreRefused) {
  for (const char* unit : {"e300", "e-300", "e-320"}) {
    const std::string text = std::string("path,age\n1.jpg,1") + unit + "\n2.jpg,2" + unit + "\n3.jpg,3" +
                             unit + "\n4.jpg,4" + unit + "\n";
    EXPECT_THAT(test::error_of([&] { open_data_set(table(text), {.labels = LabelKind::number}); }),
                HasSubstr("labels.csv: the numbers are too large, too small or too near to each other"))
        << unit;
  }
}

TEST_F(LabelTables, AdviceOnTheLabelDependsOnTheColumns) {
  EXPECT_THAT(message_of("path,tags\n1.jpg,red\n2.jpg,blue\n"),
              AllOf(HasSubstr("name the column \"tags\" \"label\""), Not(HasSubstr("`labels`"))));
  EXPECT_THAT(message_of("path,age\n1.jpg,3.5\n"), HasSubstr("or predict its numbers with `labels` number"));
  const auto of_number = [&](const std::string& text) {
    return test::error_of([&] { open_data_set(table(text), {.labels = LabelKind::number}); });
  };
  EXPECT_THAT(of_number("path,age,height,who,split\n1.jpg,1,2.5,me,train\n"),
              HasSubstr("name the column of the number to predict \"label\": one of \"age\", \"height\""));
  EXPECT_THAT(of_number("path,who,where\n1.jpg,me,here\n"),
              HasSubstr("name the column of numbers \"label\""));
}

TEST_F(LabelTables, AModelOfANumberIsNotEvaluatedOnAnother) {
  const auto evaluate = [&](const std::string& header, const std::string& number) {
    std::vector<std::string> warnings;
    return test::error_of([&] {
      open_evaluation_folder(table(header + "\n1.jpg,1\n2.jpg,2\n"), {number}, warnings, LabelKind::number);
    });
  };
  EXPECT_THAT(evaluate("path,height", "age"),
              HasSubstr(":1: the model predicts \"age\", and the column of numbers is \"height\"; name it "
                        "\"age\" if it is the same number"));
  EXPECT_EQ(evaluate("path,age", "age"), "");
  EXPECT_EQ(evaluate("path,Age", "age"), "");
  EXPECT_EQ(evaluate("path,label", "age"), "");
  EXPECT_EQ(evaluate("path,height", "target"), "");
  EXPECT_EQ(evaluate("path,height", "output"), "");  // of plain weights
}

TEST_F(LabelTables, AHeaderWithoutAPathSaysWhatToChange) {
  EXPECT_THAT(message_of("path|label\n1.jpg|ants\n"),
              HasSubstr("separate the columns by commas, tabs or semicolons, not by \"|\""));
  EXPECT_THAT(message_of("path label\n1.jpg ants\n"), HasSubstr("not by blanks"));
  EXPECT_THAT(message_of("photo,label\n1.jpg,ants\n"),
              HasSubstr("rename the column of the pictures' paths to \"path\""));
  EXPECT_THAT(message_of("1.jpg,ants\n2.jpg,bees\n"), HasSubstr("begin it with the line path,label"));
}

}  // namespace
}  // namespace graft
