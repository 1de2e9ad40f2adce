// open_data_set and open_evaluation_folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "graft/core/error.h"
#include "graft/data/folder.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Writes `count` empty pictures into each folder.
void fill(const TemporaryFolder& root, const std::vector<std::string>& folders, int count = 3) {
  for (const std::string& folder : folders) {
    for (int i = 0; i < count; ++i) root.write(folder + "/" + std::to_string(i) + ".jpg", "");
  }
}

std::string open_message(const fs::path& root) {
  return test::error_of([&] { open_data_set(root); });
}

TEST(OpenDataSet, ReadsTrainAndVal) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b"}, 3);
  fill(root, {"val/a", "val/b"}, 2);
  const TrainingData data = open_data_set(root.path());
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(3, 3));
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(2, 2));
  EXPECT_EQ(data.val.classes, data.train.classes);
  EXPECT_FALSE(data.split);
  EXPECT_THAT(data.warnings, IsEmpty());
}

TEST(OpenDataSet, AClassMissingOrEmptyInValDoesNotShiftLabels) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "train/c", "val/c"});
  fs::create_directory(root.path() / "val/b");
  const TrainingData data = open_data_set(root.path());
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(0, 0, 3));
  EXPECT_EQ(data.val.samples.front().label, 2);
  EXPECT_THAT(data.warnings, ElementsAre((root.path() / "val").string() + ": no pictures of \"a\", \"b\""));
}

TEST(OpenDataSet, AClassInValThatTrainLacksIsAnError) {
  const TemporaryFolder root;
  fill(root, {"train/ants", "train/bees", "val/ants", "val/been"});
  EXPECT_EQ(open_message(root.path()),
            (root.path() / "val/been").string() + ": train/ has no class \"been\"; did you mean \"bees\"?");
}

// A part that was copied from macOS.
TEST(OpenDataSet, AClassInAnotherUnicodeFormIsNamed) {
  const TemporaryFolder root;
  fill(root, {"train/caf\u00e9", "train/bees", "val/cafe\u0301"});
  EXPECT_THAT(open_message(root.path()),
              HasSubstr("train/ has no class \"cafe\u0301\"; it has \"caf\\u00e9\", and this is "
                        "\"cafe\\u0301\": the same letters"));
}

TEST(OpenDataSet, InsufficientDataIsAnErrorWithAdvice) {
  const TemporaryFolder root;
  const std::string base = root.path().string();
  EXPECT_EQ(open_message(root.path() / "missing"),
            base + "/missing: there is no such folder; check the path");
  root.write("file", "");
  EXPECT_THAT(open_message(root.path() / "file"), HasSubstr("/file: is not a folder;"));
  fs::create_directories(root.path() / "none");
  EXPECT_THAT(open_message(root.path() / "none"),
              HasSubstr("/none: holds no class folders; put the pictures"));
  fill(root, {"one/a"});
  EXPECT_THAT(open_message(root.path() / "one"), HasSubstr("/one: holds one class only, \"a\"; put"));
  fill(root, {"no-val-pictures/train/a", "no-val-pictures/train/b"});
  fs::create_directories(root.path() / "no-val-pictures/val/a");
  EXPECT_THAT(open_message(root.path() / "no-val-pictures"),
              HasSubstr("/val: holds no pictures in class folders;"));
  fill(root, {"val-alone/val/a"});
  EXPECT_THAT(open_message(root.path() / "val-alone"), HasSubstr("/val-alone: holds val/ but no train/;"));
  fs::create_directories(root.path() / "train-empty/train");
  EXPECT_THAT(open_message(root.path() / "train-empty"),
              HasSubstr("/train-empty/train: holds no class folders;"));
}

TEST(OpenDataSet, IntermediateFoldersAreSkippedWithAWarning) {
  for (const std::string above : {"inner", "images"}) {
    for (const std::string between : {"", "/images"}) {
      const TemporaryFolder root;
      fill(root, {above + "/train" + between + "/a", above + "/train" + between + "/b",
                  above + "/val" + between + "/a"});
      const TrainingData data = open_data_set(root.path());
      EXPECT_THAT(data.train.classes, ElementsAre("a", "b"));
      EXPECT_THAT(data.val.count_per_class(), ElementsAre(3, 0));
      EXPECT_THAT(data.warnings, testing::Contains(HasSubstr(": its pictures are read from " +
                                                             (root.path() / above).string())));
    }
  }
}

