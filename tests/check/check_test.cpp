// Every finding on a dataset that has the problem, and none on a good one.
#include "graft/check/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/random.h"
#include "graft/image/codec.h"
#include "graft/image/resize.h"
#include "tests/data/pictures.h"
#include "tests/image/pixels.h"
#include "tests/support/error_of.h"
#include "tests/support/pass_through_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// A picture that is unlike all others: soft blotches drawn from `number`.
Image blotches(int number, int height = 240, int width = 250) {
  Image few(6, 6);
  Random random(1, static_cast<std::uint64_t>(number), 0);
  for (std::size_t i = 0; i < few.size_bytes(); ++i)
    few.data()[i] = static_cast<std::uint8_t>(random.below(256));
  return resize(few.view(), height, width, Interpolation::bicubic);
}

std::string picture(int number, int height = 240, int width = 250) {
  return test::ppm(blotches(number, height, width));
}

std::string text_of(const char* golden) {
  const auto bytes = test::golden_file(golden);
  return {bytes.begin(), bytes.end()};
}

class Check : public ::testing::Test {
 protected:
  // train/ and val/ with 10 and 2 pictures of each of two classes.
  Check() {
    int number = 0;
    for (const char* name : {"ants", "bees"}) {
      for (int i = 0; i < 10; ++i) write("train", name, i, number++);
      for (int i = 0; i < 2; ++i) write("val", name, i, number++);
    }
  }
  void write(const std::string& part, const std::string& name, int i, int number) const {
    folder_.write(part + "/" + name + "/" + std::to_string(i) + ".ppm", picture(number));
  }
  fs::path path(const std::string& name = "") const { return folder_.path() / name; }
  CheckReport check(const CheckOptions& options = {}) const { return check_data_set(path(), options); }

  // "name: train/a.ppm train/b.ppm detail", one for each item.
  std::vector<std::string> words_of(const CheckReport& report) const {
    std::vector<std::string> words;
    const std::string before = path().string();
    for (const Finding& finding : report.findings) {
      for (const FindingItem& item : finding.items) {
        std::string text = std::string(finding.name) + ":";
        for (const std::uint32_t i : item.pictures)
          text += " " + report.pictures[i].path.substr(before.size());
        if (!item.file.empty()) text += " " + item.file.substr(before.size());
        if (!item.detail.empty()) text += " " + item.detail;
        words.push_back(text);
      }
    }
    return words;
  }
  std::vector<std::string> findings(const CheckOptions& options = {}) const {
    return words_of(check(options));
  }

  test::TemporaryFolder folder_;
};

TEST_F(Check, AGoodDataSetHasNoFindings) {
  std::vector<std::uint64_t> done;
  const CheckReport report =
      check_data_set(path(), {}, [&](const Progress& progress) { done.push_back(progress.done); });
  EXPECT_THAT(words_of(report), IsEmpty());
  EXPECT_EQ(report.count(Severity::problem), 0);
  EXPECT_EQ(report.pictures.size(), 24U);
  EXPECT_EQ(report.train, 20U);
  EXPECT_THAT(report.classes, ElementsAre("ants", "bees"));
  EXPECT_FALSE(report.split);
  EXPECT_THAT(done, ElementsAre(24));
}

TEST_F(Check, UnreadablePicturesHaveTheMessageOfTraining) {
  const std::string jpeg = encode_jpeg(blotches(99).view());
  folder_.write("train/ants/cut.jpg", jpeg.substr(0, jpeg.size() / 2));
  folder_.write("train/ants/empty.jpg", "");
  folder_.write("train/bees/empty.jpg", "");  // not "the same file in two classes"
  folder_.write("train/ants/gif.jpg", "GIF89a");
  const CheckReport report = check();
  EXPECT_THAT(
      words_of(report),
      ElementsAre("unreadable: train/ants/cut.jpg the JPEG file is cut short; replace it by a good copy, "
                  "or remove it",
                  "unreadable: train/ants/empty.jpg is empty; replace it by a good copy, or remove it",
                  HasSubstr("unreadable: train/ants/gif.jpg not a picture graft reads"),
                  HasSubstr("unreadable: train/bees/empty.jpg is empty;")));
  EXPECT_EQ(report.count(Severity::problem), 1);
  const std::string cut = path("train/ants/cut.jpg").string();
  EXPECT_EQ(test::error_of([&] { read_image(cut); }),
            cut + ": " + report.findings.front().items.front().detail);
}

