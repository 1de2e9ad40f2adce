#include "graft/models/timm_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graft/core/text.h"
#include "graft/models/hub_config.h"
#include "graft/models/load.h"
#include "graft/models/model_metadata.h"
#include "tests/models/answers.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

Model model_of(const std::string& name, const std::vector<std::string>& classes) {
  const ModelSpec& spec = find_model(name);
  Model model{.architecture = name, .classes = classes, .preprocess = spec.preprocess};
  model.network = spec.build({static_cast<std::int64_t>(classes.size()), Init::none, spec.preprocess.crop});
  test::fill_with_formula(*model.network);
  return model;
}

TEST(TimmExport, HasTimmsNames) {
  for (const auto& [name, first, head] :
       {std::tuple("mobilenet_v2", "conv_stem", "classifier"),
        std::tuple("efficientnet_lite0", "conv_stem", "classifier"),
        std::tuple("regnet_y_400mf", "stem.conv", "head.fc"), std::tuple("resnet18", "conv1", "fc"),
        std::tuple("vit_tiny_patch16_224", "patch_embed.proj", "head")}) {
    const Model model = model_of(name, {"a", "b", "c"});
    const StateDict state = timm_state(*model.network, find_model(name));
    EXPECT_THAT(state.tensors, Contains(Field(&NamedTensor::name, std::string(head) + ".weight"))) << name;
    const auto config = nlohmann::json::parse(timm_config(model));
    EXPECT_EQ(config["pretrained_cfg"]["first_conv"], first) << name;
    EXPECT_EQ(config["pretrained_cfg"]["classifier"], head) << name;
    EXPECT_EQ(config["num_classes"], 3);
    EXPECT_EQ(config["label_names"], (std::vector<std::string>{"a", "b", "c"}));
  }
}

// As timm's strict loading demands.
TEST(TimmExport, HasTheNamesAndShapesOfTimmsStateDict) {
  for (const auto& [name, golden] : test::hub_golden("timm_states").items()) {
    const ModelSpec& spec = find_model(name);
    ASSERT_NE(network_in_timm(spec), nullptr) << name;
    EXPECT_EQ(*network_in_timm(spec), golden.at("name").get<std::string>());
    std::vector<std::string> lines;
    for (const NamedTensor& each : timm_state(*spec.build({1000, Init::none}), spec).tensors)
      lines.push_back(test::tensor_line(each.name, each.tensor.shape));
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(test::hash_of(join(lines, "")), golden.at("hash").get<std::string>()) << name;
  }
}

TEST(TimmExport, IsReadBackWithItsTransform) {
  const test::TemporaryFolder folder;
  Model model = model_of("mobilenet_v2", {"a", "b"});
  for (const int resize : {224, 232, 235, 248, 256, 299}) {
    model.preprocess.resize = resize;
    folder.write("config.json", timm_config(model));
    const auto config = read_hub_config(folder.path(), Preprocess{});
    EXPECT_EQ(config.value().architecture, "mobilenetv2_100");
    EXPECT_EQ(config.value().preprocess.value().resize, resize);
    EXPECT_EQ(config.value().preprocess.value().crop, 224);
  }
  model.preprocess.fit = Fit::squash;
  folder.write("config.json", timm_config(model));
  EXPECT_EQ(read_hub_config(folder.path(), Preprocess{}).value().preprocess.value().fit, Fit::squash);
  const ModelSpec& spec = find_model("mobilenet_v2");
  const NetworkPtr again = spec.build({2, Init::none});
  load_state(*again, spec, timm_state(*model.network, spec), "model.safetensors");
  EXPECT_TRUE(again->head()->weight.equal(model.network->head()->weight));
}

// What timm does not read.
TEST(TimmExport, IsReadBackWithTheMeaningOfItsOutputsAndTheDecodingOfItsPictures) {
  const test::TemporaryFolder folder;
  Model model = model_of("mobilenet_v2", {"a", "b"});
  model.task.kind = LabelKind::multi;
  model.preprocess.exif = true;
  model.preprocess.alpha = "#00ff00";
  model.preprocess.decode = DecodeMode::fast;
  folder.write("config.json", timm_config(model));
  const ModelSpec& spec = find_model("mobilenet_v2");
  const auto path = folder.path() / "model.safetensors";
  write_safetensors(path, timm_state(*model.network, spec).tensors, {{"format", "pt"}});
  const Model again = pretrained_model("mobilenet_v2", path.string());
  EXPECT_EQ(again.task, model.task);
  EXPECT_EQ(again.classes, model.classes);
  EXPECT_EQ(again.preprocess, model.preprocess);

  model.task.kind = LabelKind::number;
  folder.write("config.json", timm_config(model));
  EXPECT_THAT(test::error_of([&] { pretrained_model("mobilenet_v2", path.string()); }),
              HasSubstr("predicts 2 numbers, and graft predicts one"));
}

