#include "graft/models/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "graft/core/error.h"
#include "graft/models/pretrained.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;

TEST(Registry, NamesEachModelOnce) {
  std::set<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_EQ(&find_model(spec.name), &spec);
  }
  EXPECT_GE(names.size(), 19U);
}

TEST(Registry, FindsTimmsNames) {
  EXPECT_EQ(find_model("tf_efficientnet_lite3").name, "efficientnet_lite3");
  EXPECT_EQ(find_model("efficientnet_lite3").name, "efficientnet_lite3");  // as in graft's own files
  EXPECT_EQ(find_by_timm_name("efficientnet_lite3")->name, "timm_efficientnet_lite3");
  EXPECT_EQ(find_by_timm_name("resnet18.a1_in1k")->name, "resnet18");
  EXPECT_EQ(find_model("mobilenetv2_100").name, "mobilenet_v2");
  EXPECT_EQ(find_by_timm_name("vit_tiny"), nullptr);
  for (const ModelSpec& spec : model_registry()) {
    for (const std::string& twin : spec.twins)
      EXPECT_THAT(find_model(twin).twins, ::testing::Contains(spec.name)) << twin;
  }
}

TEST(Registry, FindsNamesAsFilesSpellThem) {
  for (const char* name : {"resnet50", "ResNet50", "resnet-50", "timm/resnet50.a1_in1k",
                           "microsoft/resnet-50", "hf-hub:timm/resnet50.a1_in1k"})
    EXPECT_EQ(find_by_stated_name(name), &find_model("resnet50")) << name;
  EXPECT_EQ(find_by_stated_name("Wide_ResNet50_2"), &find_model("wide_resnet50_2"));
  EXPECT_EQ(find_by_stated_name("ResNeXt101_32X8D"), &find_model("resnext101_32x8d"));
  EXPECT_EQ(find_by_stated_name("efficientnet-lite0"), &find_model("timm_efficientnet_lite0"));
  for (const char* name : {"mobilenet_v2", "timm/mobilenetv2_100.ra_in1k"})
    EXPECT_EQ(find_by_stated_name(name), &find_model("mobilenet_v2")) << name;
  for (const char* name : {"", "resnet", "resnet50_gn", "resnetblur50", "seresnet18", "resnext50"})
    EXPECT_EQ(find_by_stated_name(name), nullptr) << name;
}

TEST(Registry, AdvisesTheNearestName) {
  try {
    find_model("resnet81");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.where(), "`model`");
    EXPECT_EQ(error.advice(), "did you mean \"resnet18\"?");
  }
}

TEST(Registry, FilesCarryTheirHashAndAddressTheirName) {
  for (const ModelSpec& spec : model_registry()) {
    for (const PretrainedWeights& weights : spec.pretrained) {
      const Download& download = weights.download;
      EXPECT_FALSE(weights.licence.empty()) << spec.name;
      if (!weights.hub.empty()) {
        std::string repository = name_in_timm(spec);
        if (const std::size_t at = repository.find("_quickgelu"); at != std::string::npos)
          repository.erase(at, std::string("_quickgelu").size());  // timm reads it with both kinds of GELU
        EXPECT_EQ(weights.hub, "timm/" + repository + "." + weights.name);
        EXPECT_TRUE(download.file.empty() && download.url.empty()) << spec.name;
        continue;
      }
      EXPECT_TRUE(download.file.ends_with("-" + download.sha256 + ".pth") ||
                  download.file.ends_with("-" + download.sha256.substr(0, 8) + ".pth"))
          << download.file;
      EXPECT_EQ(download.url.empty(), !weights.how_to_get.empty()) << spec.name;
      EXPECT_TRUE(download.url.empty() || std::filesystem::path(download.url).filename() == download.file)
          << spec.name;
    }
  }
}