TEST(OpenDataSet, PartsUnderOtherNamesAreNeverClasses) {
  for (const auto& [train, val] :
       {std::pair("Train", "Val"), std::pair("training", "validation"), std::pair("train", "valid"),
        std::pair("TRAIN", "Validation"), std::pair("train", "eval"), std::pair("训练", "验证")}) {
    const TemporaryFolder root;
    fill(root, {train + std::string("/a"), train + std::string("/b")}, 3);
    fill(root, {val + std::string("/a"), val + std::string("/b")}, 2);
    const TrainingData data = open_data_set(root.path());
    EXPECT_THAT(data.train.count_per_class(), ElementsAre(3, 3));
    EXPECT_THAT(data.val.count_per_class(), ElementsAre(2, 2));
    EXPECT_THAT(data.warnings, testing::Contains(HasSubstr(std::string(val) + ": read as val/")));
  }
  const TemporaryFolder flat;
  fill(flat, {"training", "validation"});
  EXPECT_THAT(open_message(flat.path()), HasSubstr("/training: holds 3 pictures and no class folders"));
}

TEST(OpenDataSet, TwoFoldersForOnePartAreAnError) {
  for (const auto& [part, one, other] :
       {std::tuple("val", "valid", "validation"), std::tuple("val", "val", "validation"),
        std::tuple("train", "train", "Train"), std::tuple("test", "test", "testing")}) {
    const TemporaryFolder root;
    fill(root, {"train/a", "train/b", "val/a", one + std::string("/a"), other + std::string("/a")});
    if (one == std::string("valid")) fs::remove_all(root.path() / "val");
    EXPECT_EQ(open_message(root.path()),
              root.path().string() + ": holds " + one + "/ and " + other + "/, either of which may be its " +
                  part + "/; keep the intended one and move the other out of this folder");
    fs::remove_all(root.path() / other);
    EXPECT_EQ(open_message(root.path()), "");
  }
}

TEST(OpenDataSet, AFolderWithoutClassFoldersIsNoCandidateForAPart) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val", "valid/a", "valid/b"});
  const TrainingData data = open_data_set(root.path());
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(3, 3));
  EXPECT_THAT(data.warnings, testing::UnorderedElementsAre(
                                 HasSubstr("/valid: read as val/"),
                                 HasSubstr("/val: not used; pictures are read from train/ and valid/")));
}

TEST(OpenDataSet, DatasetsAreNotClasses) {
  const TemporaryFolder root;
  fill(root, {"first/train/a", "first/val/a", "second/train/a", "second/val/a"});
  EXPECT_THAT(open_message(root.path()), HasSubstr("its folder first/ holds train/ and val/; name "));
  const TemporaryFolder undivided;
  fill(undivided, {"first/Train/a", "first/Train/b", "second/Train/a", "second/Train/b"});
  EXPECT_THAT(open_message(undivided.path()), HasSubstr("its folder first/ holds Train/; name "));
}

TEST(OpenDataSet, ClassesThatAreDividedIntoPartsAreRefused) {
  const TemporaryFolder root;
  fill(root, {"ants/Train", "ants/val", "ants/test", "bees/Train", "bees/val", "bees/test"});
  EXPECT_EQ(
      open_message(root.path()),
      root.path().string() +
          ": is divided into parts inside its class folders: ants/ holds Train/, val/ and test/; move "
          "ants/Train to train/ants, ants/val to val/ants, ants/test to test/ants, and likewise for the "
          "other classes; or name a table path,label,split (.csv)");
  for (const char* part : {"train", "val", "test"}) fs::create_directory(root.path() / part);
  for (const std::string name : {"ants", "bees"}) {
    fs::rename(root.path() / name / "Train", root.path() / "train" / name);
    fs::rename(root.path() / name / "val", root.path() / "val" / name);
    fs::rename(root.path() / name / "test", root.path() / "test" / name);
  }
  EXPECT_THAT(open_data_set(root.path()).val.count_per_class(), ElementsAre(3, 3));
}

