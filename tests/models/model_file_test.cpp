#include "graft/models/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/metrics/known_pictures.h"
#include "graft/models/load.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using testing::HasSubstr;

class ModelFile : public testing::Test {
 protected:
  ModelFile() {
    const ModelSpec& spec = find_model("efficientnet_lite0");
    model_ = {spec.name,
              {"ants", "bees \"and\" größer"},
              spec.preprocess,
              {{"weights", "none"}},
              spec.build({2, Init::none})};
    fill_with_formula(*model_.network);
  }

  std::filesystem::path path() const { return folder_.path() / "model.safetensors"; }

  // Saves the model with changed metadata; a null value removes the key.
  void save_with(const std::string& key, const char* value) const {
    save_model(path(), model_);
    StateDict state = read_weights(path());
    auto metadata = state.metadata;
    metadata.erase(key);
    if (value != nullptr) metadata[key] = value;
    write_safetensors(folder_.path() / "changed.safetensors", state.tensors, metadata);
  }

  void expect_refused(const std::string& key, const char* value, const std::string& part) const {
    save_with(key, value);
    const auto changed = folder_.path() / "changed.safetensors";
    try {
      load_model(changed);
      FAIL() << "not refused: " << key << " " << (value != nullptr ? value : "missing");
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(changed.string()));
      EXPECT_THAT(error.what(), HasSubstr(part));
    }
  }

  TemporaryFolder folder_;
  Model model_;
};

