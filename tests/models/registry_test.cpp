#include "graft/models/registry.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "graft/core/error.h"

namespace graft::test {
namespace {

TEST(Registry, NamesEachModelOnce) {
  std::set<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_EQ(&find_model(spec.name), &spec);
  }
  EXPECT_EQ(names.size(), 19U);
}

TEST(Registry, KnowsTimmsNames) {
  EXPECT_EQ(find_model("tf_efficientnet_lite3").name, "efficientnet_lite3");
  EXPECT_EQ(find_model("efficientnet_lite3").name, "efficientnet_lite3");  // as graft's own files call it
  EXPECT_EQ(find_by_timm_name("efficientnet_lite3")->name, "timm_efficientnet_lite3");
  EXPECT_EQ(find_by_timm_name("resnet18.a1_in1k")->name, "resnet18");
  EXPECT_EQ(find_by_timm_name("vit_tiny"), nullptr);
  for (const ModelSpec& spec : model_registry()) {
    if (spec.twin.empty()) continue;
    EXPECT_EQ(find_model(spec.twin).twin, spec.name);
    EXPECT_EQ(find_model(spec.twin).parameters, spec.parameters);
  }
}

TEST(Registry, TellsTheNearestName) {
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
    if (!spec.weights) continue;
    const Download& download = spec.weights->download;
    EXPECT_EQ(download.file, spec.name + "-" + download.sha256.substr(0, 8) + ".pth");
    EXPECT_EQ(download.url.empty(), !spec.weights->how_to_get.empty()) << spec.name;
    EXPECT_TRUE(download.url.empty() || std::filesystem::path(download.url).filename() == download.file)
        << spec.name;
    EXPECT_FALSE(spec.weights->licence.empty()) << spec.name;
  }
}

TEST(Registry, PreparesPicturesAsTheWeightsWantThem) {
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

}  // namespace
}  // namespace graft::test