TEST(OpenDataSet, APartThatContainsPartsIsRefused) {
  const TemporaryFolder root;
  fill(root, {"train/train/a", "train/train/b", "train/val/a", "test"});
  EXPECT_THAT(open_message(root.path()),
              HasSubstr("/train: is a part of a dataset and holds train/ and val/; name "));
  EXPECT_EQ(open_message(root.path() / "train"), "");
  // Without class folders, the parts would be the classes.
  for (const char* other : {"val", "test"}) {
    const TemporaryFolder set;
    fill(set, {"train/train", std::string("train/") + other});
    EXPECT_THAT(open_message(set.path()), HasSubstr(std::string("its folders train/ and ") + other +
                                                    "/ look like parts of a dataset, not like classes"));
  }
}

TEST(OpenDataSet, PartsNamedByAWordAreRead) {
  for (const auto& [train, other] :
       {std::pair("training_set", "test_set"), std::pair("seg_train", "seg_test"), std::pair("trn", "tst"),
        std::pair("Train images", "Validation images"), std::pair("TrainSet", "TestSet"),
        std::pair("TrainingSet", "ValidationSet")}) {
    for (const bool is_nested : {false, true}) {
      const TemporaryFolder root;
      const std::string in_train = train + (is_nested ? std::string("/") + train : "");
      const std::string in_other = other + (is_nested ? std::string("/") + other : "");
      fill(root, {in_train + "/a", in_train + "/b"}, 5);
      fill(root, {in_other + "/a", in_other + "/b"}, 2);
      fill(root, {"seg_pred/seg_pred"});
      const TrainingData data = open_data_set(root.path());
      EXPECT_EQ(data.train.root, root.path() / in_train);
      const bool is_val = other[0] == 'V';
      EXPECT_EQ(data.split, !is_val);
      EXPECT_THAT(data.train.count_per_class(), is_val ? ElementsAre(5, 5) : ElementsAre(4, 4));
      EXPECT_EQ(data.val.root, root.path() / (is_val ? in_other : in_train));
      EXPECT_THAT(data.warnings, testing::Contains(HasSubstr("/seg_pred: not used; ")));
      EXPECT_THAT(data.warnings, testing::Contains(HasSubstr(std::string(train) + ": read as train/")));
      EXPECT_THAT(data.warnings, testing::Contains(HasSubstr(std::string(other) + ": read as " +
                                                             (is_val ? "val/" : "test/"))));
    }
  }
}

TEST(OpenDataSet, FoldersThatMayBePartsAreNotClasses) {
  using Folders = std::vector<std::string>;
  for (const Folders& folders :
       {Folders{"train_images", "test_images"},                              // pictures directly
        Folders{"train_a/a", "train_a/b", "train_b/a", "test_a/a"},          // two folders for a part
        Folders{"train_cars/a", "train_cars/b", "test_tubes/c"},             // no common class
        Folders{"train_yard/a", "train_yard/b", "test_track/a", "port/a"}})  // a class beside them
  {
    const TemporaryFolder root;
    fill(root, folders);
    EXPECT_THAT(open_message(root.path()),
                HasSubstr("look like parts of a dataset, not like classes; if they are parts, rename them "
                          "train/ and val/"));
  }
  const TemporaryFolder classes;
  fill(classes, {"train_station", "bus_station"});
  EXPECT_THAT(open_data_set(classes.path()).train.classes, ElementsAre("bus_station", "train_station"));
}

TEST(OpenDataSet, APartMayContainAFolderOfItsOwnName) {
  const TemporaryFolder root;
  fill(root, {"train/train/a", "train/train/b", "val/val/a", "val/val/b"});
  const TrainingData data = open_data_set(root.path());
  EXPECT_THAT(data.train.classes, ElementsAre("a", "b"));
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(3, 3));
  EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("/train: its pictures are read from "),
                                         HasSubstr("/val: its pictures are read from ")));
}

