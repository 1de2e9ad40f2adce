#include "graft/run/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

TEST(Config, IsReadInTheOrderOfTheFile) {
  const test::TemporaryFolder folder;
  const RunConfig config = read_config(folder.write("config.json", R"({
    "format": "graft-run", "format_version": 1, "started": "2026-01-31T12:00:00Z",
    "data": {"path": "pets", "classes": ["b", "a"], "train": {"b": 3, "a": 1}, "val": {"b": 2, "a": 0},
             "val_split_off": true},
    "options": {"lr": 0.001, "freeze": true, "model": "resnet18"}, "asked": {"lr": "1e-3"},
    "resolved": {"threads": 2}, "versions": {"graft": "0.1.0"}})"));
  EXPECT_EQ(config.started, "2026-01-31T12:00:00Z");
  EXPECT_EQ(config.data, "pets");
  EXPECT_EQ(config.classes, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(config.train_counts, (std::vector<std::int64_t>{3, 1}));
  EXPECT_EQ(config.val_counts, (std::vector<std::int64_t>{2, 0}));
  EXPECT_TRUE(config.val_split_off);
  EXPECT_EQ(config.options, (ConfigTable{{"lr", "0.001"}, {"freeze", "true"}, {"model", "resnet18"}}));
  EXPECT_EQ(value_of(config.asked, "lr"), "1e-3");
  EXPECT_EQ(value_of(config.resolved, "threads"), "2");
  EXPECT_EQ(value_of(config.resolved, "device"), "");
}

// The tables of a run have paths as the dataset was given: relative to the folder in which train ran.
TEST(Config, PicturesAreFoundFromAnyFolder) {
  const test::TemporaryFolder folder;
  const std::string picture = folder.write("pets/a/1.jpg", "x").string();
  RunConfig config;
  config.data = "elsewhere/pets";
  config.absolute = (folder.path() / "pets").string();
  EXPECT_EQ(picture_path(config, "elsewhere/pets/a/1.jpg"), picture);
  EXPECT_EQ(picture_path(config, picture), picture);
  EXPECT_EQ(picture_path(config, "elsewhere/pets/a/2.jpg"), "elsewhere/pets/a/2.jpg");
  EXPECT_EQ(picture_path(config, "other/1.jpg"), "other/1.jpg");
  config.data = "elsewhere/pets/labels.csv";
  config.absolute = folder.write("pets/labels.csv", "path,label\n").string();
  EXPECT_EQ(picture_path(config, "elsewhere/pets/a/1.jpg"), picture);
}

TEST(Config, MissingFieldsAreEmpty) {
  const test::TemporaryFolder folder;
  const RunConfig config = read_config(folder.write("config.json", R"({"format": "graft-run"})"));
  EXPECT_TRUE(config.classes.empty());
  EXPECT_TRUE(config.options.empty());
}

TEST(Config, TheKindOfTheLabelsIsReadIfRecorded) {
  const test::TemporaryFolder folder;
  const auto kind = [&](const std::string& data) {
    return read_config(folder.write("config.json", R"({"format": "graft-run", "data": {)" + data + "}}"))
        .labels;
  };
  EXPECT_EQ(kind(R"("labels": "single")"), LabelKind::single);
  EXPECT_EQ(kind(R"("labels": "multi")"), LabelKind::multi);
  EXPECT_EQ(kind(R"("labels": "number")"), LabelKind::number);
  EXPECT_EQ(kind(""), LabelKind::automatic);
  EXPECT_EQ(kind(R"("labels": "of a later version")"), LabelKind::automatic);
}

TEST(Config, DeepNestingAndInvalidNumbersAreRefused) {
  const test::TemporaryFolder folder;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const std::string& data : {deep, std::string(R"({"train": {"a": 1e44}})")}) {
    const auto path = folder.write("config.json", R"({"format": "graft-run", "data": )" + data + "}");
    EXPECT_THAT(test::error_of([&] { read_config(path); }), HasSubstr("is not the record of a training run"));
  }
}

TEST(Config, OtherFilesAreRefused) {
  const test::TemporaryFolder folder;
  EXPECT_THAT(test::error_of([&] { read_config(folder.path() / "config.json"); }),
              HasSubstr("config.json: does not exist; give a run folder"));
  for (const char* text : {"", "{", "[]", "{}", R"({"format": "other"})", R"({"format": 3})",
                           R"({"format": "graft-run", "data": {"classes": 3}})",
                           R"({"format": "graft-run", "data": {"train": {"a": "x"}}})"}) {
    const auto path = folder.write("config.json", text);
    EXPECT_THAT(test::error_of([&] { read_config(path); }), HasSubstr("is not the record of a training run"))
        << text;
  }
}

TEST(Config, ARecordWithoutThePathOfTheDataIsRefused) {
  EXPECT_NO_THROW(require_data_path("run/config.json", "pets"));
  EXPECT_EQ(test::error_of([] { require_data_path("run/config.json", ""); }),
            "run/config.json: does not record the path of the training data; give it "
            "(`data`)");
}

}  // namespace
}  // namespace graft
