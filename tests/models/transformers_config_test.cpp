#include "graft/models/transformers_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "graft/models/registry.h"
#include "tests/models/answers.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The tensors of the golden's file, with the formula's values.
StateDict file_of(const nlohmann::json& record) {
  StateDict state;
  for (const std::string line : record.at("tensors")) {
    const std::string name = line.substr(0, line.find(':'));
    std::vector<std::int64_t> shape;
    std::istringstream sizes(line.substr(line.find(':') + 1));
    for (std::string size; std::getline(sizes, size, 'x');) shape.push_back(std::stoll(size));
    const auto values = std::make_shared<const torch::Tensor>(formula_parameter(name, shape));
    state.tensors.push_back({name, view_of(*values)});
    state.owners.push_back(values);
  }
  return state;
}

void expect_close(const torch::Tensor& found, const nlohmann::json& expected, const std::string& what) {
  const auto wanted = torch::tensor(expected.get<std::vector<float>>());
  const torch::Tensor difference = found.flatten().slice(0, 0, wanted.numel()) - wanted;
  EXPECT_LE((difference.norm() / wanted.norm()).item<double>(), 1e-4) << what;
}

class TransformersModels : public ::testing::Test {
 protected:
  std::optional<HubConfig> read(const nlohmann::json& config, const std::string& preprocessor = "") {
    folder_.write("config.json", config.dump());
    if (!preprocessor.empty()) folder_.write("preprocessor_config.json", preprocessor);
    return read_hub_config(folder_.path(), Preprocess{});
  }
  Preprocess preprocess(const std::string& preprocessor) {
    return read({{"model_type", "resnet"}}, preprocessor).value().preprocess.value();
  }

  TemporaryFolder folder_;
};

TEST_F(TransformersModels, ComputeAsTransformers) {
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, record] : hub_golden("transformers").items()) {
    const HubConfig config = read(record.at("config")).value();
    EXPECT_EQ(config.architecture, name);
    const ModelSpec* spec = find_by_stated_name(config.architecture);
    ASSERT_NE(spec, nullptr) << name;
    const auto shape = record.at("eval").at("input").get<std::vector<std::int64_t>>();
    const NetworkPtr network = spec->build({3, Init::none, static_cast<int>(shape[2])});
    fill_with_formula(*network);
    const LoadReport report = load_state(*network, *spec, file_of(record), "model.safetensors");
    network->eval();
    const torch::Tensor images = formula_tensor("images", shape);
    if (record.at("eval").contains("logits")) {
      EXPECT_THAT(config.classes, ElementsAre("ants", "bees", "wasps")) << name;
      EXPECT_FALSE(report.head_replaced) << name;
      expect_close(network->forward(images), record.at("eval").at("logits"), name);
    } else {
      EXPECT_THAT(config.classes, IsEmpty()) << name;
      expect_close(network->features(images), record.at("eval").at("features"), name);
    }
  }
}

TEST_F(TransformersModels, WithAPrefixOfAllNamesAreRead) {
  const nlohmann::json& record = hub_golden("transformers").at("resnet18");
  StateDict state = file_of(record);
  for (NamedTensor& each : state.tensors) each.name = "module." + each.name;
  const ModelSpec& spec = find_model("resnet18");
  const NetworkPtr network = spec.build({3, Init::none});
  EXPECT_FALSE(load_state(*network, spec, state, "model.safetensors").head_replaced);
}

TEST_F(TransformersModels, PredictWithTheClassesAndTheTransformOfTheirFolder) {
  const nlohmann::json& record = hub_golden("transformers").at("resnet18");
  read(record.at("config"),
       R"({"size": {"shortest_edge": 128}, "crop_pct": 0.5, "image_mean": [0.5, 0.5, 0.5]})");
  write_safetensors(folder_.path() / "model.safetensors", file_of(record).tensors, {{"format", "pt"}});
  const Model model = pretrained_model("resnet18", (folder_.path() / "model.safetensors").string());
  EXPECT_THAT(model.classes, ElementsAre("ants", "bees", "wasps"));
  EXPECT_EQ(model.preprocess.resize, 256);
  EXPECT_EQ(model.preprocess.crop, 128);
  EXPECT_EQ(model.preprocess.mean[2], 0.5F);
}