TEST(OpenDataSet, DataForObjectDetectionAreRefused) {
  struct Case {
    std::vector<std::string> pictures;
    std::string annotations, message;
  };
  for (const auto& [pictures, annotations, message] :
       {Case{{"images/train", "images/val"},
             "labels/train/0.txt",
             ": holds pictures in images/ and files of "
             "annotations in labels/ (0.txt)"},
        Case{{"train/images", "val/images"}, "train/labels/0.txt", "/train: holds pictures in images/"},
        Case{{"yolo/images"}, "yolo/labels/0.txt", "/yolo: holds pictures in images/"},
        Case{{"images/train2017"}, "annotations/instances.json", ": holds pictures in images/"},
        Case{{"train2017", "val2017"}, "annotations/instances.json", ": holds pictures in train2017/"},
        Case{{"VOC/JPEGImages"}, "VOC/Annotations/0.xml", "/VOC: holds pictures in JPEGImages/"}}) {
    const TemporaryFolder root;
    fill(root, pictures);
    root.write(annotations, "");
    const std::string found = open_message(root.path());
    EXPECT_THAT(found, HasSubstr(root.path().string() + message));
    EXPECT_THAT(found, HasSubstr("as for object detection (YOLO, COCO, Pascal VOC)"));
    EXPECT_THAT(found, HasSubstr("copy the pictures into a new folder with one sub-folder per class, or name "
                                 "a table path,label (.csv)"));
  }
  const TemporaryFolder classes;
  fill(classes, {"images", "labels"});
  classes.write("labels/0.txt", "");
  EXPECT_THAT(open_data_set(classes.path()).train.classes, ElementsAre("images", "labels"));
  const TemporaryFolder divided;
  fill(divided, {"images/train/a", "images/train/b", "images/val/a"});
  divided.write("labels/0.txt", "");
  EXPECT_EQ(open_message(divided.path()), "");
}

// A part of the dataset, or a copy, beside the classes.
TEST(OpenDataSet, FoldersThatRepeatTheClassesAreNotClasses) {
  for (const char* part : {"Val", "test", "holdout", "images"}) {
    for (const std::string between : {"", "train/"}) {
      const TemporaryFolder root;
      fill(root, {between + "a", between + "b", between + part + "/a", between + part + "/b"});
      if (!between.empty()) fill(root, {"val/a", "val/b"});
      EXPECT_THAT(open_message(root.path()), HasSubstr("its folder " + std::string(part) +
                                                       "/ holds a/, which is also a class folder beside it"))
          << between;
      if (between.empty()) continue;
      EXPECT_THAT(open_message(root.path()),
                  testing::EndsWith("/" + std::string(part) + " out of the dataset"));
    }
  }
  const TemporaryFolder nested;
  fill(nested, {"a/a", "a/extra", "b"});  // a class may contain a folder with its own name
  EXPECT_THAT(open_data_set(nested.path()).train.classes, ElementsAre("a", "b"));
}

TEST(OpenDataSet, ATestPartAloneIsEvaluatedAndNotTrainedOn) {
  const TemporaryFolder root;
  fill(root, {"test/a", "test/b"});
  std::vector<std::string> warnings;
  for (const EvaluationPart part : {EvaluationPart::automatic, EvaluationPart::test}) {
    const EvaluationFolder folder =
        open_evaluation_folder(root.path(), {"a", "b"}, warnings, LabelKind::automatic, part);
    EXPECT_EQ(folder.part, EvaluationPart::test);
    EXPECT_EQ(folder.samples.size(), 6U);
  }
  EXPECT_THAT(open_message(root.path()), HasSubstr("holds test/ but no train/"));
}

TEST(OpenDataSet, AClassNamedLikeAPartIsWarnedAbout) {
  const TemporaryFolder root;
  fill(root, {"a", "b", "test"});
  const TrainingData data = open_data_set(root.path());
  EXPECT_THAT(data.train.classes, ElementsAre("a", "b", "test"));
  EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("/test: is read as a class")));
}

TEST(OpenDataSet, ClassesThatHoldTheSameFoldersAreRefused) {
  const TemporaryFolder root;
  fill(root, {"fold1/a", "fold1/b", "fold2/a", "fold2/b"});
  EXPECT_THAT(
      open_message(root.path()),
      HasSubstr("each of its folders (fold1, fold2) holds the folders a, b, so either level may be the "
                "classes"));
  const TemporaryFolder other;
  fill(other, {"ants/red", "ants/black", "bees/wild", "bees/tame"});
  EXPECT_THAT(open_data_set(other.path()).warnings, IsEmpty());
}

TEST(OpenDataSet, AMistakenFolderGetsTheHint) {
  const TemporaryFolder high;
  fill(high, {"x/y/train/a", "x/y/train/b"});
  EXPECT_THAT(open_message(high.path()), HasSubstr("did you mean " + (high.path() / "x/y").string() + "?"));
  const TemporaryFolder imagenet;
  fill(imagenet, {"ILSVRC/Data/CLS-LOC/train/a", "ILSVRC/Data/CLS-LOC/train/b"});
  imagenet.write("ILSVRC/Annotations/CLS-LOC/train/a/1.xml", "");
  imagenet.write("ILSVRC/ImageSets/CLS-LOC/val.txt", "");
  EXPECT_THAT(open_message(imagenet.path()),
              HasSubstr("did you mean " + (imagenet.path() / "ILSVRC/Data/CLS-LOC").string() + "?"));
}