// The metadata of graft's export, whatever config.json is beside it.
TEST(TimmExport, ItsMetadataDescribesItBeforeAConfig) {
  const test::TemporaryFolder folder;
  Model model = model_of("mobilenet_v2", {"a", "b"});
  model.preprocess.resize = 240;
  model.preprocess.fit = Fit::squash;
  model.task.kind = LabelKind::multi;
  folder.write("config.json", timm_config(model_of("mobilenet_v2", {"b", "a"})));
  const auto path = folder.path() / "mine.safetensors";
  write_safetensors(path, timm_state(*model.network, find_model("mobilenet_v2")).tensors,
                    exported_metadata({model.architecture, model.classes, model.preprocess, {}, model.task}));
  const Model again = pretrained_model("mobilenet_v2", path.string());
  EXPECT_EQ(again.task, model.task);
  EXPECT_EQ(again.classes, model.classes);
  EXPECT_EQ(again.preprocess, model.preprocess);
  EXPECT_THAT(again.notes, ::testing::IsEmpty());
  EXPECT_THAT(test::error_of([&] { pretrained_model("resnet18", path.string()); }),
              HasSubstr("states that its model is mobilenet_v2"));
}

// Some of torchvision's networks have the names of others of timm.
TEST(TimmExport, ItsMetadataTellsNetworksOfOneNameApart) {
  const test::TemporaryFolder folder;
  const Model model = model_of("efficientnet_lite0", {"a", "b"});  // timm's tf_efficientnet_lite0
  const auto path = folder.path() / "model.safetensors";
  write_safetensors(path, timm_state(*model.network, find_model(model.architecture)).tensors,
                    exported_metadata({model.architecture, model.classes, model.preprocess, {}, {}}));
  EXPECT_EQ(pretrained_model("efficientnet_lite0", path.string()).classes, model.classes);
  EXPECT_THAT(test::error_of([&] { pretrained_model("timm_efficientnet_lite0", path.string()); }),
              HasSubstr("use `model` efficientnet_lite0"));
}

// Its config.json describes the weights of a repository; another file may be another model.
TEST(TimmExport, AConfigBesideAFileOfAnotherNameIsNamed) {
  const test::TemporaryFolder folder;
  const Model model = model_of("mobilenet_v2", {"a", "b"});
  folder.write("config.json", timm_config(model));
  const StateDict state = timm_state(*model.network, find_model("mobilenet_v2"));
  for (const auto& [name, notes] : {std::pair("model.safetensors", 0), std::pair("mine.safetensors", 1)}) {
    const auto path = folder.path() / name;
    write_safetensors(path, state.tensors, {{"format", "pt"}});
    const Model again = pretrained_model("mobilenet_v2", path.string());
    EXPECT_THAT(again.notes, ::testing::SizeIs(notes)) << name;
    for (const std::string& note : again.notes)
      EXPECT_THAT(note, HasSubstr("config.json is read as the description of mine.safetensors"));
  }
}

TEST(TimmExport, ANumberIsReadBackWithItsName) {
  const test::TemporaryFolder folder;
  Model model = model_of("mobilenet_v2", {"age"});
  model.task.kind = LabelKind::number;
  folder.write("config.json", timm_config(model));
  const auto path = folder.path() / "model.safetensors";
  write_safetensors(path, timm_state(*model.network, find_model("mobilenet_v2")).tensors, {{"format", "pt"}});
  const Model again = pretrained_model("mobilenet_v2", path.string());
  EXPECT_EQ(again.task.kind, LabelKind::number);
  EXPECT_THAT(again.classes, ::testing::ElementsAre("age"));
}

TEST(TimmExport, NamesTheSizeOfANetworkThatHasOne) {
  Model model = model_of("vit_tiny_patch16_224", {"a", "b"});
  EXPECT_EQ(nlohmann::json::parse(timm_config(model))["model_args"]["img_size"], 224);
  EXPECT_FALSE(nlohmann::json::parse(timm_config(model_of("resnet18", {"a"}))).contains("model_args"));
}

TEST(TimmExport, RefusesWhatTimmDoesNotHave) {
  for (const char* name : {"alexnet", "shufflenet_v2_x1_0", "mobilenet_v3_small"}) {
    const Model model = model_of(name, {"a", "b"});
    EXPECT_THAT(test::error_of([&] { timm_config(model); }),
                HasSubstr(std::string(name) + ": timm has no network that computes the same"));
  }
  Model padded = model_of("resnet18", {"a"});
  padded.preprocess.fit = Fit::pad;
  EXPECT_THAT(test::error_of([&] { timm_config(padded); }), HasSubstr("timm does not pad"));
}

TEST(TimmExport, ItsReadmeUsesTheScoresOfTheTask) {
  Model model = model_of("resnet18", {"a", "b"});
  EXPECT_THAT(timm_readme(model), HasSubstr("unsqueeze(0)).softmax(-1))"));
  EXPECT_THAT(timm_readme(model), Not(HasSubstr("exif")));
  model.task.kind = LabelKind::multi;
  model.preprocess.exif = true;
  EXPECT_THAT(timm_readme(model), HasSubstr("unsqueeze(0)).sigmoid())"));
  EXPECT_THAT(timm_readme(model),
              HasSubstr("transform(ImageOps.exif_transpose(Image.open(\"picture.jpg\")).convert(\"RGB\"))"));
  EXPECT_THAT(timm_readme(model), Not(HasSubstr("on_background")));
  model.preprocess.alpha = "white";
  EXPECT_THAT(timm_readme(model),
              ::testing::AllOf(HasSubstr("Image.new(\"RGBA\", image.size, \"#ffffff\")"),
                               HasSubstr("transform(on_background(ImageOps.exif_transpose("
                                         "Image.open(\"picture.jpg\")).convert(\"RGBA\")))")));
}

}  // namespace
}  // namespace graft