TEST_F(TransformersModels, ClassesThatDoNotFitTheOutputsAreNamed) {
  const nlohmann::json& record = hub_golden("transformers").at("resnet18");
  const auto model_with = [&](const nlohmann::json& labels) {
    nlohmann::json config = record.at("config");
    config["id2label"] = labels;
    read(config, R"({"size": {"shortest_edge": 224}, "crop_pct": 0.875})");
    write_safetensors(folder_.path() / "model.safetensors", file_of(record).tensors, {{"format", "pt"}});
    return pretrained_model("resnet18", (folder_.path() / "model.safetensors").string());
  };
  const std::string config = (folder_.path() / "config.json").string();
  const Model few = model_with({{"0", "cat"}, {"1", "dog"}}),
              alike = model_with({{"0", "a"}, {"1", "a"}, {"2", "b"}}),
              gap = model_with({{"0", "a"}, {"2", "b"}, {"3", "c"}});
  EXPECT_THAT(few.notes, ElementsAre(config + " names 2 classes for 3 outputs, so its names are not used"));
  EXPECT_THAT(alike.notes,
              ElementsAre(config + " names 3 classes for 3 outputs, some alike, so its names are not used"));
  EXPECT_THAT(gap.notes,
              ElementsAre(config + " does not give one text for each output in \"id2label\", so its "
                                   "names are not used"));
  for (const Model* model : {&few, &alike, &gap})
    EXPECT_THAT(model->classes, ElementsAre("class 0", "class 1", "class 2"));
  EXPECT_THAT(model_with({{"0", "LABEL_0"}, {"1", "LABEL_1"}, {"2", "LABEL_2"}}).notes, IsEmpty());
}

TEST_F(TransformersModels, StateTheTransformOfEvaluation) {
  const Preprocess squashed = preprocess(R"({"size": {"height": 224, "width": 224}, "resample": 2})");
  EXPECT_EQ(squashed.fit, Fit::squash);
  EXPECT_EQ(squashed.crop, 224);
  EXPECT_EQ(squashed.interpolation, Interpolation::bilinear);
  EXPECT_EQ(preprocess(R"({"size": 384, "image_std": [1, 1, 1]})").crop, 384);  // of earlier versions
  const Preprocess cropped = preprocess(R"({"size": {"shortest_edge": 256}, "crop_size": {"height": 224,
      "width": 224}, "do_center_crop": true, "resample": 3})");
  EXPECT_EQ(cropped.fit, Fit::crop);
  EXPECT_EQ(cropped.resize, 256);
  EXPECT_EQ(cropped.crop, 224);
  EXPECT_EQ(cropped.interpolation, Interpolation::bicubic);
  const Preprocess large = preprocess(R"({"size": {"shortest_edge": 384}, "crop_pct": 0.875})");
  EXPECT_EQ(large.fit, Fit::squash);  // as ConvNeXT's processor
  EXPECT_EQ(large.resize, 384);
}

// (value · rescale_factor − image_mean) / image_std, from values of 0 to 255.
TEST_F(TransformersModels, StateTheirRescalingAndNormalisation) {
  const auto values_of = [&](const std::string& steps) {
    const Preprocess read = preprocess(
        R"({"size": 224, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25])" + steps + "}");
    return std::pair(read.mean[1], read.std[1]);
  };
  EXPECT_EQ(values_of(""), std::pair(0.5F, 0.25F));
  EXPECT_EQ(values_of(R"(, "do_rescale": true, "rescale_factor": 0.00392156862745098)"),
            std::pair(0.5F, 0.25F));
  EXPECT_EQ(values_of(R"(, "do_normalize": false)"), std::pair(0.0F, 1.0F));
  EXPECT_EQ(values_of(R"(, "rescale_factor": 0.00784313725490196)"), std::pair(0.25F, 0.125F));
  EXPECT_EQ(values_of(R"(, "do_rescale": false)"), std::pair(0.5F / 255, 0.25F / 255));
}

// BitImageProcessor of earlier versions.
TEST_F(TransformersModels, ANumberIsTheShorterSideOfAPictureThatIsCropped) {
  const Preprocess read = preprocess(R"({"size": 256, "crop_size": 224, "do_center_crop": true})");
  EXPECT_EQ(read.fit, Fit::crop);
  EXPECT_EQ(read.resize, 256);
  EXPECT_EQ(read.crop, 224);
}