// The advice to name a table is given only if it can be read.
TEST(OpenDataSet, ATableBesideThePicturesIsNamed) {
  const std::string table = "path,label\n0.jpg,a\n1.jpg,b\n2.jpg,a\n3.jpg,b\n",
                    one_hot = "filename,a,b\n0.jpg,1,0\n";
  const TemporaryFolder flat;
  for (const char* picture : {"0.jpg", "1.jpg", "2.jpg", "3.jpg"}) {
    flat.write(picture, "");
    flat.write("below/images/" + std::string(picture), "");
  }
  flat.write("_classes.csv", one_hot);
  EXPECT_THAT(open_message(flat.path()), HasSubstr("holds one class only"));
  EXPECT_THAT(open_message(flat.path() / "below/images"),
              HasSubstr("or name their classes in a table path,label"));
  flat.write("below/images/_classes.csv", one_hot);
  EXPECT_THAT(open_message(flat.path() / "below/images"),
              HasSubstr("or name their classes in a table path,label"));
  flat.write("below/images/labels.csv", table);
  EXPECT_THAT(
      open_message(flat.path() / "below/images"),
      HasSubstr("or name the table of their labels: " + (flat.path() / "below/images/labels.csv").string()));
  flat.write("below/labels.csv",
             "path,label\nimages/0.jpg,a\nimages/1.jpg,b\nimages/2.jpg,a\nimages/3.jpg,b\n");
  EXPECT_THAT(open_message(flat.path() / "below"),
              HasSubstr("or name the table of their labels: " + (flat.path() / "below/labels.csv").string()));
}

TEST(OpenDataSet, ATestFolderWithoutClassesIsNotForEvaluation) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a", "val/b"}, 5);
  root.write("test/1.jpg", "");
  EXPECT_THAT(open_data_set(root.path()).warnings,
              ElementsAre(HasSubstr("/test: not used; it has no class folders")));
}

TEST(OpenDataSet, ATestFolderThatCannotBeMeasuredDoesNotStopTraining) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a", "val/b"}, 5);
  fill(root, {"test/a", "test/other"}, 1);
  const TrainingData data = open_data_set(root.path());
  EXPECT_TRUE(data.test.samples.empty());
  EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("/test: not used: ")));
  EXPECT_THAT(data.warnings[0], HasSubstr("other"));
}

TEST(OpenDataSet, TestIsNotTrainedOn) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a", "val/b"}, 5);
  fill(root, {"test/a", "test/b"}, 1);
  const TrainingData three = open_data_set(root.path());
  EXPECT_EQ(three.train.samples.size() + three.val.samples.size(), 20U);
  EXPECT_EQ(three.test.samples.size(), 2U);
  EXPECT_FALSE(three.test_split);
  EXPECT_TRUE(three.warnings.empty());
  std::vector<std::string> warnings;
  EXPECT_EQ(open_evaluation_folder(root.path(), {}, warnings).part, EvaluationPart::val);
  const auto test = open_evaluation_folder(root.path(), {}, warnings, {}, EvaluationPart::test);
  EXPECT_THAT(test.count_per_class(), ElementsAre(1, 1));
  const auto all = open_evaluation_folder(root.path(), {}, warnings, {}, EvaluationPart::all);
  EXPECT_THAT(all.count_per_class(), ElementsAre(11, 11));
  fs::remove_all(root.path() / "val");
  const TrainingData two = open_data_set(root.path());
  EXPECT_TRUE(two.split);
  EXPECT_THAT(two.val.count_per_class(), ElementsAre(1, 1));
  EXPECT_EQ(open_evaluation_folder(root.path(), {}, warnings).part, EvaluationPart::test);
}

TEST(OpenDataSet, OtherPathsAreNamed) {
  const TemporaryFolder root;
  EXPECT_THAT(open_message(root.write("a.tar", "")), HasSubstr("is an archive; unpack it"));
  EXPECT_THAT(open_message(root.write("a.jpg", "")), HasSubstr("is one picture; name the folder"));
  root.write("run/config.json", R"({"format": "graft-run"})");
  EXPECT_THAT(open_message(root.path() / "run"), HasSubstr("is a run, not a dataset"));
}