// A disk on which one file is not readable.
class GuardedDisk : public test::PassThroughDisk {
 public:
  explicit GuardedDisk(fs::path guarded) : guarded_(std::move(guarded)) {}
  std::vector<std::uint8_t> read(const fs::path& path, std::uint64_t max_bytes) override {
    if (path == guarded_)
      throw Error(path.string(), "cannot open: Permission denied", "check the permissions");
    return PassThroughDisk::read(path, max_bytes);
  }

 private:
  fs::path guarded_;
};

TEST_F(Check, AFileThatMayNotBeReadIsAProblem) {
  GuardedDisk guarded(path("train/ants/3.ppm"));
  const ScopedDisk scope(guarded);
  EXPECT_THAT(findings(),
              ElementsAre("unreadable: train/ants/3.ppm cannot open: Permission denied; check the "
                          "permissions"));
}

TEST_F(Check, APipeIsIgnoredAndReported) {
  ASSERT_EQ(::mkfifo(path("train/ants/pipe.jpg").c_str(), 0600), 0);
  const CheckReport report = check();
  EXPECT_THAT(words_of(report), ElementsAre("ignored: train/ants/pipe.jpg not a regular file"));
  EXPECT_EQ(report.count(Severity::problem), 0);
}

TEST_F(Check, CopiesAreReportedByRelation) {
  folder_.write("train/bees/x.ppm", picture(0));  // ants/0.ppm
  folder_.write("val/bees/y.ppm", picture(12));   // train/bees/0.ppm
  folder_.write("train/ants/z.ppm", picture(1));  // train/ants/1.ppm
  const CheckReport report = check();
  EXPECT_THAT(words_of(report), ElementsAre("copies_two_labels: train/ants/0.ppm train/bees/x.ppm",
                                            "copies_leaked: train/bees/0.ppm val/bees/y.ppm",
                                            "copies: train/ants/1.ppm train/ants/z.ppm"));
  EXPECT_EQ(report.count(Severity::problem), 2);
}

TEST_F(Check, PicturesThatLookAlikeAreReportedByRelation) {
  const auto half = [](int number) {
    return encode_jpeg(resize(blotches(number, 960, 1000).view(), 480, 500, Interpolation::bilinear).view(),
                       60);
  };
  folder_.write("train/bees/x.jpg", half(0));
  folder_.write("val/bees/y.jpg", half(12));
  folder_.write("train/ants/z.jpg", half(1));
  const CheckReport report = check();
  EXPECT_THAT(words_of(report), ElementsAre(HasSubstr("near_two_labels: train/ants/0.ppm train/bees/x.jpg"),
                                            HasSubstr("near_leaked: train/bees/0.ppm val/bees/y.jpg"),
                                            HasSubstr("near: train/ants/1.ppm train/ants/z.jpg")));
  EXPECT_EQ(report.count(Severity::problem), 2);
  EXPECT_THAT(findings({.near = false}), IsEmpty());
}

TEST_F(Check, ManySimilarPicturesAreAsManyPairsAsPictures) {
  for (int i = 0; i < 20; ++i) {
    folder_.write("train/ants/frame" + std::to_string(10 + i) + ".jpg",
                  encode_jpeg(blotches(0).view(), 70 + i));
  }
  const CheckReport report = check();
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_STREQ(report.findings[0].name, "near");
  EXPECT_EQ(report.findings[0].items.size(), 20U);
}