TEST(Registry, WeightsAreFoundByNameWithTheirOwnPreprocess) {
  const ModelSpec& spec = find_model("resnet50");
  ASSERT_GT(spec.pretrained.size(), 2U);  // torchvision's, then timm's
  EXPECT_EQ(spec.pretrained[2].hub, "timm/resnet50.a1_in1k");
  EXPECT_EQ(find_pretrained(spec), spec.pretrained.data());
  EXPECT_EQ(find_pretrained(spec, "default"), spec.pretrained.data());
  EXPECT_EQ(find_pretrained(spec, "IMAGENET1K_V1")->preprocess, Preprocess());
  const PretrainedWeights& second = *find_pretrained(spec, "IMAGENET1K_V2");
  EXPECT_EQ(second.download.url, "https://download.pytorch.org/models/resnet50-11ad3fa6.pth");
  EXPECT_EQ(second.top1, 80.858);
  EXPECT_EQ(second.preprocess.resize, 232);
  EXPECT_EQ(second.preprocess.crop, 224);
  EXPECT_EQ(find_pretrained(spec, "IMAGENET1K_V3"), nullptr);
  EXPECT_EQ(find_pretrained(find_model("timm_efficientnet_lite1")), nullptr);
}

std::string refusal(ModelSpec spec) {
  return error_of([&] { register_model(std::move(spec)); });
}

TEST(RegisterModel, RefusesInvalidSpecs) {
  const auto build = [](const NetworkOptions& options) -> NetworkPtr {
    return std::make_shared<TinyNetwork>(options.classes);
  };
  EXPECT_THAT(refusal({.name = "", .build = build}), HasSubstr("the name is empty"));
  EXPECT_THAT(refusal({.name = "resnet18", .build = build}), HasSubstr("is taken"));
  EXPECT_THAT(refusal({.name = "tf_efficientnet_lite0", .build = build}), HasSubstr("is taken"));
  EXPECT_THAT(refusal({.name = "unbuilt"}), HasSubstr("no `build`"));
  EXPECT_THAT(refusal({.name = "small", .preprocess = {.crop = 0}, .build = build}), HasSubstr("input crop"));
  for (const char* name : {"", "default", "none"}) {
    EXPECT_THAT(refusal({.name = "named", .pretrained = {{.name = name}}, .build = build}),
                HasSubstr("cannot have weights named"));
  }
  EXPECT_THAT(refusal({.name = "twice", .pretrained = {{.name = "a"}, {.name = "a"}}, .build = build}),
              HasSubstr("cannot have weights named \"a\""));
  EXPECT_THAT(
      refusal(
          {.name = "prepared", .pretrained = {{.name = "a", .preprocess = {.resize = -1}}}, .build = build}),
      HasSubstr("prepared a: input resize"));
}

TEST(Registry, HasThePreprocessOfTheWeights) {
  const Preprocess torchvision{
      256, 224, Interpolation::bilinear, {0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};
  EXPECT_EQ(find_model("resnext50_32x4d").preprocess, torchvision);
  const Preprocess lite0{
      256, 224, Interpolation::bicubic, {0.498F, 0.498F, 0.498F}, {0.502F, 0.502F, 0.502F}};
  EXPECT_EQ(find_model("efficientnet_lite0").preprocess, lite0);
  EXPECT_EQ(find_model("efficientnet_lite4").preprocess.crop, 300);
  EXPECT_EQ(find_model("efficientnet_lite4").preprocess.resize, 332);
}

TEST(ImageNetClasses, AreTorchvisions) {
  const auto& classes = imagenet_classes();
  ASSERT_EQ(classes.size(), 1000U);
  EXPECT_EQ(classes[0], "tench");
  EXPECT_EQ(classes[309], "bee");
  EXPECT_EQ(classes[310], "ant");
  EXPECT_EQ(classes[999], "toilet tissue");
  EXPECT_EQ(std::set<std::string>(classes.begin(), classes.end()).size(), 1000U);
}

// Another or a truncated file of that name is not accepted.
TEST(Registry, WeightsAreAtHandIfAFileHasTheirSize) {
  const TemporaryFolder folder;
  ::setenv("TORCH_HOME", folder.path().c_str(), 1);
  const ModelSpec& spec = find_model("resnet18");
  const std::string name = "hub/checkpoints/" + spec.pretrained.front().download.file;
  EXPECT_FALSE(weights_at_hand(spec));
  const auto file = folder.write(name, "<html>log in first</html>");
  EXPECT_FALSE(weights_at_hand(spec));
  std::filesystem::resize_file(file, 46'830'571);
  EXPECT_TRUE(weights_at_hand(spec));
  std::filesystem::resize_file(file, 46'800'000);
  EXPECT_FALSE(weights_at_hand(spec));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_FALSE(weights_at_hand(spec));
  ::unsetenv("TORCH_HOME");
}

}  // namespace
}  // namespace graft::test