TEST_F(ModelFile, IsLoadedAsSaved) {
  save_model(path(), model_);
  const Model back = load_model(path());
  EXPECT_EQ(back.architecture, model_.architecture);
  EXPECT_EQ(back.classes, model_.classes);
  EXPECT_EQ(back.preprocess, model_.preprocess);
  EXPECT_EQ(back.training, model_.training);
  EXPECT_FALSE(back.network->is_training());
  const auto wanted = named_tensors(*model_.network), found = named_tensors(*back.network);
  ASSERT_EQ(wanted.size(), found.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_TRUE(wanted[i].second.equal(found[i].second)) << wanted[i].first;
}

TEST_F(ModelFile, HasWhatHeldOutPicturesSay) {
  KnownPictures known;
  known.num_features = model_.network->head()->weight.size(1);
  for (std::int64_t i = 0; i < 3 * known.num_features; ++i)
    known.features.push_back(static_cast<float>((i * 37) % 101) - 20);
  to_unit_length(known.features, static_cast<std::size_t>(known.num_features));
  known.distance = {0.25, 0.125};
  known.energy = {-2.5, 0};
  known.threshold = 1.75;
  known.false_alarm = 0.05;
  known.held_out = 40;
  model_.known = std::make_shared<const KnownPictures>(known);
  model_.set_scores = {0.125F, 0.25F, 0.99F};
  save_model(path(), model_);
  const Model back = load_model(path());
  EXPECT_EQ(back.set_scores, model_.set_scores);
  ASSERT_TRUE(back.known);
  for (std::int64_t row = 0; row < 3; ++row) {
    double cosine = 0;
    for (std::int64_t i = 0; i < known.num_features; ++i) {
      const auto place = static_cast<std::size_t>(row * known.num_features + i);
      cosine += static_cast<double>(known.features[place]) * back.known->features[place];
    }
    EXPECT_NEAR(cosine, 1, 1e-4);  // 8-bit numbers
  }
  known.features = back.known->features;
  EXPECT_EQ(*back.known, known);
}

TEST_F(ModelFile, RefusesDamageInWhatHeldOutPicturesSay) {
  for (const char* text : {"3", "[2]", "[-0.1]", "[0.5, 0.4]", "[\"a\"]", "[1"})
    expect_refused("set_scores", text, "set_scores");
  const std::string numbers =
      R"("distance_mean":0,"distance_deviation":1,"energy_mean":0,"energy_deviation":1,)"
      R"("threshold":1,"false_alarm":0.05,"held_out":9,)";
  for (const std::string& text :
       {std::string("[]"), std::string("{}"), "{" + numbers + R"("num_features":0,"features":"AAAA"})",
        "{" + numbers + R"("num_features":2,"features":"AAAA"})",
        "{" + numbers + R"("num_features":3,"features":"?"})",
        "{" + numbers + R"("num_features":3,"features":"AAAA"})"})
    expect_refused("known", text.c_str(), "known");
}

TEST_F(ModelFile, WritesMetadataForPeople) {
  save_model(path(), model_);
  const auto metadata = read_weights(path()).metadata;
  EXPECT_EQ(metadata.at("format"), "graft-model");
  EXPECT_EQ(
      metadata.at("preprocess"),
      R"({"resize":256,"crop":224,"interpolation":"bicubic","fit":"crop","exif":false,"alpha":"drop","decode":"exact","mean":[0.498,0.498,0.498],"std":[0.502,0.502,0.502]})");
  EXPECT_EQ(metadata.at("training"), R"({"weights":"none"})");
}

TEST_F(ModelFile, StoresTheWholePreprocess) {
  model_.preprocess.fit = Fit::pad;
  model_.preprocess.exif = true;
  model_.preprocess.alpha = "#ffcc00";
  model_.preprocess.decode = DecodeMode::fast;
  save_model(path(), model_);
  EXPECT_EQ(load_model(path()).preprocess, model_.preprocess);
}

// Version 0.1 wrote none of these fields; it cropped, ignored EXIF, dropped alpha and decoded exactly.
TEST_F(ModelFile, MissingPreprocessFieldsAreThoseOfEarlierVersions) {
  save_with(
      "preprocess",
      R"({"resize":256,"crop":224,"interpolation":"bicubic","mean":[0.498,0.498,0.498],"std":[0.502,0.502,0.502]})");
  EXPECT_EQ(load_model(folder_.path() / "changed.safetensors").preprocess, model_.preprocess);
  EXPECT_EQ(model_.preprocess.alpha, "drop");
  EXPECT_FALSE(model_.preprocess.exif);
}

TEST_F(ModelFile, IsNotSavedWithTensorsThatAreNotFinite) {
  const auto expect = [&](const std::string& name, float value, const char* part) {
    for (auto& [each, tensor] : named_tensors(*model_.network)) {
      if (each != name) continue;
      const torch::NoGradGuard no_gradients;
      const float kept = tensor.flatten()[1].item<float>();
      tensor.flatten()[1] = value;
      EXPECT_THAT([&] { save_model(path(), model_); },
                  testing::ThrowsMessage<Error>(testing::AllOf(HasSubstr(name), HasSubstr(part))));
      EXPECT_FALSE(disk().info(path()));
      tensor.flatten()[1] = kept;
    }
  };
  expect("_fc.bias", std::numeric_limits<float>::quiet_NaN(), "not finite");
  expect("_blocks.3._depthwise_conv.weight", std::numeric_limits<float>::infinity(), "not finite");
  expect("_blocks.3._bn1.running_var", -1, "negative variance");
  save_model(path(), model_);
}

TEST_F(ModelFile, IsFoundInARunFolder) {
  save_model(path(), model_);
  EXPECT_EQ(load_model(folder_.path()).classes, model_.classes);
}

TEST_F(ModelFile, ADamagedModelOfARunCannotBeDownloadedAgain) {
  save_model(path(), model_);
  const std::string whole = read_text(path());
  replace_file(path(), whole.substr(0, whole.size() / 2));
  const auto advice = [&] {
    try {
      load_model(path());
    } catch (const Error& error) {
      return error.advice();
    }
    return std::string();
  };
  EXPECT_THAT(advice(), HasSubstr("fetch"));
  folder_.write("config.json", R"({"format":"graft-run"})");
  EXPECT_THAT(advice(), HasSubstr("train the run again"));
}

TEST_F(ModelFile, AFolderWithoutAModelIsAnError) {
  try {
    load_model(folder_.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              folder_.path().string() +
                  ": is a folder without a model.safetensors; give a run folder that holds one, or a file");
  }
  EXPECT_THROW(load_model(path()), Error);
  folder_.write("pytorch_model.bin", "x");
  EXPECT_THAT(
      test::error_of([&] { load_model(folder_.path()); }),
      HasSubstr("no graft model file; name the network: `model` NAME `weights` " + folder_.path().string()));
}

TEST_F(ModelFile, NamesThatAreNotUtf8AreSavedWithReplacements) {
  model_.classes = {"ants", "bees\xFF"};
  save_model(path(), model_);
  EXPECT_EQ(load_model(path()).classes, (std::vector<std::string>{"ants", "bees\xEF\xBF\xBD"}));
}

TEST_F(ModelFile, IsNotSavedWithAnotherNumberOfClasses) {
  model_.classes = {"ants"};
  EXPECT_THROW(save_model(path(), model_), Error);
  EXPECT_FALSE(disk().info(path()));
}

TEST_F(ModelFile, ForeignWeightsAreAnErrorWithAdvice) {
  for (const char* name : {"weights.pth", "weights.safetensors"}) {
    const auto file = folder_.path() / name;
    const StateDict state = state_of(*model_.network);
    if (file.extension() == ".pth") {
      write_pth(file, state.tensors);
    } else {
      write_safetensors(file, state.tensors, {{"format", "pt"}});
    }
    try {
      load_model(file);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.advice(), "name the network: `model` efficientnet_lite0 `weights` " + file.string());
    }
  }
}

TEST_F(ModelFile, RefusesAnotherVersion) {
  expect_refused("format_version", "2", "has model format 2, and this graft reads 1");
  expect_refused("format_version", nullptr, "\"format_version\" is missing");
}

TEST_F(ModelFile, RefusesAnUnknownArchitecture) {
  expect_refused("architecture", "efficientnet_lite9", "is an unknown model");
  expect_refused("architecture", nullptr, "\"architecture\" is missing");
  expect_refused("architecture", "resnet18", "does not fit resnet18");
}