TEST(OpenDataSet, AnEmptyClassInTrainIsAnError) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a"});
  root.write("train/c/notes.txt", "");
  EXPECT_THAT(
      open_message(root.path()),
      HasSubstr("/train: holds no pictures of \"c\"; add some or remove the folder (a picture's name ends "
                "in .jpg .jpeg .png .ppm .bmp .pgm .tif .tiff .webp)"));
}

TEST(OpenDataSet, AClassOfBrokenLinksIsNamed) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a", "val/b"});
  root.write("train/c/notes.txt", "");
  fs::create_symlink("nowhere", root.path() / "train/c/x.jpg");
  EXPECT_THAT(open_message(root.path()),
              HasSubstr("/train: holds no pictures of \"c\" (" + (root.path() / "train/c/x.jpg").string() +
                        ": a broken link); add some"));
  fs::remove_all(root.path() / "train/c");
  for (const char* name : {"val/a", "val/b"}) {
    fs::remove_all(root.path() / name);
    fs::create_directory(root.path() / name);
  }
  fs::create_symlink("nowhere", root.path() / "val/b/x.jpg");
  EXPECT_THAT(open_message(root.path()), HasSubstr("val/b/x.jpg: a broken link"));
}

TEST(OpenDataSet, AClassNameThatIsNotUtf8IsAnError) {
  for (const char* name : {"\xff", "a\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe6\x97"}) {
    const TemporaryFolder root;
    fill(root, {"a", name});
    EXPECT_THAT(open_message(root.path()), HasSubstr("is not UTF-8; rename the folder"));
  }
  const TemporaryFolder root;
  fill(root, {"\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x90\x9d"});
  EXPECT_EQ(open_message(root.path()), "");
}

TEST(OpenDataSet, RunsAmongTheClassesAreIgnoredAndNamed) {
  const test::TemporaryFolder root;
  const std::string mark = "{\"format\": \"graft-run\"}";
  for (const char* name : {"a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg"}) root.write(name, "");
  for (const char* run : {"run", "runs/train", "runs/train2", "a/nested"}) {
    root.write(std::string(run) + "/config.json", mark);
    root.write(std::string(run) + "/batch.png", "");
  }
  const TrainingData data = open_data_set(root.path());
  EXPECT_THAT(data.train.classes, ElementsAre("a", "b"));
  EXPECT_EQ(data.train.samples.size() + data.val.samples.size(), 4U);
  ASSERT_EQ(data.warnings.size(), 1U);
  for (const char* run : {"/run", "/runs/train", "/runs/train2", "/a/nested"})
    EXPECT_THAT(data.warnings[0], HasSubstr(root.path().string() + run));
  std::vector<std::string> warnings;
  EXPECT_EQ(open_evaluation_folder(root.path(), {"a", "b"}, warnings).samples.size(), 4U);
}

TEST(OpenDataSet, IgnoredFilesAreAWarning) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a", "val/b"});
  root.write("train/a/notes.txt", "");
  const TrainingData data = open_data_set(root.path());
  ASSERT_EQ(data.warnings.size(), 1U);
  EXPECT_THAT(data.warnings[0],
              HasSubstr("1 file is ignored (" + (root.path() / "train/a/notes.txt").string() +
                        ": not a picture by its name)"));
}

TEST(OpenDataSet, TheWarningHasTheReasonOfTheFirstIgnoredFile) {
  const auto warning_of = [](const std::string& name) {
    const TemporaryFolder root;
    fill(root, {"train/a", "train/b", "val/a", "val/b"});
    root.write("train/" + name, "");
    const TrainingData data = open_data_set(root.path());
    return data.warnings.empty() ? "" : data.warnings[0];
  };
  EXPECT_THAT(warning_of("a/x.gif"), HasSubstr("a/x.gif: not a picture by its name)"));
  EXPECT_THAT(warning_of("a/.x.jpg"), HasSubstr("a/.x.jpg: hidden)"));
  EXPECT_THAT(warning_of("a/.old/x.jpg"), HasSubstr("a/.old/x.jpg: in a hidden folder)"));
  EXPECT_THAT(warning_of("x.jpg"), HasSubstr("train/x.jpg: in no class folder)"));
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "val/a", "val/b"});
  std::filesystem::create_symlink("nothing", root.path() / "train/a/-.jpg");
  root.write("train/a/x.gif", "");
  EXPECT_THAT(open_data_set(root.path()).warnings.at(0),
              testing::AllOf(HasSubstr("2 files are ignored ("), HasSubstr("a/-.jpg: a broken link; …)")));
}