TEST_F(Check, TheTestPartIsCheckedAndComparedWithTheOthers) {
  write("test", "ants", 0, 300);
  write("test", "bees", 0, 301);
  folder_.write("test/ants/cut.jpg", "");
  folder_.write("test/ants/x.ppm", picture(1));   // train/ants/1.ppm
  folder_.write("test/bees/y.ppm", picture(22));  // val/bees/0.ppm
  folder_.write("test/bees/z.jpg", encode_jpeg(blotches(13).view(), 60));
  const CheckReport report = check();
  EXPECT_THAT(words_of(report),
              ElementsAre(HasSubstr("unreadable: test/ants/cut.jpg is empty"),
                          "copies_leaked: train/ants/1.ppm test/ants/x.ppm training and test",
                          "copies_leaked: val/bees/0.ppm test/bees/y.ppm validation and test",
                          HasSubstr("near_leaked: train/bees/1.ppm test/bees/z.jpg training and test, ")));
  EXPECT_EQ(report.train, 20U);
  EXPECT_EQ(report.val(), 4U);
  EXPECT_EQ(report.test, 6U);
  fs::create_directory(path("train/wasps"));  // training refuses this: what is there is checked
  EXPECT_EQ(check().test, 6U);
}

TEST_F(Check, ATestPartThatIsSplitOffIsCounted) {
  const CheckReport report = check({.data = {.test_fraction = 0.2}});
  EXPECT_EQ(report.train, 16U);
  EXPECT_EQ(report.val(), 4U);
  EXPECT_EQ(report.test, 4U);
  EXPECT_TRUE(report.test_split);
}

TEST_F(Check, VaguePicturesAreNotCompared) {
  for (int i = 0; i < 2; ++i) {
    Image image(240, 250);
    std::fill_n(image.data(), image.size_bytes(), static_cast<std::uint8_t>(100 + i));
    for (int y = 0; y < 240; ++y) image.row(y)[0] = 99;
    folder_.write(std::string(i == 0 ? "train/ants" : "val/bees") + "/x.ppm", test::ppm(image));
  }
  EXPECT_THAT(findings(), ElementsAre("vague: train/ants/x.ppm", "vague: val/bees/x.ppm"));
}

TEST_F(Check, AClassOnOneSideIsAProblemOnWhicheverSide) {
  for (int i = 0; i < 10; ++i) write("train", "wasps", i, 200 + i);
  CheckReport report = check();
  EXPECT_THAT(words_of(report),
              ElementsAre("one_side: \"wasps\": 10 pictures to train on, 0 pictures to validate on",
                          HasSubstr("warned: ")));
  EXPECT_EQ(report.count(Severity::problem), 1);
  fs::rename(path("train/wasps"), path("val/wasps"));
  report = check();
  EXPECT_THAT(words_of(report),
              ElementsAre(HasSubstr("train/ has no class \"wasps\""),
                          "one_side: \"wasps\": 0 pictures to train on, 10 pictures to validate on"));
  EXPECT_EQ(report.count(Severity::problem), 2);
}

TEST_F(Check, WhatATrainingRefusesIsAFinding) {
  fs::create_directory(path("train/wasps"));
  EXPECT_THAT(findings(),
              ElementsAre(HasSubstr("/train: holds no pictures of \"wasps\";"), "empty_class: \"wasps\""));
  const test::TemporaryFolder one;
  for (int i = 0; i < 10; ++i) one.write("a/" + std::to_string(i) + ".ppm", picture(i));
  const CheckReport report = check_data_set(one.path());
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_STREQ(report.findings[0].name, "refused");
  EXPECT_THAT(report.findings[0].items[0].detail, HasSubstr("holds one class only"));
}

TEST_F(Check, WithoutPicturesTheErrorIsThrown) {
  EXPECT_THAT(test::error_of([&] { check_data_set(path("none")); }), HasSubstr("there is no such folder"));
  EXPECT_THAT(test::error_of([&] { check_data_set(path("none.csv")); }), HasSubstr("there is no such file"));
  const test::TemporaryFolder empty;
  EXPECT_THAT(test::error_of([&] { check_data_set(empty.path()); }), HasSubstr("holds no class folders"));
  EXPECT_THROW(check({.near_distance = 16}), UsageError);
  EXPECT_THROW(check({.data = {.val_fraction = 2}}), UsageError);
}