TEST_F(ModelFile, RefusesDamagedClasses) {
  expect_refused("classes", nullptr, "\"classes\" is missing");
  expect_refused("classes", "[\"ants\"", "\"classes\" is not JSON");
  for (const char* text : {"{}", "[]", "7", "null", "[1,2]", "[\"ants\",null]", "\"ants\""})
    expect_refused("classes", text, "\"classes\" is not a list of names");
  expect_refused("classes", "[\"ants\",\"ants\"]", "\"classes\" has \"ants\" twice");
  expect_refused("classes", "[\"ants\",\"bees\",\"wasps\"]", "3 classes for a network of 2 outputs");
}

TEST_F(ModelFile, RefusesDamagedPreprocessing) {
  const auto expect = [&](const char* text, const char* part) { expect_refused("preprocess", text, part); };
  expect("[", "\"preprocess\" is not JSON");
  expect("[]", "\"preprocess\" is not an object");
  expect("{}", "\"preprocess\" has no \"resize\"");
  for (const char* resize : {"0", "-1", "1e3", "\"256\"", "99999999999999999999", "20000", "null"}) {
    const std::string text = std::string("{\"resize\":") + resize + "}";
    expect(text.c_str(), "\"resize\" of \"preprocess\" is not a whole number from 1 to 16384");
  }
  const std::string begin = R"({"resize":256,"crop":224,"interpolation":)";
  expect((begin + R"("nearest"})").c_str(), "neither bilinear nor bicubic");
  expect((begin + "1}").c_str(), "neither bilinear nor bicubic");
  const std::string mean = begin + R"("bilinear","mean":)";
  for (const char* numbers : {"[0,0]", "[0,0,0,0]", "[0,0,\"0\"]", "0", "[0,0,1e39]"})
    expect((mean + numbers + "}").c_str(), "\"mean\" of \"preprocess\" is not three numbers");
  expect((mean + R"([0,0,0],"std":[1,1,0]})").c_str(), "\"std\" of \"preprocess\" is not above 0");
  expect((begin + R"("bilinear","exif":1})").c_str(), "\"exif\" of \"preprocess\" is neither true nor false");
  expect((begin + R"("bilinear","alpha":0})").c_str(), "\"alpha\" of \"preprocess\" is not text");
  expect((begin + R"("bilinear","alpha":"glass","mean":[0,0,0],"std":[1,1,1]})").c_str(),
         "\"glass\" is neither drop nor a colour");
  expect((begin + R"("bilinear","decode":"slow"})").c_str(), "neither exact nor fast");
}

TEST_F(ModelFile, RefusesADamagedRecord) {
  expect_refused("training", "[]", "\"training\" is not an object");
  expect_refused("training", R"({"epoch":3})", "\"training\" has a value that is not text");
}

TEST_F(ModelFile, PretrainedHasTheFilesOwnClasses) {
  const auto file = folder_.path() / "two.pth";
  write_pth(file, state_of(*model_.network).tensors);
  const Model model = pretrained_model("efficientnet_lite0", file.string());
  EXPECT_EQ(model.classes, (std::vector<std::string>{"class 0", "class 1"}));
  EXPECT_EQ(model.preprocess, model_.preprocess);
  EXPECT_EQ(model.training.at("weights"), file.string());
  EXPECT_FALSE(model.network->is_training());
}

TEST_F(ModelFile, PretrainedHasTheSettingsOfAModelFile) {
  model_.task = {LabelKind::multi};
  model_.preprocess.alpha = "white";
  save_model(path(), model_);
  const Model model = pretrained_model("efficientnet_lite0", path().string());
  EXPECT_EQ(model.classes, model_.classes);
  EXPECT_EQ(model.preprocess, model_.preprocess);
  EXPECT_EQ(model.task, model_.task);
  EXPECT_EQ(model.training.at("weights"), path().string());
}

TEST_F(ModelFile, PretrainedHasImageNetsClasses) {
  EXPECT_EQ(pretrained_model("resnet18", "none").classes, imagenet_classes());
}

TEST_F(ModelFile, StoresTheMeaningOfItsOutputs) {
  for (const TaskSpec& task :
       {TaskSpec{LabelKind::single}, {LabelKind::multi}, {LabelKind::number, -2.5, 1e-3}}) {
    model_.task = task;
    save_model(path(), model_);
    EXPECT_EQ(load_model(path()).task, task);
  }
  for (const char* target :
       {"3", "{}", R"({"mean":1})", R"({"mean":1,"scale":0})", R"({"mean":"1","scale":1})",
        R"({"mean":1,"scale":1e308})", R"({"mean":1e300,"scale":1})"})
    expect_refused("target", target, "\"target\"");
  expect_refused("target", nullptr, "\"target\" is missing");
  model_.task = {};
  save_model(path(), model_);
  save_with("labels", nullptr);  // as earlier versions wrote it
  EXPECT_EQ(load_model(folder_.path() / "changed.safetensors").task, TaskSpec{});
  expect_refused("labels", "some", "not single, multi or number");
}

}  // namespace
}  // namespace graft::test