TEST_F(TransformersModels, StateWhatTheirOutputsMean) {
  EXPECT_FALSE(read({{"model_type", "resnet"}}).value().labels);
  for (const auto& [text, labels] : {std::pair("single_label_classification", LabelKind::single),
                                     {"multi_label_classification", LabelKind::multi},
                                     {"regression", LabelKind::number}})
    EXPECT_EQ(read({{"model_type", "resnet"}, {"problem_type", text}}).value().labels, labels);
}

TEST_F(TransformersModels, ATransformThatIsNotSupportedIsNamedAndNotUsed) {
  for (const auto& [json, what] :
       {std::pair(R"({"size": {"height": 224, "width": 192}})", "not square"),
        std::pair(R"({"size": {"height": 256, "width": 256}, "do_center_crop": true, "crop_size": 224})",
                  "a crop of squashed pictures"),
        std::pair(R"({"size": {"shortest_edge": 224}})", "not cropped"),
        std::pair(R"({"size": 224, "resample": 0})", "the interpolation nearest"),
        std::pair(R"({"size": 224, "resample": 1.5})", "the interpolation 1.5"),
        std::pair(R"({"size": 224, "do_resize": false})", "pictures that are not resized"),
        std::pair(R"({"size": 224, "rescale_offset": true})", "a rescale_offset"),
        std::pair(R"({"size": 224, "do_grayscale": true})", "the step do_grayscale")}) {
    const HubConfig config = read({{"model_type", "resnet"}}, json).value();
    EXPECT_FALSE(config.preprocess) << json;
    EXPECT_THAT(config.notes, ElementsAre(HasSubstr(what))) << json;
  }
}

TEST_F(TransformersModels, InvalidValuesAreErrorsThatNameThem) {
  for (const char* json :
       {R"({"size": "x"})", R"({"size": {"shortest_edge": 0}})", R"({"size": {"height": 1e9}})",
        R"({"size": {}})", R"({"size": 224, "crop_pct": 0})", R"({"size": 224, "image_std": [0, 0, 0]})"})
    EXPECT_THAT(error_of([&] { preprocess(json); }), HasSubstr("preprocessor_config.json")) << json;
  for (const char* json :
       {R"({"model_type": "vit", "hidden_size": "x"})", R"({"model_type": "vit", "hidden_size": -1})",
        R"({"model_type": "convnext", "depths": [3, "x"]})", R"({"model_type": "swin", "depths": 3})"})
    EXPECT_THAT(error_of([&] { read(nlohmann::json::parse(json)); }), HasSubstr("config.json: its \""))
        << json;
}

TEST_F(TransformersModels, OfOtherNetworksAreRefusedByTheValueThatDiffers) {
  for (const auto& [json, what] :
       {std::pair(R"({"model_type": "bert"})", "\"model_type\" \"bert\""),
        std::pair(R"({"model_type": "vit", "hidden_size": 100})", "\"hidden_size\" 100"),
        std::pair(R"({"model_type": "vit", "num_hidden_layers": 13})", "\"num_hidden_layers\" 13"),
        std::pair(R"({"model_type": "vit", "hidden_act": "relu"})", "\"hidden_act\" \"relu\""),
        std::pair(R"({"model_type": "vit", "patch_size": 17})", "\"patch_size\" 17"),
        std::pair(R"({"model_type": "dinov2", "use_swiglu_ffn": true})", "\"use_swiglu_ffn\" true"),
        std::pair(R"({"model_type": "resnet", "depths": [1, 1, 1, 1]})", "\"depths\" [1,1,1,1]"),
        std::pair(R"({"model_type": "resnet", "num_channels": 1})", "\"num_channels\" 1"),
        std::pair(R"({"model_type": "convnext", "hidden_sizes": [96, 96, 96, 96]})", "\"hidden_sizes\"")})
    EXPECT_THAT(error_of([&] { read(nlohmann::json::parse(json)); }),
                ::testing::AllOf(HasSubstr(what), HasSubstr("a network that graft does not have")))
        << json;
}

}  // namespace
}  // namespace graft::test