TEST_F(Check, FewAndUnevenPicturesAreNotes) {
  for (int i = 0; i < 3; ++i) write("train", "wasps", i, 200 + i);
  write("val", "wasps", 0, 210);
  const CheckReport report = check({.imbalance = 3});
  EXPECT_THAT(words_of(report),
              ElementsAre("few: \"wasps\": 3 pictures",
                          "imbalanced: \"wasps\": 3 pictures; \"ants\" has 3.3 times as many"));
  EXPECT_EQ(report.count(Severity::problem), 0);
  EXPECT_EQ(report.count(Severity::note), 2);
}

TEST_F(Check, OddPicturesAreNotes) {
  folder_.write("train/ants/small.ppm", picture(300, 200, 300));
  folder_.write("train/ants/long.ppm", picture(301, 300, 1300));
  folder_.write("train/ants/really.jpg", picture(302));
  folder_.write("train/bees/turned.jpg", text_of("exif_6.jpg"));
  folder_.write("train/bees/inks.jpg", text_of("cmyk.jpg"));
  folder_.write("train/bees/glass.png", text_of("rgba8.png"));
  folder_.write("train/bees/grey.jpg", text_of("grey.jpg"));
  const CheckReport report = check({.few_pictures = 0, .elongation = 4});
  EXPECT_EQ(report.count(Severity::problem), 0);
  EXPECT_THAT(
      words_of(report),
      testing::IsSupersetOf(
          {"small: train/ants/small.ppm 300 x 200", "elongated: train/ants/long.ppm 1300 x 300",
           "wrong_ending: train/ants/really.jpg a PNM", "turned: train/bees/turned.jpg",
           "inks: train/bees/inks.jpg", "transparent: train/bees/glass.png", "grey: train/bees/grey.jpg"}));
  const auto turned = findings({.decode = {.exif = true}});
  EXPECT_THAT(turned, testing::Not(testing::Contains("turned: train/bees/turned.jpg")));
}

TEST_F(Check, ASplitWithCopiesOnBothSidesIsReported) {
  const test::TemporaryFolder flat;
  for (int i = 0; i < 20; ++i) {
    flat.write("a/" + std::to_string(i) + ".ppm", picture(i / 2));  // each twice
    flat.write("b/" + std::to_string(i) + ".ppm", picture(100 + i));
  }
  const CheckReport report = check_data_set(flat.path());
  EXPECT_TRUE(report.split);
  EXPECT_EQ(report.pictures.size(), 40U);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_STREQ(report.findings[0].name, "copies_leaked");
}

TEST_F(Check, ATableIsADataSet) {
  folder_.write("labels.csv",
                "path,label,split\ntrain/ants/0.ppm,a,train\ntrain/bees/0.ppm,b,train\n"
                "val/ants/0.ppm,a,val\nval/bees/0.ppm,b,val\n");
  const CheckReport report = check_data_set(path("labels.csv"), {.few_pictures = 0});
  EXPECT_EQ(report.pictures.size(), 4U);
  EXPECT_THAT(words_of(report), IsEmpty());
  folder_.write("labels.csv",
                "path,label,split\ntrain/ants/0.ppm,a,train\ntrain/bees/0.ppm,b,train\n"
                "val/ants/0.ppm,a,val\nval/bees/0.ppm,b,val\n"
                "train/ants/3.ppm,a,test\ntrain/bees/1.ppm,b,test\ntrain/bees/bad.ppm,b,test\n");
  folder_.write("train/bees/bad.ppm", "");
  const CheckReport of_three = check_data_set(path("labels.csv"), {.few_pictures = 0});
  EXPECT_EQ(of_three.test, 3U);
  EXPECT_THAT(words_of(of_three), ElementsAre(HasSubstr("unreadable: train/bees/bad.ppm")));
}

