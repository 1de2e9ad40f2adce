#include "graft/models/hub_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TimmConfigs : public ::testing::Test {
 protected:
  std::optional<HubConfig> read(const std::string& json) {
    folder_.write("config.json", json);
    return read_hub_config(folder_.path(), Preprocess{.crop = 192, .exif = true});
  }
  // With these entries in `pretrained_cfg`.
  HubConfig with(const std::string& entries) {
    return read(R"({"architecture": "resnet18", "pretrained_cfg": {)" + entries + "}}").value();
  }
  std::string error(const std::string& entries) {
    return test::error_of([&] { with(entries); });
  }

  test::TemporaryFolder folder_;
};

TEST_F(TimmConfigs, StateTheTransformOfEvaluation) {
  const HubConfig config = with(R"("input_size": [3, 240, 240], "crop_pct": 0.95, "crop_mode": "center",
                                    "interpolation": "bilinear", "mean": [0.5, 0.4, 0.3], "std": [0.1, 0.2, 0.3])");
  EXPECT_EQ(config.architecture, "resnet18");
  EXPECT_THAT(config.notes, IsEmpty());
  const Preprocess& read = config.preprocess.value();
  EXPECT_EQ(read.crop, 240);
  EXPECT_EQ(read.resize, 252);  // floor(240 / 0.95), as in timm.data.create_transform
  EXPECT_EQ(read.interpolation, Interpolation::bilinear);
  EXPECT_EQ(read.fit, Fit::crop);
  EXPECT_THAT(read.mean, ElementsAre(0.5F, 0.4F, 0.3F));
  EXPECT_THAT(read.std, ElementsAre(0.1F, 0.2F, 0.3F));
  EXPECT_TRUE(read.exif);  // timm does not state it
}

// timm.data.resolve_data_config's defaults: bicubic, crop_pct 0.875, ImageNet's mean and std.
TEST_F(TimmConfigs, LeaveOutDefaults) {
  const Preprocess read =
      with(R"("crop_pct": null, "mean": null, "input_size": [3, 224, 224])").preprocess.value();
  EXPECT_EQ(read.crop, 224);
  EXPECT_EQ(read.resize, 256);
  EXPECT_EQ(read.interpolation, Interpolation::bicubic);
  EXPECT_EQ(read.mean, Preprocess().mean);
  EXPECT_EQ(with(R"("crop_pct": 1)").preprocess.value().resize, 192);
  EXPECT_EQ(with(R"("crop_pct": 1.0, "crop_mode": "squash")").preprocess.value().fit, Fit::squash);
}

TEST_F(TimmConfigs, OfEarlierVersionsStateTheTransformBesideTheArchitecture) {
  const auto config = read(R"({"architecture": "resnet18", "input_size": [3, 160, 160], "crop_pct": 0.8})");
  EXPECT_EQ(config.value().preprocess.value().resize, 200);
}

TEST_F(TimmConfigs, WithoutATransformStateNone) {
  EXPECT_FALSE(read(R"({"architecture": "resnet18", "num_classes": 7})").value().preprocess);
  EXPECT_FALSE(with(R"("tag": "a1_in1k")").preprocess);
  EXPECT_FALSE(read(R"({"architecture": "resnet18", "pretrained_cfg": null})").value().preprocess);
}

TEST_F(TimmConfigs, ClassesThatAreNotTextsAreNamedAndNotUsed) {
  EXPECT_THAT(read(R"({"architecture": "resnet18", "label_names": ["a", "b"]})").value().classes,
              ElementsAre("a", "b"));
  EXPECT_THAT(read(R"({"architecture": "resnet18", "label_names": null})").value().notes, IsEmpty());
  for (const char* names : {"[\"a\", 7]", "{\"a\": 1}", "\"a\""}) {
    const HubConfig config =
        read(std::string(R"({"architecture": "resnet18", "label_names": )") + names + "}").value();
    EXPECT_THAT(config.classes, IsEmpty());
    EXPECT_THAT(config.notes,
                ElementsAre(HasSubstr("does not give one text for each output in \"label_names\"")));
  }
}

TEST_F(TimmConfigs, OfOtherProgramsAreIgnored) {
  for (const char* json : {R"({"architectures": ["ViT"]})", R"({"architecture": 7})", "[]"})
    EXPECT_FALSE(read(json)) << json;
  test::TemporaryFolder empty;
  EXPECT_FALSE(read_hub_config(empty.path(), {}));
}

TEST_F(TimmConfigs, ThatAreDamagedAreRefused) {
  for (const char* json : {"no JSON", R"({"architecture": "mnas)", ""})
    EXPECT_THAT(test::error_of([&] { read(json); }), HasSubstr("config.json: is not valid JSON"));
}

TEST_F(TimmConfigs, OfChangedNetworksAreRefused) {
  const auto with_arguments = [](const std::string& arguments) {
    return R"({"architecture": "mnasnet_050", "model_args": )" + arguments + "}";
  };
  EXPECT_THAT(test::error_of([&] { read(with_arguments(R"({"act_layer": "silu"})")); }),
              AllOf(HasSubstr("states \"model_args\" with act_layer"), HasSubstr("timm's mnasnet_050")));
  for (const char* arguments :
       {"{}", "null", R"({"img_size": [256, 256], "num_classes": 5, "in_chans": 3, "drop_rate": 0.2})"})
    EXPECT_EQ(read(with_arguments(arguments)).value().pool, "");
  EXPECT_EQ(read(with_arguments(R"({"global_pool": "token"})")).value().pool, "token");
}

TEST_F(TimmConfigs, ATransformThatIsNotSupportedIsNamedAndNotUsed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("input_size": [1, 224, 224])", "an input of 1 channels"},
      {R"("input_size": [3, 224, 256])", "not square"},
      {R"("interpolation": "lanczos")", "the interpolation lanczos"},
      {R"("crop_mode": "border")", "the crop mode border"},
      {R"("crop_mode": "squash", "crop_pct": 0.9)", "squash with a crop_pct below 1"}};
  for (const auto& [entries, what] : cases) {
    const HubConfig config = with(entries);
    EXPECT_FALSE(config.preprocess) << entries;
    EXPECT_THAT(config.notes, ElementsAre(HasSubstr(what))) << entries;
  }
}

TEST_F(TimmConfigs, AnInvalidValueIsAnErrorThatNamesIt) {
  for (const char* entries :
       {R"("input_size": 224)", R"("input_size": [3, 0, 0])", R"("input_size": [3, 9999999, 9999999])",
        R"("input_size": [3, 1.5, 1.5])", R"("crop_pct": 0)", R"("crop_pct": -1)", R"("crop_pct": 1e-9)",
        R"("crop_pct": "x")", R"("mean": [1, 2])", R"("mean": [1, 2, "x"])", R"("std": [1, 0, 1])",
        R"("interpolation": 3)", R"("mean": [1e99, 0, 0])"}) {
    EXPECT_THAT(error(entries), HasSubstr((folder_.path() / "config.json").string())) << entries;
  }
  EXPECT_THAT(error(R"("mean": [1, 2])"),
              HasSubstr("its \"mean\" is not a list of three numbers, but [1,2]"));
}

}  // namespace
}  // namespace graft