TEST(OpenDataSet, SplitsClassFoldersWithoutVal) {
  const TemporaryFolder root;
  fill(root, {"a", "b"}, 10);
  DataOptions options;
  options.val_fraction = 0.3;
  const TrainingData data = open_data_set(root.path(), options);
  EXPECT_TRUE(data.split);
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(7, 7));
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(3, 3));
  EXPECT_EQ(data.val.root, root.path());
}

TEST(OpenDataSet, SplitsTrainAloneAndWarnsOfUnusedFolders) {
  const TemporaryFolder root;
  fill(root, {"train/a", "train/b", "more/a"}, 5);
  const TrainingData data = open_data_set(root.path());
  EXPECT_TRUE(data.split);
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(4, 4));
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(1, 1));
  EXPECT_THAT(data.warnings,
              ElementsAre(HasSubstr("/more: not used; pictures are read from train/, and validation pictures "
                                    "are split off them")));
  fill(root, {"val/a", "val/b"});
  EXPECT_THAT(open_data_set(root.path()).warnings,
              ElementsAre(HasSubstr("/more: not used; pictures are read from train/ and val/")));
}

TEST(OpenDataSet, AClassCalledTrainIsAClass) {
  const TemporaryFolder root;
  fill(root, {"train", "car"});
  EXPECT_THAT(open_data_set(root.path()).train.classes, ElementsAre("car", "train"));
}

TEST(OpenDataSet, ASplitNeedsPicturesToValidateOn) {
  const TemporaryFolder root;
  fill(root, {"a", "b"}, 1);
  EXPECT_THAT(open_message(root.path()), HasSubstr("has one picture per class"));
  fill(root, {"b"}, 4);
  EXPECT_THAT(open_data_set(root.path()).warnings,
              ElementsAre(HasSubstr(" (validation part): no pictures of \"a\"")));
}

TEST(OpenDataSet, OptionsOutOfRangeAreUsageErrors) {
  const TemporaryFolder root;
  fill(root, {"a", "b"});
  DataOptions options;
  options.val_fraction = 1;
  EXPECT_THROW(open_data_set(root.path(), options), UsageError);
}

TEST(OpenEvaluationFolder, UsesValOrTheFolderItself) {
  const TemporaryFolder root;
  fill(root, {"set/train/a", "set/val/b", "plain/a"});
  std::vector<std::string> warnings;
  EXPECT_THAT(open_evaluation_folder(root.path() / "set", {}, warnings).classes, ElementsAre("b"));
  EXPECT_THAT(open_evaluation_folder(root.path() / "plain", {}, warnings).classes, ElementsAre("a"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(OpenEvaluationFolder, LabelsFollowTheModelsClassesByName) {
  const TemporaryFolder root;
  fill(root, {"a", "c"}, 1);
  std::vector<std::string> warnings;
  const Folder folder = open_evaluation_folder(root.path(), {"c", "b", "a"}, warnings);
  EXPECT_THAT(folder.count_per_class(), ElementsAre(1, 0, 1));
  EXPECT_EQ(folder.samples.front().label, 0);
  EXPECT_THAT(folder.samples.front().path, HasSubstr("/c/"));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr(": no pictures of \"b\"")));
}

TEST(OpenEvaluationFolder, AnUnknownClassIsAnError) {
  const TemporaryFolder root;
  fill(root, {"ants", "wasps"}, 1);
  std::vector<std::string> warnings;
  const auto open = [&](const fs::path& path, const std::vector<std::string>& classes) {
    return test::error_of([&] { open_evaluation_folder(path, classes, warnings); });
  };
  EXPECT_EQ(
      open(root.path(), {"ants", "bees"}),
      (root.path() / "wasps").string() + ": the model has no class \"wasps\"; rename or remove the folder");
  EXPECT_THAT(open(root.path() / "ants", {}), HasSubstr("/ants: holds 1 picture and no class folders;"));
  EXPECT_THAT(open(root.path() / "missing", {}), HasSubstr("there is no such folder"));
  fill(root, {"set/train/ants"});
  EXPECT_THAT(open(root.path() / "set", {"ants"}), HasSubstr("/set: holds train/ but no val/;"));
}

}  // namespace
}  // namespace graft