// The findings are in the order of the pictures, and the pictures of the other rows are checked.
TEST_F(Check, ATableThatATrainingRefusesIsAFinding) {
  folder_.write("labels.csv",
                "path,label,split\ntrain/ants/0.ppm,a,train\ntrain/bees/0.ppm,b,train\n"
                "val/ants/0.ppm,a,val\nval/bees/0.ppm,b,val\ntrain/ants/gone.ppm,a,train\n");
  CheckReport report = check_data_set(path("labels.csv"), {.few_pictures = 0});
  EXPECT_EQ(report.pictures.size(), 4U);
  EXPECT_THAT(words_of(report),
              ElementsAre(testing::AllOf(HasSubstr("refused: "), HasSubstr("gone.ppm (line 6)"))));
  folder_.write("labels.csv", "path,label\ntrain/ants/0.ppm\n");
  report = check_data_set(path("labels.csv"));
  EXPECT_TRUE(report.pictures.empty());
  EXPECT_THAT(words_of(report), ElementsAre(HasSubstr("ends before the column \"label\"")));
  EXPECT_EQ(report.labels, LabelKind::single);
  CheckOptions numbers;
  numbers.data.labels = LabelKind::number;
  EXPECT_EQ(check_data_set(path("labels.csv"), numbers).labels, LabelKind::number);
}

TEST_F(Check, EveryFileThatIsIgnoredIsListedWithTheReason) {
  folder_.write("train/ants/notes.txt", "");
  folder_.write("train/ants/.hidden.ppm", "");
  folder_.write("train/loose.jpg", "");
  folder_.write("train/.thumbs/0.jpg", "");
  folder_.write("val/bees/b.gif", "");
  fs::create_symlink("/nowhere.jpg", path("val/bees/link.jpg"));
  EXPECT_THAT(findings(), ElementsAre("ignored: train/.thumbs/0.jpg in a hidden folder",
                                      "ignored: train/ants/.hidden.ppm hidden",
                                      "ignored: train/ants/notes.txt not a picture by its name",
                                      "ignored: train/loose.jpg in no class folder",
                                      "ignored: val/bees/b.gif not a picture by its name",
                                      "ignored: val/bees/link.jpg a broken link"));
}

TEST_F(Check, NumbersAreNotCalledClasses) {
  std::string rows = "path,age\n";
  for (const char* name : {"ants", "bees"}) {
    for (int i = 0; i < 3; ++i)
      rows +=
          "train/" + std::string(name) + "/" + std::to_string(i) + ".ppm," + std::to_string(10 + i) + "\n";
  }
  folder_.write("copy.ppm", picture(0));  // as train/ants/0.ppm
  const fs::path table = folder_.write("ages.csv", rows + "copy.ppm,77\n");
  CheckOptions options;
  options.data.labels = LabelKind::number;
  const CheckReport report = check_data_set(table, options);
  EXPECT_EQ(report.labels, LabelKind::number);
  std::vector<std::string> what;
  for (const Finding& finding : report.findings) what.emplace_back(finding.what);
  EXPECT_THAT(what, ElementsAre("the same file with different numbers", "few training pictures",
                                "warnings that training would give"));  // the name of the column
}

TEST_F(Check, TheReportDoesNotDependOnTheThreads) {
  for (int i = 0; i < 6; ++i) folder_.write("train/ants/bad" + std::to_string(i) + ".jpg", "GIF89a");
  EXPECT_EQ(findings({.workers = 1}), findings({.workers = 7}));
}

TEST(CheckHymenoptera, HasNoProblem) {
  if (test::hymenoptera().empty()) GTEST_SKIP() << test::no_hymenoptera;
  const CheckReport report = check_data_set(test::hymenoptera());
  EXPECT_EQ(report.count(Severity::problem), 0);
  EXPECT_EQ(report.pictures.size(), 397U);
  std::vector<std::string> names;
  for (const Finding& finding : report.findings) names.emplace_back(finding.name);
  EXPECT_THAT(names, UnorderedElementsAre("ignored", "small", "grey"));
}

}  // namespace
}  // namespace graft
